namespace GraphGen.Generator.Emit.Kernels;

/// <summary>A length cut into the fewest pieces of at most some limit: <c>Large</c> pieces of <c>Size</c>, then <c>Small</c> of one less.</summary>
internal readonly record struct Split(int Size, int Large, int Small)
{
    public static Split Of(int total, int limit)
    {
        int pieces = (total + limit - 1) / limit;
        int size = (total + pieces - 1) / pieces;
        int small = (size * pieces) - total;
        return new Split(size, pieces - small, small);
    }

    public int Pieces => Large + Small;

    /// <summary>The sizes there are.</summary>
    public IEnumerable<int> Sizes => Small > 0 ? [Size, Size - 1] : [Size];

    /// <summary>The pieces of each size: they lie at <c>First</c>, <c>First + Size</c>, ... below <c>End</c>.</summary>
    public IEnumerable<(int Size, int First, int End)> Runs
    {
        get
        {
            int end = Size * Large;
            yield return (Size, 0, end);
            if (Small > 0)
            {
                yield return (Size - 1, end, end + ((Size - 1) * Small));
            }
        }
    }
}
