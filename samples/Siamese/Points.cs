using System.Numerics.Tensors;

namespace Siamese;

/// <summary>Points of known classes: images as their pixels, or as what a network makes of them.</summary>
/// <param name="values">The points, one after the other.</param>
/// <param name="labels">Their classes.</param>
internal sealed class Points(float[] values, int[] labels)
{
    /// <summary>Points that are compared with all others before the next: few enough to stay in the cache.</summary>
    private const int Block = 50;

    private readonly int _length = values.Length / labels.Length;

    internal int Count => labels.Length;

    internal ReadOnlySpan<float> this[int index] => values.AsSpan(index * _length, _length);

    internal float Distance(int first, int second) => TensorPrimitives.Distance(this[first], this[second]);

    /// <summary>The share of these points whose nearest neighbor among others is of their class.</summary>
    internal double AccuracyAmong(Points others)
    {
        int correct = 0;
        Parallel.For(0, (Count + Block - 1) / Block, block =>
        {
            int first = block * Block;
            int end = Math.Min(first + Block, Count);
            int[] neighbors = NearestAmong(others, first, end);
            Interlocked.Add(ref correct, neighbors.Where((neighbor, i) => others.LabelOf(neighbor) == labels[first + i]).Count());
        });
        return (double)correct / Count;
    }

    private int LabelOf(int index) => labels[index];

    private int[] NearestAmong(Points others, int first, int end)
    {
        int[] nearest = new int[end - first];
        float[] distances = new float[end - first];
        Array.Fill(distances, float.PositiveInfinity);
        for (int other = 0; other < others.Count; other++)
        {
            for (int i = 0; i < nearest.Length; i++)
            {
                float distance = TensorPrimitives.Distance(others[other], this[first + i]);
                if (distance < distances[i])
                {
                    (distances[i], nearest[i]) = (distance, other);
                }
            }
        }

        return nearest;
    }
}
