using GraphGen;

namespace Finetune;

/// <summary>The four kinds of Fashion-MNIST that the pretrained network has never seen: sandals, sneakers, bags, ankle boots.</summary>
internal static class ShoesAndBags
{
    private const int TrainingSet = 400;

    private static readonly int[] Kinds = [5, 7, 8, 9];

    /// <summary>Loads 400 images to train on and all others to test with, from those that come with samples/FashionMnist.</summary>
    internal static (Dataset Train, Dataset Test) Load()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "data");
        Dataset all = Dataset.FromIdx(Path.Combine(folder, "t10k-images-idx3-ubyte.gz"), Path.Combine(folder, "t10k-labels-idx1-ubyte.gz"));
        int[] chosen = [.. Enumerable.Range(0, all.Count).Where(i => Kinds.Contains(all.Labels[i]))];

        float[] images = new float[chosen.Length * all.SampleLength];
        int[] labels = new int[chosen.Length];
        for (int i = 0; i < chosen.Length; i++)
        {
            all.CopySample(chosen[i], images.AsSpan(i * all.SampleLength, all.SampleLength));
            labels[i] = Array.IndexOf(Kinds, all.Labels[chosen[i]]);
        }

        var data = new Dataset(images, labels, all.SampleLength);
        return (data.Slice(0, TrainingSet), data.Slice(TrainingSet, data.Count - TrainingSet));
    }
}
