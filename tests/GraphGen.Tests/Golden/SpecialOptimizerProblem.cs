namespace GraphGen.Tests.Golden;

/// <summary>The problem of <c>make_special_optimizers.py</c>, which says what it is.</summary>
internal sealed class SpecialOptimizerProblem
{
    internal const int Steps = 50;

    internal const int RateChange = 25;

    private readonly bool _isSparse;
    private readonly float[][] _curvatures;
    private readonly float[][] _targets;

    internal SpecialOptimizerProblem(SpecialOptimizerGolden golden)
    {
        _isSparse = golden.Optimizer == nameof(SparseAdam);
        Block = new ParameterBlock(0, [.. golden.Shapes.Select((shape, i) => ParameterSpec.Ones($"p{i}", shape))]);
        _curvatures = [.. Block.Select((parameter, i) => Draw(11 + i, 0, parameter.Length, 0.1f, 2))];
        _targets = [.. Block.Select((parameter, i) => Draw(21 + i, 0, parameter.Length, -1, 1))];
        foreach (Parameter parameter in Block)
        {
            Draw(1 + parameter.Index, 0, parameter.Length, -1, 1).CopyTo(parameter.Values);
        }
    }

    internal ParameterBlock Block { get; }

    internal Parameter[][] Groups => [.. Enumerable.Range(0, 2).Select(group => Block.Where(parameter => parameter.Index % 2 == group).ToArray())];

    /// <summary>Gives the parameters the gradients of a step.</summary>
    internal void Backward(int step)
    {
        Block.ZeroGrad();
        foreach (Parameter parameter in Block)
        {
            int i = parameter.Index, length = parameter.Length, rows = parameter.Shape.IsEmpty ? 1 : parameter.Shape[0];
            if (i == 1 && (step == 0 || step % 3 == 1))
            {
                continue;
            }

            Block.MarkGradient(i);
            Span<float> gradients = parameter.Gradients;
            float[] noise = Draw(31 + i, step * length, length, -0.5f, 0.5f);
            float[] presence = Draw(41 + i, step * rows, rows, 0, 1);
            for (int j = 0; j < length; j++)
            {
                bool isPresent = !_isSparse || presence[j / (length / rows)] < 0.4f;
                gradients[j] = isPresent ? (float)((_curvatures[i][j] * ((double)parameter.Values[j] - _targets[i][j])) + noise[j]) : 0f;
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
