namespace GraphGen.Generator;

/// <summary>A set of small numbers, a bit each, that grows as needed.</summary>
internal sealed class BitSet
{
    private const int WordBits = 64;

    private ulong[] _words;

    public BitSet() => _words = [];

    public BitSet(BitSet other) => _words = [.. other._words];

    public bool Contains(int number) => number / WordBits < _words.Length && (_words[number / WordBits] >> (number % WordBits) & 1) != 0;

    public void Add(int number)
    {
        Grow((number / WordBits) + 1);
        _words[number / WordBits] |= 1UL << (number % WordBits);
    }

    public void UnionWith(BitSet other)
    {
        Grow(other._words.Length);
        for (int i = 0; i < other._words.Length; i++)
        {
            _words[i] |= other._words[i];
        }
    }

    public bool IsSubsetOf(BitSet other)
    {
        for (int i = 0; i < _words.Length; i++)
        {
            if ((_words[i] & ~(i < other._words.Length ? other._words[i] : 0)) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private void Grow(int words)
    {
        if (words > _words.Length)
        {
            Array.Resize(ref _words, Math.Max(words, 2 * _words.Length));
        }
    }
}
