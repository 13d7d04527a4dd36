using System.Globalization;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>One call while it is being turned into primitives: its operands by name, the graph to add to, and how to refuse it.</summary>
internal sealed class OperationContext(GraphBuilder graph, ParameterTable parameters, Call call, IReadOnlyList<Node> values, bool training)
{
    public GraphBuilder Graph { get; } = graph;

    public ParameterTable Parameters { get; } = parameters;

    public Call Call { get; } = call;

    /// <summary>Whether this is the training pass: dropout drops only there.</summary>
    public bool Training { get; } = training;

    /// <summary>What messages call the operation: the layer's name where there is one.</summary>
    public string Title => Call.Layer is { } layer && layer != Call.Operation ? $"{layer} ({Call.Operation})" : Call.Operation;

    public Node Tensor(string name) => values[((Operand.Value)Find(name)).Index];

    public Node? OptionalTensor(string name) => Find(name) is Operand.Value value ? values[value.Index] : null;

    /// <summary>A list of tensors, of which there is one at least.</summary>
    public IReadOnlyList<Node> Tensors(string name) => Find(name) is Operand.Values { Indexes: { Count: > 0 } indexes }
        ? [.. indexes.Select(index => values[index])]
        : throw RefuseOption(name, "there is no tensor in it");

    /// <summary>A tensor, or a number that stands for a tensor of one element.</summary>
    public Node TensorOrNumber(string name) => Find(name) switch
    {
        Operand.Value value => values[value.Index],
        Operand.Number number => Graph.Constant((float)number.Constant, Shape.Scalar),
        var other => throw new InvalidOperationException($"{Call.Operation}.{name} is {other}."),
    };

    public double Number(string name) => ((Operand.Number)Find(name)).Constant;

    public int Integer(string name) => (int)Number(name);

    public bool Boolean(string name) => Number(name) != 0;

    public string Text(string name) => ((Operand.Text)Find(name)).Constant;

    public EquatableArray<float>? OptionalNumbers(string name) =>
        Find(name) is Operand.Numbers numbers ? numbers.Constants.Select(number => (float)number).ToEquatableArray() : null;

    /// <summary>The positions of an axis, or the one position of it, that are given as its index; <see langword="null"/> where there is no index for it.</summary>
    public Operand? Index(int axis) => Find(NameOfIndex(axis)) is var index && index is Operand.None ? null : index;

    public bool Has(string name) => Call.Operands.Any(operand => operand.Name == name && operand.Operand is not Operand.None);

    /// <summary>The axes given as <c>dim</c> or <c>dims</c>; all of them where neither is.</summary>
    public int[] Axes(Node input)
    {
        if (Has("dims"))
        {
            int[] axes = [.. Integers("dims").Select(axis => Axis(axis, input))];
            return axes.Distinct().Count() == axes.Length
                ? axes
                : throw Refuse("GG1005", $"[{string.Join(", ", Integers("dims"))}] names an axis of {input.Shape} twice");
        }

        return Has("dim") ? [Axis(Integer("dim"), input)] : [.. Enumerable.Range(0, input.Shape.Rank)];
    }

    public IReadOnlyList<int> Integers(string name) => ((Operand.Integers)Find(name)).Constants;

    /// <summary>An axis that may count from the end, checked.</summary>
    public int Axis(int axis, Node input)
    {
        int rank = input.Shape.Rank;
        if (axis < -rank || axis >= rank)
        {
            throw Refuse("GG1005", $"axis {axis} is not an axis of {input.Shape}, which has {rank}");
        }

        return axis < 0 ? axis + rank : axis;
    }

    /// <summary>Refuses the batch as an axis that is taken apart or made longer.</summary>
    public void RequireConstant(int axis, Node input)
    {
        if (input.Shape[axis].PerSample)
        {
            throw Refuse("GG1010", $"axis {axis} of {input.Shape} is the batch, whose size is known only at run time");
        }
    }

    public void RequireRank(Node input, int rank, string meaning)
    {
        if (input.Shape.Rank != rank)
        {
            throw Refuse("GG1004", $"expects {meaning} but was given {input.Shape}");
        }
    }

    /// <summary>A number that must be at least a minimum.</summary>
    public int AtLeast(string name, int minimum)
    {
        NotBelow(name, minimum);
        return Integer(name);
    }

