using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>Results that one round over the output channels takes, so that their patches of the input stay in the L1 cache.</summary>
internal readonly record struct PixelBlock(int Rows, Split Columns)
{
    public static PixelBlock For(ConvolutionShape shape, int maxPixels, int maxBytes)
    {
        int reachY = shape.Dilation * (shape.KernelHeight - 1);
        int reachX = shape.Dilation * (shape.KernelWidth - 1);
        long Bytes(int rows, int columns) =>
            4L * shape.GroupChannels * ((((rows * shape.Pool) - 1) * shape.Stride) + reachY + 1) * ((((columns * shape.Pool) - 1) * shape.Stride) + reachX + 1);
        int width = Math.Min(shape.PooledWidth, maxPixels);
        while (width > 1 && Bytes(1, width) > maxBytes)
        {
            width--;
        }

        Split columns = Split.Of(shape.PooledWidth, width);
        int rows = 1;
        while (columns.Pieces == 1 && rows < shape.PooledHeight && (rows + 1) * shape.PooledWidth <= maxPixels && Bytes(rows + 1, shape.PooledWidth) <= maxBytes)
        {
            rows++;
        }

        return new PixelBlock(Split.Of(shape.PooledHeight, rows).Size, columns);
    }
}

/// <summary>One vector of an output channel's weights.</summary>
/// <param name="Offset">Where its segment lies in a patch of the input, counted from the chunk's first.</param>
/// <param name="Vector">Its place in the segment, in vectors.</param>
/// <param name="IsLast">Whether it is the last of its segment, and so perhaps not whole.</param>
internal readonly record struct WeightVector(int Offset, int Vector, bool IsLast);

/// <summary>Weights of an output channel that are in registers at once.</summary>
/// <param name="FirstVector">Where they begin, counted in vectors of the channel's weights.</param>
/// <param name="Offset">Where they begin in a patch of the input.</param>
/// <param name="Vectors">The vectors.</param>
internal sealed record WeightChunk(int FirstVector, int Offset, IReadOnlyList<WeightVector> Vectors)
{
    /// <summary>The same for chunks that the same code does.</summary>
    public string Key => string.Join(",", Vectors.Select(vector => $"{vector.Offset}:{vector.Vector}:{vector.IsLast}"));
}

/// <summary>How the weights of an output channel are cut into chunks that fit in registers, on one kind of machine.</summary>
/// <param name="Lanes">Floats of a vector.</param>
/// <param name="Chunks">The chunks.</param>
/// <param name="Outputs">Output channels whose chunks are held at once.</param>
internal sealed record RegisterPlan(int Lanes, IReadOnlyList<WeightChunk> Chunks, int Outputs)
{
    /// <summary>The kinds of machine: AVX-512, AVX2, 128 bits with 32 registers and with 16; each with the condition that it is this one.</summary>
    private static readonly (int Lanes, int Registers, string Condition)[] Machines =
        [(16, 32, "if (TIsa.Width == 16)"), (8, 16, "else if (TIsa.Width == 8)"), (4, 32, "else if (TIsa.Registers == 32)"), (4, 16, "else")];

    /// <summary>The vectors of the widest chunk.</summary>
    public int Widest => Chunks.Max(chunk => chunk.Vectors.Count);

    public static RegisterPlan For(ConvolutionShape shape, int lanes, int limit, int maxOutputs)
    {
        int vectors = (shape.SegmentLength + lanes - 1) / lanes;
        List<WeightChunk> chunks = [.. vectors > limit ? PartsOfSegments(shape, lanes, vectors, limit) : WholeSegments(shape, vectors, limit)];
        int widest = chunks.Max(chunk => chunk.Vectors.Count);
        return new RegisterPlan(lanes, chunks, Math.Max(1, Math.Min(limit / widest, Math.Min(maxOutputs, shape.GroupOut))));
    }

    /// <summary>The vectors of a segment, as an expression: each segment begins a vector of its own.</summary>
    public static string VectorsPerSegment(ConvolutionShape shape) =>
        shape.SegmentLength % 16 == 0 ? $"({shape.SegmentLength} / TIsa.Width)" : $"(({shape.SegmentLength} + TIsa.Width - 1) / TIsa.Width)";

    /// <summary>Floats of an output channel's weights, each segment rounded up to vectors, on the machine with the widest.</summary>
    public static long FloatsPerChannel(ConvolutionShape shape) => (long)shape.Segments * ((shape.SegmentLength + 15) / 16 * 16);

    /// <summary>Writes a branch for each kind of machine; the conditions are constants to the JIT.</summary>
    public static void ForEachMachine(CodeWriter code, Func<int, int, RegisterPlan> plan, Action<RegisterPlan> emit)
    {
        foreach ((int lanes, int registers, string condition) in Machines)
        {
            using (code.Open(condition))
            {
                emit(plan(lanes, registers));
            }
        }
    }

    /// <summary>A segment is more than the registers hold.</summary>
    private static IEnumerable<WeightChunk> PartsOfSegments(ConvolutionShape shape, int lanes, int vectors, int limit) =>
        from segment in Enumerable.Range(0, shape.Segments)
        from run in Split.Of(vectors, limit).Runs
        from part in Enumerable.Range(0, (run.End - run.First) / run.Size)
        let first = run.First + (part * run.Size)
        select new WeightChunk(
            (segment * vectors) + first,
            shape.SegmentOffset(segment) + (first * lanes),
            [.. Enumerable.Range(0, run.Size).Select(vector => new WeightVector(0, vector, first + vector == vectors - 1))]);

    private static IEnumerable<WeightChunk> WholeSegments(ConvolutionShape shape, int vectors, int limit) =>
        from run in Split.Of(shape.Segments, limit / vectors).Runs
        from part in Enumerable.Range(0, (run.End - run.First) / run.Size)
        let first = run.First + (part * run.Size)
        select new WeightChunk(
            first * vectors,
            shape.SegmentOffset(first),
            [
                .. from segment in Enumerable.Range(first, run.Size)
                   from vector in Enumerable.Range(0, vectors)
                   select new WeightVector(shape.SegmentOffset(segment) - shape.SegmentOffset(first), vector, vector == vectors - 1),
            ]);
}
