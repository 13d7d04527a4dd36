using FashionMnist;
using GraphGen.Simd;
using GraphGen.Tests.Golden;
using Xunit;

namespace GraphGen.NativeTests;

/// <summary>
/// The sample's network, dropout included, trained for a few steps on the sample's images: what one instruction set makes of it against
/// what another did.
/// </summary>
internal static class FashionTraining
{
    private const int Batch = 16;
    private const int Steps = 4;
    private const string Instructions = "instructions";
    private const string Losses = "losses";
    private const string Start = "start.";

    // Of the largest. The paths of x64 differ by 2e-7 and 3e-5: a weight of .3 has no finer steps than that part of its movement of .001.
    private const double ValueTolerance = 1e-6;
    private const double MovementTolerance = 1e-4;

    /// <summary>Trains, and gives the losses and every weight before and after.</summary>
    public static StateDict Train()
    {
        string data = Path.Combine(AppContext.BaseDirectory, "data", "t10k-");
        Dataset images = Dataset.FromIdx(data + "images-idx3-ubyte.gz", data + "labels-idx1-ubyte.gz").Slice(0, Batch * Steps);
        FashionNet net = new(Batch, seed: 1);
        SGD optimizer = new(net.Parameters, lr: 0.05, momentum: 0.9);
        StateDict result = new();
        result.Metadata[Instructions] = SimdTarget.Name;
        foreach ((string name, StateTensor weight) in net.Parameters.StateDict())
        {
            result.Add(Start + name, weight);
        }

        List<float> losses = [];
        foreach (var (pixels, labels) in images.Batches(Batch))
        {
            optimizer.ZeroGrad();
            net.Forward(pixels);
            losses.Add(net.Loss(labels));
            net.Backward();
            optimizer.Step();
        }

        result.Add(Losses, new StateTensor([losses.Count], losses.ToArray()));
        foreach ((string name, StateTensor weight) in net.Parameters.StateDict())
        {
            result.Add(name, weight);
        }

        return result;
    }

    /// <summary>Trains, and fails where the numbers are not those of the 128-bit path.</summary>
    /// <param name="expected">What <see cref="Train"/> gave there.</param>
    public static void AgreesWith(StateDict expected)
    {
        Assert.Equal("128-bit", expected.Metadata[Instructions]);
        StateDict actual = Train();
        Assert.Equal(expected.Names, actual.Names);
        foreach ((string name, StateTensor tensor) in expected)
        {
            Golden(tensor.ToArray()).CheckLargest(actual[name].ToArray(), name.StartsWith(Start, StringComparison.Ordinal) ? 0 : ValueTolerance, name);
            if (expected.TryGetTensor(Start + name, out StateTensor? start))
            {
                // Training moves a weight little: the movement itself is right too.
                float[] from = start.ToArray();
                float[] movement = [.. actual[name].ToArray().Zip(from, (after, before) => after - before)];
                Golden(tensor.ToArray()).Minus(from).CheckLargest(movement, MovementTolerance, name + "'s movement");
            }
        }
    }

    private static GoldenTensor Golden(float[] values) => new([values.Length], [.. values.Select(value => (double)value)], 0, 0, 0);
}