    /// <summary>A number that must lie above a bound.</summary>
    public float Above(string name, double bound)
    {
        double value = Number(name);
        return value > bound ? (float)value : throw RefuseOption(name, $"{name} must be greater than {Written(bound)} but is {Written(value)}");
    }

    /// <summary>A number that must not lie below a bound.</summary>
    public float NotBelow(string name, double bound)
    {
        double value = Number(name);
        return value >= bound ? (float)value : throw RefuseOption(name, $"{name} must be at least {Written(bound)} but is {Written(value)}");
    }

    /// <summary>A number that must lie between bounds, or be one of them.</summary>
    public float Between(string name, double low, double high)
    {
        double value = Number(name);
        return value >= low && value <= high ? (float)value : throw RefuseOption(name, $"{name} must be in [{Written(low)}, {Written(high)}] but is {Written(value)}");
    }

    /// <summary>Notes that an argument holds classes, so that they are checked before anything is computed.</summary>
    public void RequireLabels(Node labels, int classes, int ignoreIndex, string meaning)
    {
        Node given = labels;
        while (given.Op.IsView)
        {
            given = given.Inputs[0];
        }

        if (given.Op is Op.Input input)
        {
            Parameters.Labels.Add(new LabelRange(input.Name, labels, classes, ignoreIndex, meaning));
        }
    }

    /// <summary>Notes that an argument holds probabilities, so that they are checked before anything is computed.</summary>
    public void RequireProbabilities(Node values)
    {
        if (values.Op is Op.Input input)
        {
            Parameters.Probabilities.Add(input.Name);
        }
    }

    /// <summary>The error that names this operation, at the user's expression.</summary>
    public CompileException Refuse(string id, string sentence) => new(id, Call.Position, Title, sentence);

    /// <summary>The error that names this operation, at a place of its own.</summary>
    public CompileException RefuseAt(int position, string id, string sentence) => new(id, position, Title, sentence);

    /// <summary>The error of an option's value, where the value stands.</summary>
    public CompileException RefuseOption(string name, string sentence) => RefuseOperand(name, "GG1011", sentence);

    /// <summary>The error of an operand, where it stands; of one that is left out at the attribute of the layer, or the call.</summary>
    public CompileException RefuseOperand(string name, string id, string sentence)
    {
        int written = Call.Operands.FirstOrDefault(operand => operand.Name == name)?.Position ?? -1;
        int position = written >= 0 ? written : Call.Layer is { } layer ? Parameters.AttributePosition(layer) : Call.Position;
        return RefuseAt(position, id, sentence);
    }

    /// <summary>The error of an axis's index, where it stands.</summary>
    public CompileException RefuseIndex(int axis, string id, string sentence) => RefuseOperand(NameOfIndex(axis), id, sentence);

    /// <summary>The error of one tensor of a list, where it stands; of one that is not written by itself at the list.</summary>
    public CompileException RefuseElement(string name, int index, string id, string sentence)
    {
        int position = ((Operand.Values)Find(name)).Positions[index];
        return position >= 0 ? RefuseAt(position, id, sentence) : RefuseOperand(name, id, sentence);
    }

    /// <summary>The error of a result, or of a step towards it, that the compiler cannot hold.</summary>
    public CompileException Refuse(ShapeException exception)
    {
        string operands = string.Join(" and ", Call.Values.Select(value => values[value].Shape));
        return exception.Shape.HasBatchOnlyInFront
            ? Refuse("GG1011", $"from {operands} it would make {exception.Shape}, and a tensor has at most {Shape.MaximumElements} elements (a sample, where it has a batch)")
            : Refuse("GG1010", $"from {operands} it would make {exception.Shape}, and only the first dimension can be the batch");
    }

    /// <summary>A warning that names this operation, at the user's expression.</summary>
    public void Warn(string id, string sentence) => Parameters.Warnings.Add(Refuse(id, sentence).Error);

    private static string NameOfIndex(int axis) => axis.ToString(CultureInfo.InvariantCulture);

