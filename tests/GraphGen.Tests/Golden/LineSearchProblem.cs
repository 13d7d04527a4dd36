namespace GraphGen.Tests.Golden;

/// <summary>
/// A function to be minimised, in double precision: <c>make_line_search_optimizers.py</c> has the same. The values of all parameters, one
/// after the other, are x.
/// </summary>
internal sealed class LineSearchProblem
{
    private readonly Func<double[], double[], double> _function;
    private readonly double[] _x;
    private readonly double[] _gradient;

    public LineSearchProblem(string name, uint seed, int[][] shapes, float low, float high)
    {
        _function = name.TrimEnd("0123456789".ToCharArray()) switch
        {
            "quadratic" => Quadratic,
            "logcosh" => LogCosh,
            "rosenbrock" => Rosenbrock,
            _ => throw new ArgumentException($"There is no problem '{name}'.", nameof(name)),
        };
        Block = new ParameterBlock(0, [.. shapes.Select((shape, i) => ParameterSpec.Ones($"p{i}", shape))]);
        foreach (Parameter parameter in Block)
        {
            GoldenStream.Fill(parameter.Values, (seed * 256) + (uint)(GoldenStream.ParameterSlot + parameter.Index), 0, low, high);
        }

        _x = new double[Block.TotalLength];
        _gradient = new double[_x.Length];
        Closure = Evaluate;
    }

    public ParameterBlock Block { get; }

    /// <summary>Sets the gradients and gives the loss; allocates nothing.</summary>
    public Func<float> Closure { get; }

    public int Evaluations { get; private set; }

    public float[] Values => [.. Block.SelectMany(parameter => parameter.Values.ToArray())];

    private float Evaluate()
    {
        Evaluations++;
        int place = 0;
        for (int i = 0; i < Block.Count; i++)
        {
            foreach (float value in Block[i].Values)
            {
                _x[place++] = value;
            }
        }

        double loss = _function(_x, _gradient);
        place = 0;
        for (int i = 0; i < Block.Count; i++)
        {
            Block.MarkGradient(i);
            foreach (ref float gradient in Block[i].Gradients)
            {
                gradient = (float)_gradient[place++];
            }
        }

        return (float)loss;
    }

    /// <summary>½ r·A r with r_i = x_i − cos i: A tridiagonal, curvatures from 1 to 20.</summary>
    private static double Quadratic(double[] x, double[] gradient)
    {
        double loss = 0;
        for (int i = 0; i < x.Length; i++)
        {
            gradient[i] = (1 + (19.0 * i / (x.Length - 1))) * R(i);
            gradient[i] -= i > 0 ? 0.4 * R(i - 1) : 0;
            gradient[i] -= i < x.Length - 1 ? 0.4 * R(i + 1) : 0;
            loss += 0.5 * R(i) * gradient[i];
        }

        return loss;

        double R(int i) => x[i] - Math.Cos(i);
    }

    /// <summary>Σ log cosh r_i, r_i = 2 x_i − x_(i−1) − sin(i + 1).</summary>
    private static double LogCosh(double[] x, double[] gradient)
    {
        double loss = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double r = (2 * x[i]) - (i > 0 ? x[i - 1] : 0) - Math.Sin(i + 1);
            gradient[i] = 2 * Math.Tanh(r);
            if (i > 0)
            {
                gradient[i - 1] -= Math.Tanh(r);
            }

            double half = Math.Sinh(r / 2);
            loss += Math.Abs(r) < 1 ? Math.Log(1 + (2 * half * half)) : Math.Abs(r) + Math.Log(1 + Math.Exp(-2 * Math.Abs(r))) - Math.Log(2);
        }

        return loss;
    }

    /// <summary>Σ 100 (x_(i+1) − x_i²)² + (1 − x_i)².</summary>
    private static double Rosenbrock(double[] x, double[] gradient)
    {
        double loss = 0;
        Array.Clear(gradient);
        for (int i = 0; i < x.Length - 1; i++)
        {
            double r = x[i + 1] - (x[i] * x[i]);
            loss += (100 * r * r) + ((1 - x[i]) * (1 - x[i]));
            gradient[i + 1] += 200 * r;
            gradient[i] += (-400 * x[i] * r) - (2 * (1 - x[i]));
        }

        return loss;
    }
}
