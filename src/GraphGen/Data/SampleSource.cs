using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GraphGen;

/// <summary>Where a dataset's features lie: as floats, or as bytes that become floats when a batch is gathered.</summary>
internal abstract class SampleSource
{
    /// <summary>Writes the features of one sample.</summary>
    /// <param name="sample">Which.</param>
    /// <param name="destination">[sampleLength].</param>
    public abstract void Copy(int sample, Span<float> destination);
}

/// <summary>Features kept as floats, [count, sampleLength].</summary>
internal sealed class FloatSamples(float[] features) : SampleSource
{
    /// <summary>The source of an array that is checked.</summary>
    public static FloatSamples Of(float[] features, int count, int sampleLength)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleLength, 1);
        return features.Length == (long)count * sampleLength
            ? new FloatSamples(features)
            : throw new ArgumentException(
                $"Expected {(long)count * sampleLength} values ({count} targets, samples of {sampleLength}), got {features.Length}.",
                nameof(features));
    }

    public override void Copy(int sample, Span<float> destination) =>
        features.AsSpan(checked((int)((long)sample * destination.Length)), destination.Length).CopyTo(destination);
}

/// <summary>
/// Features kept as bytes, [count, sampleLength], a quarter of the memory: the float is <c>scale·byte + shift</c>.
/// </summary>
internal sealed class ByteSamples(byte[] features, float scale, float shift) : SampleSource
{
    public override void Copy(int sample, Span<float> destination)
    {
        ReadOnlySpan<byte> source = features.AsSpan(checked((int)((long)sample * destination.Length)), destination.Length);
        int i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            ref byte from = ref MemoryMarshal.GetReference(source);
            ref float to = ref MemoryMarshal.GetReference(destination);
            for (; i <= source.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
            {
                (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.LoadUnsafe(ref from, (nuint)i));
                Store(low, ref Unsafe.Add(ref to, i));
                Store(high, ref Unsafe.Add(ref to, i + 8));
            }
        }

        for (; i < source.Length; i++)
        {
            destination[i] = (source[i] * scale) + shift;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(Vector128<ushort> values, ref float destination)
    {
        // Multiplied, then added, each rounded: as in the loop for the rest.
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(values);
        ((Vector128.ConvertToSingle(low.AsInt32()) * scale) + Vector128.Create(shift)).StoreUnsafe(ref destination);
        ((Vector128.ConvertToSingle(high.AsInt32()) * scale) + Vector128.Create(shift)).StoreUnsafe(ref destination, 4);
    }
}