    private static string Written(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private Operand Find(string name) =>
        Call.Operands.FirstOrDefault(operand => operand.Name == name)?.Operand ?? new Operand.None();
}

/// <summary>What the labels of one argument may be: [0, classes), or the ignored index; <see cref="int.MinValue"/> where there is none.</summary>
/// <param name="Argument">The argument.</param>
/// <param name="Labels">The labels: the argument, or a part of it.</param>
/// <param name="Classes">How many classes there are.</param>
/// <param name="IgnoreIndex">The ignored index.</param>
/// <param name="Meaning">What the ignored index says: what stands after it in the argument's documentation.</param>
internal sealed record LabelRange(string Argument, Node Labels, int Classes, int IgnoreIndex, string Meaning)
{
    /// <summary>Whether they are all of the argument.</summary>
    public bool AreWhole => Labels.BehindReshapes.Op is Op.Input;
}

/// <summary>
/// A model's layers and what its operations leave behind: its parameters, in the order of the layers' declarations, how often they
/// drew random numbers, which arguments hold classes and probabilities, and warnings.
/// </summary>
internal sealed class ParameterTable(IEnumerable<LayerDefinition> layers)
{
    /// <summary>Parameters start at multiples of this many floats: a cache line.</summary>
    private const int Alignment = 16;

    private readonly Dictionary<string, int> _attributePositions = layers.ToDictionary(layer => layer.Name, layer => layer.AttributePosition);
    private readonly Dictionary<string, int> _indexes = [];
    private readonly List<ParameterInfo> _parameters = [];
    private readonly Names _identifiers = new(Identifiers.PassMembers);
    private int _draws;

    public IReadOnlyList<ParameterInfo> Parameters => _parameters;

    /// <summary>What is legal but hardly meant. The same expression may be found so more than once.</summary>
    public HashSet<CompileError> Warnings { get; } = [];

    /// <summary>The arguments that hold classes.</summary>
    public HashSet<LabelRange> Labels { get; } = [];

    /// <summary>The arguments that hold probabilities.</summary>
    public HashSet<string> Probabilities { get; } = [];

    /// <summary>Where a layer's attribute stands.</summary>
    public int AttributePosition(string layer) => _attributePositions[layer];

    /// <summary>The number of the next draw of random numbers: the masks of a training step are told apart by it, those before it unchanged by what follows.</summary>
    public int NextDraw() => _draws++;

    /// <summary>The parameter of that name, made at first use; a layer that is called twice shares it.</summary>
    public Node GetOrAdd(OperationContext context, string name, string identifier, Shape shape, ParameterInitializer initializer, float bound = 0)
    {
        if (!_indexes.TryGetValue(name, out int index))
        {
            if (!shape.IsCountable)
            {
                throw context.Refuse("GG1011", $"{name} would be {shape}, and a tensor has at most {Shape.MaximumElements} elements");
            }

            if (RoundUp(End + shape.Elements.Size) > Shape.MaximumElements)
            {
                throw context.Refuse("GG1011", $"with {name} {shape} the model would have more than {Shape.MaximumElements} parameters, the most that it can have");
            }

            return Declare(context.Graph, new ParameterInfo(name, identifier, shape, initializer, bound, 0));
        }

        return _parameters[index].Shape == shape
            ? At(context.Graph, index)
            : throw context.Refuse("GG1003", $"is used with two input sizes: {name} would be both {_parameters[index].Shape} and {shape}");
    }

    /// <summary>The parameter of that name; <see langword="null"/> where there is none yet.</summary>
    public Node? Find(GraphBuilder graph, string name) => _indexes.TryGetValue(name, out int index) ? At(graph, index) : null;

    /// <summary>All parameters there are.</summary>
    public IEnumerable<Node> All(GraphBuilder graph) => Enumerable.Range(0, _parameters.Count).Select(index => At(graph, index));

    /// <summary>Gives a parameter the next place in the block.</summary>
    public Node Declare(GraphBuilder graph, ParameterInfo parameter)
    {
        _indexes.Add(parameter.Name, _parameters.Count);
        ParameterInfo placed = parameter with
        {
            Identifier = _identifiers.Unique(parameter.Identifier, "", "Gradient"),
            Offset = (int)End,
        };
        _parameters.Add(placed);
        Node node = graph.Add(new Op.Parameter(_parameters.Count - 1), parameter.Shape);
        node.Name = placed.Identifier;
        return node;
    }

    private Node At(GraphBuilder graph, int index) => graph.Add(new Op.Parameter(index), _parameters[index].Shape);

    /// <summary>Where the next parameter would start.</summary>
    private long End => _parameters.LastOrDefault() is { } last ? RoundUp(last.Offset + (long)last.Length) : 0;

    private static long RoundUp(long length) => (length + Alignment - 1) / Alignment * Alignment;
}
