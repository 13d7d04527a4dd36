using GraphGen.Generator.Graph;
using GraphGen.Generator.Lower;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Tests.Compiler.Interpreter;

/// <summary>
/// How far rounding can move each value, to first order and in units of a float's relative rounding: an operation passes the
/// errors of its operands on by its derivatives, and adds its own. So where large terms cancel, the error is theirs, not that of the little
/// that is left. Sums of k terms add the square root of k roundings of their terms' size.
/// </summary>
internal sealed class RoundingErrors(GraphInterpreter interpreter)
{
    /// <summary>The relative error of a float that was rounded.</summary>
    public const double Unit = 1.0 / (1 << 24);

    /// <summary>Roundings of SimdMath's functions, which are accurate to two or three of them.</summary>
    private const double OfFunction = 3;

    /// <summary>Numbers that are floats, by which it shows whether a function's results are.</summary>
    private static readonly float[] Samples = [0.3f, 0.71f, 1.9f, 2.6f];

    private readonly Dictionary<Node, double[]> _errors = [];

    /// <summary>The errors of the model's outputs, where they are given; empty where they are exact.</summary>
    public IReadOnlyList<double[]> OfOutputs { get; init; } = [];

    /// <summary>The errors of the gradients of the outputs likewise.</summary>
    public IReadOnlyList<double[]> OfOutputGradients { get; init; } = [];

    /// <summary>The errors of a value's elements.</summary>
    public double[] Of(Node root)
    {
        interpreter.Evaluate(root);
        foreach (Node node in Node.Reachable([root], until: _errors.ContainsKey))
        {
            if (!_errors.ContainsKey(node))
            {
                _errors.Add(node, Compute(node, interpreter.Evaluate(node), [.. node.Inputs.Select(interpreter.Evaluate)], [.. node.Inputs.Select(input => _errors[input])]));
            }
        }

        return _errors[root];
    }

    private double[] Compute(Node node, double[] y, double[][] x, double[][] e)
    {
        switch (node.Op)
        {
            case Op.Unary { Function: var function }:
                return Elements(y, i => PassedOn(function.Value, x[0][i], y[i], e[0][i]) + (OwnRoundings(function) * Math.Abs(y[i])));
            case Op.Binary { Function: var function }:
                return Elements(y, i =>
                    PassedOn(a => function.Value(a, x[1][i]), x[0][i], y[i], e[0][i])
                    + PassedOn(b => function.Value(x[0][i], b), x[1][i], y[i], e[1][i])
                    + (OwnRoundings(function) * Math.Abs(y[i])));
            case Op.Select { Comparison: var comparison }:
                return Elements(y, i => comparison.Holds(x[0][i], x[1][i]) ? e[2][i] : e[3][i]);
            case Op.ForwardOutput output when OfOutputs.Count > 0:
                return OfOutputs[output.Index];
            case Op.OutputGradient output when OfOutputGradients.Count > 0:
                return OfOutputGradients[output.Index];
            case Op.InverseCount:
                return Elements(y, i => Math.Abs(y[i]));
            case Op.MaxPool2dWinners:
                return new double[y.Length];

            // Where values move, their errors move with them; that of a maximum is at most the largest.
            case Op.AddToGradient or Op.StraightThrough or Op.Broadcast or Op.Reshape or Op.Permute or Op.Slice or Op.Concat or Op.MaxPool2d or Op.Reduce { Function.IsRounded: false }:
                return interpreter.Compute(node, e);
            case Op.MaxPool2dGradient:
                return interpreter.Compute(node, [e[0], x[1]]);

            // Sums, and means, which are sums of multiples.
            case Op.Reduce or Op.AveragePool2d or Op.AveragePool2dGradient:
                return Sum(interpreter.Compute(node, e), Rounded(interpreter.Compute(node, [Magnitudes(x[0])]), x[0].Length / (double)y.Length));

            // Sums of products.
            case Op.MatMul or Op.Conv2d or Op.Conv2dInputGradient or Op.Conv2dWeightGradient:
                (double[] a, double[] b) = (Magnitudes(x[0]), Magnitudes(x[1]));
                double[] passedOn = Sum(interpreter.Compute(node, [e[0], b]), interpreter.Compute(node, [a, e[1]]));
                if (node.Op is Op.Conv2d { Geometry: var geometry } && WinogradTasks.Suits(ConvolutionShape.Of(geometry, null) with { Pool = 2 }))
                {
                    // Transformed, a result has a part in the terms of those beside it.
                    int[] sizes = interpreter.Sizes(node.Inputs[0].Shape);
                    (a, b) = (LargestAround(a, sizes[1], sizes[2], sizes[3]), LargestTap(b));
                }

                return Sum(passedOn, Rounded(interpreter.Compute(node, [a, b]), Terms(node)));
            case var op when op.IsLeaf:
                return new double[y.Length];
            default:
                throw new NotSupportedException($"The errors of {node} are not known.");
        }
    }

