using GraphGen.Generator.Autodiff;
using GraphGen.Generator.Compile;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Tests.Compiler.Interpreter;

namespace GraphGen.Generator.Tests.Compiler.Gradients;

/// <summary>The gradients of every operation, by inputs and parameters, against central differences in double precision.</summary>
public sealed class FiniteDifferenceTests
{
    private const double Step = 1e-4;
    private const double Tolerance = 1e-6;

    public static TheoryData<string> Names => [.. GradientCases.All.Select(@case => @case.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_are_the_limits_of_differences(string name)
    {
        GradientCase @case = GradientCases.All.Single(each => each.Name == name);
        TypedModel model = ModelEvaluation.Type(@case.Source);
        Bindings bindings = CaseBindings.Of(@case, model, samples: 2);
        if (model.Loss is { } loss)
        {
            bindings = bindings with { ForwardOutputs = [.. model.Outputs.Select(output => new GraphInterpreter(bindings).Evaluate(output.Training))] };
            Check(model, [(loss.Value, model.Graph.Constant(1, Shape.Scalar))], [.. loss.Outputs, .. Floats(loss.Inputs)], bindings);
        }

        Check(model, ModelEvaluation.Seeded(model), Floats(model.Inputs), bindings);
    }

    private static void Check(TypedModel model, IReadOnlyCollection<(Node Output, Node Seed)> outputs, IReadOnlyList<Node> inputs, Bindings bindings)
    {
        GraphBuilder graph = model.Graph;
        Node[] sources = [.. inputs, .. model.Parameters.Select((parameter, index) => graph.Add(new Op.Parameter(index), parameter.Shape))];
        Dictionary<Node, Node> gradients = ReverseMode.Differentiate(graph, outputs, sources);
        (Node Output, double[] Weights)[] weighted = [.. outputs.Select(pair => (pair.Output, new GraphInterpreter(bindings).Evaluate(pair.Seed)))];
        foreach (Node source in sources)
        {
            double[] values = new GraphInterpreter(bindings).Evaluate(source);
            double[] actual = gradients.TryGetValue(source, out Node? gradient) ? new GraphInterpreter(bindings).Evaluate(gradient) : new double[values.Length];
            double[] expected = [.. values.Select((_, i) => Difference(values, i))];
            Near.Assert($"the gradient by {source.Name ?? source.Op.ToString()}", expected, actual, Tolerance, floor: 1);
        }

        // (8 (f(x+h) - f(x-h)) - (f(x+2h) - f(x-2h))) / 12h: its error falls with the fourth power of h.
        double Difference(double[] values, int i)
        {
            double x = values[i];
            double near = At(x + Step) - At(x - Step);
            double far = At(x + (2 * Step)) - At(x - (2 * Step));
            values[i] = x;
            return ((8 * near) - far) / (12 * Step);

            double At(double moved)
            {
                values[i] = moved;
                return weighted.Sum(pair => new GraphInterpreter(bindings).Evaluate(pair.Output).Zip(pair.Weights, (y, weight) => y * weight).Sum());
            }
        }
    }

    private static List<Node> Floats(IEnumerable<Node> inputs) => [.. inputs.Where(input => input.Type == DataType.Float)];
}
