using GraphGen.Generator.Autodiff;
using GraphGen.Generator.Compile;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Tests.Compiler.Interpreter;

namespace GraphGen.Generator.Tests.Compiler.Losses;

/// <summary>Every loss and function of losses says what PyTorch says: as it is composed, by the interpreter, and as generated code.</summary>
public sealed class LossGoldenTests
{
    private const double ValueTolerance = 1e-5;
    private const double GradientTolerance = 1e-4;
    private const double Step = 1e-4;
    private const double DifferenceTolerance = 1e-5;

    /// <summary>Cases in one compilation: Roslyn takes longer to begin than to compile a few.</summary>
    private const int Together = 40;

    public static TheoryData<string> Names => [.. LossCase.All.Select(@case => @case.Name)];

    public static TheoryData<int> Compilations => [.. Enumerable.Range(0, (LossCase.All.Length + Together - 1) / Together)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Compositions_have_PyTorchs_values_and_gradients(string name)
    {
        LossCase @case = LossCase.All.Single(each => each.Name == name);
        TypedModel model = ModelEvaluation.Type(@case.Source("Net"));
        Bindings bindings = BindingsOf(@case);
        Near.Assert("value", [@case.Value], new GraphInterpreter(bindings).Evaluate(model.Loss!.Value), ValueTolerance, floor: 1e-2);
        Node[] sources = [.. @case.Arguments.Select((argument, i) => i == 0 ? model.Loss.Outputs[0] : model.Loss.Inputs[i - 1])];
        Dictionary<Node, Node> gradients = ReverseMode.Differentiate(model.Graph, [(model.Loss.Value, model.Graph.Constant(1, Shape.Scalar))], sources);
        for (int i = 0; i < sources.Length; i++)
        {
            if (@case.Arguments[i] is { Gradient: { } expected, Values: var values } argument)
            {
                double[] actual = gradients.TryGetValue(sources[i], out Node? gradient) ? new GraphInterpreter(bindings).Evaluate(gradient) : new double[values.Length];
                Near.Assert($"gradient by {argument.Name}", expected, actual, GradientTolerance, floor: 1e-2);

                // A function that jumps or has a corner within the step has no difference to compare with.
                if (argument.IsDerivative && IsSmooth(values, out double[] differences))
                {
                    Near.Assert($"difference by {argument.Name}", differences, actual, DifferenceTolerance, floor: 1);
                }
            }

            bool IsSmooth(double[] moved, out double[] differences)
            {
                differences = [.. moved.Select((_, element) => Difference(moved, element, Step))];
                double[] finer = [.. moved.Select((_, element) => Difference(moved, element, Step / 4))];
                return Near.Difference("", differences, finer, DifferenceTolerance / 10, floor: 1) is null;
            }
        }

        double Difference(double[] values, int i, double step)
        {
            double x = values[i];
            double above = At(x + step);
            double below = At(x - step);
            values[i] = x;
            return (above - below) / (2 * step);

            double At(double moved)
            {
                values[i] = moved;
                return new GraphInterpreter(bindings).Evaluate(model.Loss.Value)[0];
            }
        }
    }

    [Theory]
    [MemberData(nameof(Compilations))]
    public void Generated_code_has_PyTorchs_values_and_gradients(int compilation)
    {
        LossCase[] cases = [.. LossCase.All.Skip(compilation * Together).Take(Together)];
        CompiledLosses compiled = CompiledLosses.Compile(cases);
        string[] failures =
        [
            .. cases.SelectMany((@case, i) =>
            {
                (float value, float[] gradient) = compiled.Run(i);
                return new[]
                {
                    Near.Difference($"value of {@case.Name}", [@case.Value], [value], ValueTolerance, floor: 0.1),
                    @case.Arguments[0].Gradient is { } expected
                        ? Near.Difference($"gradient of {@case.Name}", expected, [.. gradient.Select(element => (double)element)], GradientTolerance, floor: 1e-2)
                        : null,
                };
            }).OfType<string>(),
        ];
        Assert.Equal([], failures);
    }

    private static Bindings BindingsOf(LossCase @case)
    {
        Dictionary<string, double[]> inputs = @case.Arguments.Skip(1).ToDictionary(argument => argument.Name, argument => argument.Values);
        if (@case.Labels is { } labels)
        {
            inputs.Add("labels", [.. labels.Values.Select(label => (double)label)]);
        }

        return new Bindings { Samples = @case.Samples, Inputs = inputs, ForwardOutputs = [@case.Arguments[0].Values] };
    }
}
