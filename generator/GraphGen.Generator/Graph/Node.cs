using System.Collections.Immutable;

namespace GraphGen.Generator.Graph;

/// <summary>
/// A value of the graph: an operation, its operands and the shape it has. Immutable; <see cref="GraphBuilder"/> makes
/// equal nodes one, so that reference equality is value equality.
/// </summary>
public sealed class Node
{
    internal Node(int id, Op op, ImmutableArray<Node> inputs, Shape shape)
    {
        Id = id;
        Op = op;
        Inputs = inputs;
        Shape = shape;
        Type = op.TypeOf(inputs);
    }

    /// <summary>Its number in order of creation: operands come before their users.</summary>
    public int Id { get; }

    public Op Op { get; }

    public ImmutableArray<Node> Inputs { get; }

    public Shape Shape { get; }

    /// <summary>The type of its elements.</summary>
    public DataType Type { get; }

    /// <summary>What the user called it, or a name made from that (<c>Fc1</c>, <c>Fc1Gradient</c>): how generated code names its memory.</summary>
    public string? Name { get; set; }

    /// <summary>The user's expression it came from, as an index into the model's positions, or -1.</summary>
    public int Position { get; set; } = -1;

    /// <summary>The value that holds the same elements in the same order: reshapes change none.</summary>
    internal Node BehindReshapes
    {
        get
        {
            Node node = this;
            while (node.Op is Op.Reshape)
            {
                node = node.Inputs[0];
            }

            return node;
        }
    }

    public override string ToString() => $"%{Id} {Op} {Shape}";

    /// <summary>
    /// All nodes that <paramref name="roots"/> need, operands before users, in order of creation. Those where
    /// <paramref name="until"/> holds are not looked behind.
    /// </summary>
    public static List<Node> Reachable(IEnumerable<Node> roots, Func<Node, bool>? until = null)
    {
        HashSet<Node> seen = [];
        Stack<Node> open = new(roots);
        while (open.Count > 0)
        {
            Node node = open.Pop();
            if (seen.Add(node) && until?.Invoke(node) != true)
            {
                foreach (Node input in node.Inputs)
                {
                    open.Push(input);
                }
            }
        }

        return [.. seen.OrderBy(node => node.Id)];
    }
}
