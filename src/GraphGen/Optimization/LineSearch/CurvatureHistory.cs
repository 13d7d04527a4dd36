using GraphGen.Runtime;

namespace GraphGen;

/// <summary>
/// The last pairs (s, y) of <see cref="LBFGS"/>: how far it went and by how much the gradient changed. Oldest first. Memory is made when
/// a pair first needs it, and used again once there are as many as shall be kept.
/// </summary>
internal sealed class CurvatureHistory
{
    // One more than are kept: a pair is computed before it is known whether it is any good.
    private Pair[] _pairs = [];
    private int _first;

    /// <summary>How many pairs there are.</summary>
    public int Count { get; private set; }

    /// <summary>A pair by its age, 0 the oldest; the one after the last is the candidate.</summary>
    public ref Pair this[int index] => ref _pairs[(_first + index) % _pairs.Length];

    /// <summary>Says how many pairs to keep; the oldest go if there are more.</summary>
    public void Resize(int size)
    {
        if (_pairs.Length == size + 1)
        {
            return;
        }

        Pair[] pairs = new Pair[size + 1];
        int kept = Math.Min(Count, size);
        for (int i = 0; i < kept; i++)
        {
            pairs[i] = this[Count - kept + i];
        }

        (_pairs, _first, Count) = (pairs, 0, kept);
    }

    /// <summary>The place of a pair that is yet to be computed.</summary>
    public ref Pair Candidate(FlatParameters parameters)
    {
        ref Pair candidate = ref this[Count];
        candidate.S ??= parameters.NewVector();
        candidate.Y ??= parameters.NewVector();
        return ref candidate;
    }

    /// <summary>Keeps the candidate, instead of the oldest pair if there are enough.</summary>
    public void Keep()
    {
        if (Count < _pairs.Length - 1)
        {
            Count++;
        }
        else
        {
            _first = (_first + 1) % _pairs.Length;
        }
    }

    /// <summary>Forgets all pairs.</summary>
    public void Clear() => Count = 0;

    /// <summary>One iteration.</summary>
    public struct Pair
    {
        /// <summary>The movement: step·direction.</summary>
        public AlignedBuffer S;

        /// <summary>The gradient after it less the one before.</summary>
        public AlignedBuffer Y;

        /// <summary>1/(y·s).</summary>
        public double Ro;

        /// <summary>What the way to the direction remembers for the way back.</summary>
        public double Alpha;
    }
}
