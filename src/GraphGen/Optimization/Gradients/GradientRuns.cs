using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>Passes over the gradients that some parameters have, neighbours in memory together.</summary>
internal static unsafe class GradientRuns
{
    /// <summary>The parameters as a list: themselves if they are one.</summary>
    public static IReadOnlyList<Parameter> List(IEnumerable<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters as IReadOnlyList<Parameter> ?? [.. parameters];
    }

    /// <summary>g ← factor·g.</summary>
    public static void Scale(IReadOnlyList<Parameter> parameters, double factor)
    {
        for (int next = 0; Next(parameters, ref next, out float* gradients, out int length);)
        {
            LinearCombination.Scale(gradients, factor, gradients, length);
        }

        if (!double.IsFinite(factor))
        {
            ClearBetween(parameters);
        }
    }

    /// <summary>g ← max(−limit, min(limit, g)).</summary>
    public static void Clamp(IReadOnlyList<Parameter> parameters, double limit)
    {
        for (int next = 0; Next(parameters, ref next, out float* gradients, out int length);)
        {
            FusedUpdate.Run(new ClampUpdate { Values = gradients, Limit = (float)limit }, length);
        }
    }

    /// <summary>The norm of order p of all.</summary>
    public static double Norm(IReadOnlyList<Parameter> parameters, double p)
    {
        double total = 0;
        for (int next = 0; Next(parameters, ref next, out float* gradients, out int length);)
        {
            if (double.IsPositiveInfinity(p))
            {
                total = Math.Max(total, Reductions.Largest(gradients, length));
                continue;
            }

            total += p switch
            {
                1 => Reductions.SumOfMagnitudes(gradients, length),
                2 => Reductions.SumOfSquares(gradients, length),
                _ => Reductions.SumOfPowers(gradients, length, p),
            };
        }

        return p switch
        {
            1 or double.PositiveInfinity => total,
            2 => Math.Sqrt(total),
            _ => Math.Pow(total, 1 / p),
        };
    }

    /// <summary>The next contiguous range of gradients, from one of the parameters on.</summary>
    private static bool Next(IReadOnlyList<Parameter> parameters, ref int next, out float* gradients, out int length)
    {
        while (next < parameters.Count && !parameters[next].HasGradient)
        {
            next++;
        }

        if (next == parameters.Count)
        {
            gradients = null;
            length = 0;
            return false;
        }

        Parameter start = parameters[next++];
        long floats = ParameterBlock.Align(start.Length);
        while (next < parameters.Count && Continues(parameters[next], start, floats))
        {
            floats += ParameterBlock.Align(parameters[next++].Length);
        }

        gradients = start.Block.GradientPointer + start.Offset;
        length = (int)floats;
        return true;
    }

    private static bool Continues(Parameter parameter, Parameter start, long floats) =>
        parameter.Block == start.Block && parameter.Offset == start.Offset + floats && parameter.HasGradient;

    /// <summary>A factor that is no number has made NaN of the zeros between parameters, which must stay zero.</summary>
    private static void ClearBetween(IReadOnlyList<Parameter> parameters)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            Parameter parameter = parameters[i];
            int end = parameter.Offset + parameter.Length;
            parameter.Block.Gradients[end..(int)ParameterBlock.Align(end)].Clear();
        }
    }

    private struct ClampUpdate : IFusedUpdate
    {
        /// <summary>[length], updated.</summary>
        public float* Values;

        public float Limit;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Update<TVector, TIsa>(nint start, nint end)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            float* values = Values;
            TVector most = TIsa.Broadcast(Limit), least = TIsa.Broadcast(-Limit);
            for (nint i = start; i < end; i += TIsa.Width)
            {
                TIsa.Store(values + i, TIsa.Max(least, TIsa.Min(most, TIsa.Load(values + i))));
            }
        }
    }
}
