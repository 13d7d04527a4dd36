using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GraphGen.Simd;
using Xunit;

namespace GraphGen.Tests.Runtime;

public sealed class Avx512SimdConvolutionTests : SimdConvolutionTests<Vector512<float>, Avx512Simd>;

public sealed class Avx2SimdConvolutionTests : SimdConvolutionTests<Vector256<float>, Avx2Simd>;

public sealed class NeonSimdConvolutionTests : SimdConvolutionTests<Vector128<float>, NeonSimd>;

public sealed class Vector128SimdConvolutionTests : SimdConvolutionTests<Vector128<float>, Vector128Simd>;

/// <summary>
/// The convolutions of the runtime against plain sums, at sizes below, at and above those of tiles and vectors; all memory ends where
/// pages end.
/// </summary>
public abstract unsafe class SimdConvolutionTests<TVector, TIsa>
    where TVector : struct
    where TIsa : struct, ISimd<TVector>
{
    private const int Images = 2;

    /// <summary>Convolutions that are made directly.</summary>
    private static readonly ConvolutionShape[] Shapes =
    [
        // One pixel, and one channel.
        new(1, 1, 1, 1, 1, 1),
        new(3, 3, 2, 5, 3, 3),
        // Rows of every tile's width, and rows of tiles of several.
        .. Enumerable.Range(1, 14).Select(width => new ConvolutionShape(6, width + 2, 3, 35, 3, 3)),
        new(9, 27, 1, 32, 2, 2),
        // Channels that are fewer than a vector, one, and between.
        .. new[] { 1, 3, 4, 5, 8, 9, 15, 16, 17, 31, 32, 33, 48, 64, 67 }.Select(channels => new ConvolutionShape(5, 7, 4, channels, 3, 2)),
        // Strides, dilations and groups.
        new(9, 11, 3, 20, 3, 3, Stride: 2),
        new(9, 12, 3, 33, 2, 3, Dilation: 2),
        new(7, 8, 12, 21, 3, 2, Groups: 3),
        new(9, 9, 64, 64, 3, 3, Stride: 2, Dilation: 2, Groups: 2),
        // Sums that are long.
        new(5, 9, 40, 35, 3, 3),
        new(8, 8, 31, 64, 3, 3, Pool: 2),
        // Pooling, in registers and from memory.
        .. Enumerable.Range(1, 8).Select(width => new ConvolutionShape(7, (2 * width) + 3, 3, 32, 3, 3, Pool: 2)),
        new(8, 8, 3, 10, 3, 3, Pool: 2),
        new(11, 14, 2, 40, 3, 3, Pool: 3),
        new(11, 14, 2, 7, 2, 2, Pool: 4),
        new(20, 18, 2, 33, 2, 2, Stride: 2, Pool: 4),
        new(15, 16, 1, 32, 1, 2, Pool: 14),
        new(12, 8, 8, 36, 3, 3, Groups: 2, Pool: 2),
        // Rows that the epilogue takes tile by tile.
        new(3, 262, 1, 5, 2, 2),
        new(3, 519, 1, 33, 3, 2, Pool: 2),
        new(3, 525, 1, 33, 3, 2, Pool: 2),
    ];

    /// <summary>Convolutions by Winograd's transforms.</summary>
    private static readonly ConvolutionShape[] WinogradShapes =
    [
        .. Enumerable.Range(1, 7).Select(width => new ConvolutionShape(7, (2 * width) + 2, 16, 32, 3, 3, Pool: 2)),
        new(13, 13, 32, 64, 3, 3, Pool: 2),
    ];

    [Fact]
    public void Direct_convolutions_are_the_plain_sums()
    {
        if (!TIsa.IsSupported || !GuardedFloats.IsSupported)
        {
            return;
        }

        foreach (ConvolutionShape shape in Shapes)
        {
            Verify<PlainEpilogue>(shape, isWinograd: false, isPlanes: false);
            Verify<PlainEpilogue>(shape, isWinograd: false, isPlanes: true);
            Verify<WinnerEpilogue>(shape, isWinograd: false, isPlanes: false);
            Verify<WinnerEpilogue>(shape, isWinograd: false, isPlanes: true);
        }
    }

    [Fact]
    public void Convolutions_by_transforms_are_the_plain_sums()
    {
        if (!TIsa.IsSupported || !GuardedFloats.IsSupported)
        {
            return;
        }

        foreach (ConvolutionShape shape in WinogradShapes)
        {
            Verify<PlainEpilogue>(shape, isWinograd: true, isPlanes: true);
            Verify<WinnerEpilogue>(shape, isWinograd: true, isPlanes: false);
        }
    }

    [Fact]
    public void Weights_that_are_packed_already_are_not_written_again()
    {
        if (!TIsa.IsSupported || !GuardedFloats.IsSupported)
        {
            return;
        }

        ConvolutionShape shape = new(4, 4, 4, 2 * TIsa.Width, 3, 3);
        using GuardedFloats weight = Draw(shape.OutChannels * shape.Depth, seed: 1), panels = Draw(shape.OutChannels * shape.Depth, seed: 2), again = Draw(shape.OutChannels * shape.Depth, seed: 3);
        weight.Pointer[5] = float.NaN;
        ConvolutionWeights.Pack<TVector, TIsa>(in shape, weight.Pointer, panels.Pointer, 0);
        weight.Pointer[5] = 1;
        weight.Pointer[(shape.OutChannels * shape.Depth) - 1] += 1;
        ConvolutionWeights.Pack<TVector, TIsa>(in shape, weight.Pointer, panels.Pointer, 0);
        ConvolutionWeights.Pack<TVector, TIsa>(in shape, weight.Pointer, again.Pointer, 0);
        Assert.Equal(new Span<float>(again.Pointer, shape.OutChannels * shape.Depth), new Span<float>(panels.Pointer, shape.OutChannels * shape.Depth));
    }

    /// <summary>The weights of a convolution [out, in, tap], packed for the one that makes its input's gradient: they are those of [in, out, tap in reverse].</summary>
    [Fact]
    public void Flipped_weights_are_those_of_the_gradient_of_the_input()
    {
        if (!TIsa.IsSupported || !GuardedFloats.IsSupported)
        {
            return;
        }

        foreach (ConvolutionShape shape in new ConvolutionShape[] { new(5, 5, 3, 5, 3, 2), new(5, 5, 6, 40, 3, 3, Groups: 2), new(5, 5, 33, 4, 1, 1) })
        {
            int count = shape.OutChannels * shape.Depth;
            using GuardedFloats weight = Draw(count, seed: 1), turned = Draw(count, seed: 2), packed = Draw(PanelFloats(shape), seed: 3), expected = Draw(PanelFloats(shape), seed: 4);
            for (int i = 0; i < count; i++)
            {
                // turned: [group][out][in][tap]; weight: [group][in][out][tap in reverse].
                (int rest, int tap) = Math.DivRem(i, shape.Taps);
                (rest, int input) = Math.DivRem(rest, shape.GroupChannels);
                (int group, int output) = Math.DivRem(rest, shape.GroupOut);
                turned.Pointer[i] = weight.Pointer[(((((group * shape.GroupChannels) + input) * shape.GroupOut) + output) * shape.Taps) + shape.Taps - 1 - tap];
            }

            for (int panel = 0; panel < Panels(shape); panel++)
            {
                ConvolutionWeights.PackFlipped<TVector, TIsa>(in shape, weight.Pointer, packed.Pointer, panel);
                ConvolutionWeights.Pack<TVector, TIsa>(in shape, turned.Pointer, expected.Pointer, panel);
            }

            Assert.Equal(new Span<float>(expected.Pointer, PanelFloats(shape)), new Span<float>(packed.Pointer, PanelFloats(shape)));
        }
    }

    private static int Panels(ConvolutionShape shape) => shape.Groups * ((shape.GroupOut + (2 * TIsa.Width) - 1) / (2 * TIsa.Width));

    private static int PanelFloats(ConvolutionShape shape) => Panels(shape) * 2 * TIsa.Width * shape.Depth;

    private static void Verify<TEpilogue>(ConvolutionShape shape, bool isWinograd, bool isPlanes)
        where TEpilogue : struct, IConvolutionEpilogue
    {
        int plane = shape.ResultHeight * shape.ResultWidth;
        int results = Images * plane * shape.OutChannels;
        int inputs = Images * shape.Height * shape.Width * shape.Channels;
        using GuardedFloats x = Draw(inputs, seed: 1), weight = Draw(shape.OutChannels * shape.Depth, seed: 2), packed = Draw(isWinograd ? shape.OutChannels * 16 * shape.Channels : PanelFloats(shape), seed: 3);
        using GuardedFloats result = Draw(results, seed: 4), planes = Draw(results, seed: 5), winners = Draw((results + 3) / 4, seed: 6);
        Target target = new() { Result = result.Pointer, Winners = (byte*)(winners.Pointer + ((results + 3) / 4)) - results, Channels = shape.OutChannels, IsTurned = isPlanes };
        for (int panel = 0; panel < Panels(shape); panel++)
        {
            if (isWinograd)
            {
                Winograd.PackWeights<TVector, TIsa>(weight.Pointer, shape.Channels, packed.Pointer, panel);
            }
            else
            {
                ConvolutionWeights.Pack<TVector, TIsa>(in shape, weight.Pointer, packed.Pointer, panel);
            }
        }

        ConvolutionBlock block = new() { Shape = shape, Input = x.Pointer, Weights = packed.Pointer, Planes = isPlanes ? planes.Pointer : null };
        for (block.Image = 0; block.Image < Images; block.Image++)
        {
            // In two parts of the plane, and two of the channels where they can be cut.
            int end = isWinograd ? plane : shape.ResultHeight;
            int half = shape.Groups == 1 ? shape.OutChannels / 2 / (2 * TIsa.Width) * 2 * TIsa.Width : 0;
            foreach ((int from, int to) in new[] { (0, end / 3), (end / 3, end) }.Where(part => part.Item1 < part.Item2))
            {
                foreach ((int channel, int endChannel) in new[] { (0, half), (half, shape.OutChannels) }.Where(part => part.Item1 < part.Item2))
                {
                    (block.First, block.End, block.FirstChannel, block.EndChannel) = (from, to, channel, endChannel);
                    if (isWinograd)
                    {
                        WinogradConvolution.Convolve<TVector, TIsa, TEpilogue>(&target, in block);
                    }
                    else
                    {
                        DirectConvolution.Convolve<TVector, TIsa, TEpilogue>(&target, in block);
                    }
                }
            }
        }

        for (int i = 0; i < results; i++)
        {
            (int pixel, int channel) = Math.DivRem(i, shape.OutChannels);
            (int image, int at) = Math.DivRem(pixel, plane);
            double[] places = [.. Enumerable.Range(0, shape.Pool * shape.Pool).Select(place => Output(shape, x.Pointer, weight.Pointer, image, at, place, channel))];
            string what = $"{shape}, {typeof(TEpilogue).Name}, image {image}, result {at}, channel {channel}";
            double tolerance = 1e-6 * (shape.Depth + 10);
            Assert.True(Math.Abs(places.Max() - result.Pointer[i]) <= tolerance, $"{what}: {result.Pointer[i]} instead of {places.Max()}");
            if (TEpilogue.HasWinners)
            {
                Assert.True(places.Max() - places[target.Winners[i]] <= tolerance, $"{what}: winner {target.Winners[i]} of {string.Join(", ", places)}");
            }

            if (isPlanes)
            {
                Assert.Equal(-result.Pointer[i], planes.Pointer[(((image * shape.OutChannels) + channel) * plane) + at]);
            }
        }
    }

    /// <summary>An output before the pooling, as a plain sum.</summary>
    private static double Output(ConvolutionShape shape, float* x, float* weight, int image, int result, int place, int channel)
    {
        int row = ((result / shape.ResultWidth * shape.Pool) + (place / shape.Pool)) * shape.Stride;
        int column = ((result % shape.ResultWidth * shape.Pool) + (place % shape.Pool)) * shape.Stride;
        int group = channel / shape.GroupOut;
        double sum = 0;
        for (int tap = 0; tap < shape.Taps; tap++)
        {
            int y = row + (tap / shape.KernelWidth * shape.Dilation);
            int left = column + (tap % shape.KernelWidth * shape.Dilation);
            float* pixel = x + ((((((long)image * shape.Height) + y) * shape.Width) + left) * shape.Channels) + (group * shape.GroupChannels);
            for (int input = 0; input < shape.GroupChannels; input++)
            {
                sum += (double)pixel[input] * weight[(((channel * shape.GroupChannels) + input) * shape.Taps) + tap];
            }
        }

        return sum;
    }

    private static GuardedFloats Draw(int count, int seed)
    {
        Random random = new(seed);
        GuardedFloats floats = new(count);
        for (int i = 0; i < count; i++)
        {
            floats.Pointer[i] = random.NextSingle() - 0.5f;
        }

        return floats;
    }

    private struct Target
    {
        public float* Result;
        public byte* Winners;
        public int Channels;
        public bool IsTurned;
    }

    /// <summary>Stores each result, and what it is less than zero plane by plane.</summary>
    private readonly struct PlainEpilogue : IConvolutionEpilogue
    {
        public static bool HasWinners => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store<T, TPolicy>(void* call, int pixel, int channel, T value, T winner, float* turned)
            where T : struct
            where TPolicy : struct, ISimd<T>
        {
            Target* target = (Target*)call;
            TPolicy.Store(target->Result + ((long)pixel * target->Channels) + channel, value);
            if (target->IsTurned)
            {
                TPolicy.Store(turned, TPolicy.Negate(value));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void StorePartial<T, TPolicy>(void* call, int pixel, int channel, T value, T winner, float* turned, int count)
            where T : struct
            where TPolicy : struct, ISimd<T>
        {
            Target* target = (Target*)call;
            TPolicy.StorePartial(target->Result + ((long)pixel * target->Channels) + channel, value, count);
            if (target->IsTurned)
            {
                TPolicy.Store(turned, TPolicy.Negate(value));
            }
        }
    }

    /// <summary>Stores the winners too.</summary>
    private readonly struct WinnerEpilogue : IConvolutionEpilogue
    {
        public static bool HasWinners => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store<T, TPolicy>(void* call, int pixel, int channel, T value, T winner, float* turned)
            where T : struct
            where TPolicy : struct, ISimd<T>
        {
            Target* target = (Target*)call;
            PlainEpilogue.Store<T, TPolicy>(call, pixel, channel, value, winner, turned);
            TPolicy.StoreBytes(target->Winners + ((long)pixel * target->Channels) + channel, winner);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void StorePartial<T, TPolicy>(void* call, int pixel, int channel, T value, T winner, float* turned, int count)
            where T : struct
            where TPolicy : struct, ISimd<T>
        {
            Target* target = (Target*)call;
            PlainEpilogue.StorePartial<T, TPolicy>(call, pixel, channel, value, winner, turned, count);
            TPolicy.StoreBytesPartial(target->Winners + ((long)pixel * target->Channels) + channel, winner, count);
        }
    }
}
