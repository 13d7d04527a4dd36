using GraphGen.Generator.Compile;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Tests.Compiler.Interpreter;

namespace GraphGen.Generator.Tests.Compiler.Gradients;

/// <summary>Values for a case: no two are equal and none is zero, so that finite steps cross no kink of the first operation.</summary>
internal static class CaseBindings
{
    public static Bindings Of(GradientCase @case, TypedModel model, int samples, Func<int, int, double>? uniform = null)
    {
        Node[] given = [.. model.Inputs.Concat(model.Loss?.Inputs ?? [])];
        int Length(Shape shape) => shape.ElementsPerSample * (shape.IsPerSample ? samples : 1);
        bool IsInteger(Node input) => input.Type == DataType.Int32;
        int total = given.Where(input => !IsInteger(input)).Sum(input => Length(input.Shape)) + model.Parameters.Sum(parameter => parameter.Length) + model.Outputs.Sum(output => Length(output.Shape));

        double[] grid = Grid(@case.Range, total + (total % 2));
        int used = 0;
        double[] Draw(Shape shape) => grid[used..(used += Length(shape))];
        return new Bindings
        {
            Samples = samples,
            Inputs = given.ToDictionary(
                input => ((Op.Input)input.Op).Name,
                input => IsInteger(input) ? [.. Enumerable.Range(0, Length(input.Shape)).Select(i => (double)@case.Labels[i % @case.Labels.Length])] : Draw(input.Shape)),
            Parameters = [.. model.Parameters.Select(parameter => Draw(parameter.Shape))],
            OutputGradients = [.. model.Outputs.Select(output => Draw(output.Shape))],
            Uniform = uniform ?? ((draw, i) => ((draw * 0.381966) + (i * 0.618034)) % 1),
        };
    }

    /// <summary>Evenly spaced values in random order; with an even number of them and a symmetric range, none is zero.</summary>
    private static double[] Grid((double Low, double High) range, int count)
    {
        double[] grid = [.. Enumerable.Range(0, count).Select(k => range.Low + ((range.High - range.Low) * (k + 0.5) / count))];
        new Random(count).Shuffle(grid);
        return grid;
    }
}