    /// <summary>What the error of an operand makes of the result, were it all there in either direction.</summary>
    private static double PassedOn(Func<double, double> function, double x, double y, double error)
    {
        double[] changes = [Math.Abs(function(x + (error * Unit)) - y), Math.Abs(function(x - (error * Unit)) - y)];
        return error == 0 ? 0 : changes.Where(change => !double.IsNaN(change)).DefaultIfEmpty(error * Unit).Max() / Unit;
    }

    private static double OwnRoundings(UnaryFunction function) =>
        function.Instruction is null ? OfFunction : Samples.All(x => IsFloat(function.Value(x))) ? 0 : 1;

    private static double OwnRoundings(BinaryFunction function) => Samples.All(a => Samples.All(b => IsFloat(function.Value(a, b)))) ? 0 : 1;

    private static bool IsFloat(double value) => value == (float)value;

    /// <summary>The number of products that each element is a sum of.</summary>
    private double Terms(Node node) => node.Op switch
    {
        Op.MatMul op => interpreter.Sizes(node.Inputs[0].Shape)[op.TransposeLeft ? ^2 : ^1],
        Op.Conv2d { Geometry: var g } => g.InChannels / g.Groups * g.KernelHeight * g.KernelWidth,
        Op.Conv2dInputGradient { Geometry: var g } => g.OutChannels / g.Groups * g.KernelHeight * g.KernelWidth,
        Op.Conv2dWeightGradient { Geometry: var g } => interpreter.Sizes(node.Inputs[0].Shape)[0] * g.OutHeight * g.OutWidth,
        _ => throw new NotSupportedException($"{node} is no sum of products."),
    };

    /// <summary>The largest value of a channel within two pixels, of images [n, height, width, channels].</summary>
    private static double[] LargestAround(double[] values, int height, int width, int channels) =>
        [
            .. from i in Enumerable.Range(0, values.Length)
               let y = i / (width * channels) % height
               let x = i / channels % width
               select (from row in Enumerable.Range(Math.Max(0, y - 2), Math.Min(height, y + 3) - Math.Max(0, y - 2))
                       from column in Enumerable.Range(Math.Max(0, x - 2), Math.Min(width, x + 3) - Math.Max(0, x - 2))
                       select values[i + ((((row - y) * width) + column - x) * channels)]).Max(),
        ];

    /// <summary>Each weight of a 3 x 3 kernel replaced by the kernel's largest.</summary>
    private static double[] LargestTap(double[] weights) => [.. weights.Chunk(9).SelectMany(kernel => Enumerable.Repeat(kernel.Max(), 9))];

    private static double[] Elements(double[] y, Func<int, double> error) => [.. Enumerable.Range(0, y.Length).Select(error)];

    private static double[] Magnitudes(double[] values) => [.. values.Select(Math.Abs)];

    private static double[] Rounded(double[] magnitudes, double terms) => [.. magnitudes.Select(magnitude => Math.Sqrt(Math.Max(1, terms)) * magnitude)];

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
