using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Tests.Compiler.Interpreter;

/// <summary>The elementwise functions on one element.</summary>
internal static class Scalars
{
    public static double Unary(UnaryFunction function, double x) => function switch
    {
        UnaryFunction.Negate => -x,
        UnaryFunction.Exp => Math.Exp(x),
        UnaryFunction.Log => Math.Log(x),
        UnaryFunction.Sqrt => Math.Sqrt(x),
        UnaryFunction.Tanh => Math.Tanh(x),
        UnaryFunction.Sigmoid => 1 / (1 + Math.Exp(-x)),
        UnaryFunction.Erf => Erf(x),
        UnaryFunction.Abs => Math.Abs(x),
        UnaryFunction.Relu => Math.Max(x, 0),
        UnaryFunction.Detach or UnaryFunction.Copy => x,
        _ => throw new NotSupportedException($"The interpreter does not know {function}."),
    };

    public static double Binary(BinaryFunction function, double a, double b) => function switch
    {
        BinaryFunction.Add => a + b,
        BinaryFunction.Subtract => a - b,
        BinaryFunction.Multiply => a * b,
        BinaryFunction.Divide => a / b,
        BinaryFunction.Maximum => Math.Max(a, b),
        BinaryFunction.Minimum => Math.Min(a, b),
        _ => throw new NotSupportedException($"The interpreter does not know {function}."),
    };

    public static bool Holds(Comparison comparison, double a, double b) => comparison switch
    {
        Comparison.Greater => a > b,
        Comparison.Equal => a == b,
        _ => throw new NotSupportedException($"The interpreter does not know {comparison}."),
    };

    /// <summary>2/sqrt(pi) e^(-x^2) sum over k of 2^k x^(2k+1) / (1 3 5 ... (2k+1)): all terms have one sign, so none cancel.</summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 6)
        {
            return Math.Sign(x);
        }

        double sum = 0;
        double term = x;
        for (int k = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); k++)
        {
            sum += term;
            term *= 2 * x * x / ((2 * k) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
