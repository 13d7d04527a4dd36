namespace GraphGen.Simd;

/// <summary>A length cut into the fewest pieces of at most some limit: those of <paramref name="Size"/>, then those of one less.</summary>
/// <param name="Size">The larger size.</param>
/// <param name="EndOfLarge">Where the pieces of one less begin.</param>
internal readonly record struct EvenSplit(int Size, int EndOfLarge)
{
    public static EvenSplit Of(int length, int limit)
    {
        int pieces = (length + limit - 1) / limit;
        int size = (length + pieces - 1) / pieces;
        int small = (size * pieces) - length;
        return new EvenSplit(size, size * (pieces - small));
    }

    /// <summary>The size of the piece that begins there.</summary>
    public int SizeAt(int position) => position < EndOfLarge ? Size : Size - 1;
}
