using GraphGen;

namespace FashionMnist;

/// <summary>Fashion-MNIST as a training and a held-out set.</summary>
internal static class FashionData
{
    private const int Pixels = 28 * 28;
    private const int SmallTrainingSet = 8_500;
    private const int SmallTestSet = 1_500;

    /// <summary>Loads the data.</summary>
    /// <param name="directory">
    /// A folder with the four files of the whole data set, 60,000 images to train on and 10,000 held out; <see langword="null"/>
    /// for the 10,000 that come with the sample, of which the last 1,500 are held out.
    /// </param>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be.</exception>
    internal static (Dataset Train, Dataset Test) Load(string? directory)
    {
        if (directory is not null)
        {
            return (Read(directory, "train"), Read(directory, "t10k"));
        }

        Dataset all = Read(Path.Combine(AppContext.BaseDirectory, "data"), "t10k");
        return (all.Slice(0, SmallTrainingSet), all.Slice(SmallTrainingSet, SmallTestSet));
    }

    private static Dataset Read(string directory, string set)
    {
        string images = Existing(Path.Combine(directory, $"{set}-images-idx3-ubyte"));
        Dataset data = Dataset.FromIdx(images, Existing(Path.Combine(directory, $"{set}-labels-idx1-ubyte")));
        return data.SampleLength == Pixels
            ? data
            : throw new InvalidDataException($"'{images}' has images of {data.SampleLength} pixels, expected {Pixels}.");
    }

    // The files are found compressed, as they are distributed, or unpacked.
    private static string Existing(string path) => File.Exists(path) ? path : path + ".gz";
}
