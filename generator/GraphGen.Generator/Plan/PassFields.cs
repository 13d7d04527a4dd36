using GraphGen.Generator.Compile;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Operations;

namespace GraphGen.Generator.Plan;

/// <summary>How generated code names what both arenas share: parameters, their gradients, what the caller gives, outputs and losses.</summary>
internal sealed class PassFields
{
    /// <summary>The pointer to the loss.</summary>
    public const string Loss = "Loss";

    /// <summary>The pointer to the losses of the samples.</summary>
    public const string LossValues = "LossValues";

    /// <summary>The pointer to the gradient of an unreduced loss.</summary>
    public const string LossGradient = "LossGradient";

    private readonly Dictionary<string, string> _inputs = [];
    private readonly List<(string Value, string Gradient)> _outputs = [];

    public PassFields(TypedModel model)
    {
        Parameters = model.Parameters;
        Inputs = [.. model.Inputs, .. model.Loss?.Inputs ?? []];
        Names = new([.. Identifiers.PassMembers, .. Parameters.SelectMany(parameter => new[] { parameter.Identifier, parameter.Identifier + "Gradient" })]);
        foreach (Op.Input input in Inputs.Select(node => node.Op).Cast<Op.Input>())
        {
            _inputs.Add(input.Name, Names.Unique(Identifiers.Pascal(input.Name) + "Input"));
        }

        foreach (TypedOutput output in model.Outputs)
        {
            string name = (output.Name is { } given ? Identifiers.Pascal(given) : "") + "Output";
            _outputs.Add((Names.Unique(name), Names.Unique(name + "Gradient")));
        }
    }

    public IReadOnlyList<ParameterInfo> Parameters { get; }

    /// <summary>The arguments of the forward and loss methods.</summary>
    public IReadOnlyList<Node> Inputs { get; }

    /// <summary>What is taken.</summary>
    public Names Names { get; }

    /// <summary>The pointer to what the caller gives: <c>XInput</c>.</summary>
    public string Input(Op.Input input) => _inputs[input.Name];

    /// <summary>The pointer to an output of the forward pass: <c>Output</c>, or <c>MeanOutput</c>.</summary>
    public string Output(int index) => _outputs[index].Value;

    /// <summary>The pointer to the gradient of an output: <c>OutputGradient</c>, or <c>MeanOutputGradient</c>.</summary>
    public string OutputGradient(int index) => _outputs[index].Gradient;
}
