namespace GraphGen.Tests.Golden;

/// <summary>The problem of <c>make_optimizers.py</c>, which says what it is.</summary>
internal sealed class OptimizerProblem
{
    internal const int Steps = 50;

    private const int RateChange = 25;

    private static readonly int[] Sizes = [19, 40, 3, 1];

    private readonly float[][] _curvatures = [.. Sizes.Select((size, i) => Draw(11 + i, 0, size, 0.1f, 2))];
    private readonly float[][] _targets = [.. Sizes.Select((size, i) => Draw(21 + i, 0, size, -1, 1))];

    internal OptimizerProblem()
    {
        for (int i = 0; i < Sizes.Length; i++)
        {
            Draw(1 + i, 0, Sizes[i], -1, 1).CopyTo(Block[i].Values);
        }
    }

    internal ParameterBlock Block { get; } = new(0, [.. Sizes.Select((size, i) => ParameterSpec.Ones($"p{i}", [size]))]);

    internal Parameter[][] Groups => [[Block[0], Block[2]], [Block[1], Block[3]]];

    /// <summary>Takes the steps in [first, end), with the change by hand of group 0's learning rate.</summary>
    internal void Run(Optimizer optimizer, int first, int end)
    {
        for (int step = first; step < end; step++)
        {
            if (step == RateChange)
            {
                optimizer.Groups[0].LearningRate *= 0.3;
            }

            Backward(step);
            optimizer.Step();
        }
    }

    /// <summary>Gives the parameters the gradients of a step.</summary>
    internal void Backward(int step)
    {
        Block.ZeroGrad();
        for (int i = 0; i < Sizes.Length; i++)
        {
            if ((i == 2 && (step == 0 || step % 3 == 1)) || (i == 3 && step < 4))
            {
                continue;
            }

            Block.MarkGradient(i);
            Span<float> gradients = Block[i].Gradients;
            float[] noise = Draw(31 + i, step * Sizes[i], Sizes[i], -0.5f, 0.5f);
            for (int j = 0; j < Sizes[i]; j++)
            {
                gradients[j] = (float)((_curvatures[i][j] * ((double)Block[i].Values[j] - _targets[i][j])) + noise[j]);
            }
        }
    }

    private static float[] Draw(int stream, int start, int count, float low, float high)
    {
        float[] values = new float[count];
        GoldenStream.Fill(values, (uint)stream, start, low, high);
        return values;
    }
}
