using GraphGen.Generator.Compile;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Operations;

namespace GraphGen.Generator.Plan;

/// <summary>The members of the generated struct <c>Pass</c> that both arenas share: parameters, their gradients, and what the caller gives.</summary>
internal sealed class PassFields
{
    private readonly Dictionary<string, string> _inputs = [];

    public PassFields(TypedModel model)
    {
        Parameters = model.Parameters;
        Inputs = [.. model.Inputs, .. model.Loss?.Inputs ?? []];
        Names = new([.. Identifiers.PassMembers, .. Parameters.SelectMany(parameter => new[] { parameter.Identifier, parameter.Identifier + "Gradient" })]);
        foreach (Op.Input input in Inputs.Select(node => node.Op).Cast<Op.Input>())
        {
            _inputs.Add(input.Name, Names.Unique(Identifiers.Pascal(input.Name) + "Input"));
        }
    }

    public IReadOnlyList<ParameterInfo> Parameters { get; }

    /// <summary>The arguments of the forward and loss methods.</summary>
    public IReadOnlyList<Node> Inputs { get; }

    /// <summary>What is taken in the struct.</summary>
    public Names Names { get; }

    /// <summary>The pointer to what the caller gives: <c>XInput</c>.</summary>
    public string Input(Op.Input input) => _inputs[input.Name];
}
