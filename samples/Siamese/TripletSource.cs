namespace Siamese;

/// <summary>Three images by their numbers: an anchor, another of its class, and one of another class.</summary>
internal readonly record struct Triplet(int Anchor, int Positive, int Negative);

/// <summary>Draws triplets. Negatives are the more useful the nearer they are: of some that are drawn the nearest is taken.</summary>
/// <param name="labels">The classes of the images.</param>
/// <param name="seed">Where the random numbers begin.</param>
internal sealed class TripletSource(int[] labels, int seed)
{
    /// <summary>Images of other classes that are drawn for an anchor. With many the network sees little but mistakes in the labels.</summary>
    private const int Candidates = 4;

    private readonly Random _random = new(seed);

    /// <summary>By class: its images.</summary>
    private readonly int[][] _alike = [.. Enumerable.Range(0, labels.Max() + 1).Select(kind => Enumerable.Range(0, labels.Length).Where(image => labels[image] == kind).ToArray())];

    /// <summary>A triplet for each image as the anchor, in random order.</summary>
    /// <param name="points">Where the images are, in the same order.</param>
    internal Triplet[] Draw(Points points)
    {
        int[] anchors = [.. Enumerable.Range(0, labels.Length)];
        _random.Shuffle(anchors);
        return [.. anchors.Select(anchor => new Triplet(anchor, AnotherOfItsClass(anchor), NearOfAnotherClass(anchor, points)))];
    }

    private int AnotherOfItsClass(int anchor)
    {
        int[] alike = _alike[labels[anchor]];
        int drawn = anchor;
        while (drawn == anchor)
        {
            drawn = alike[_random.Next(alike.Length)];
        }

        return drawn;
    }

    private int NearOfAnotherClass(int anchor, Points points)
    {
        int[] drawn = [.. Enumerable.Range(0, Candidates).Select(_ => OfAnotherClass(anchor))];
        return drawn.MinBy(candidate => points.Distance(anchor, candidate));
    }

    private int OfAnotherClass(int anchor)
    {
        int drawn = anchor;
        while (labels[drawn] == labels[anchor])
        {
            drawn = _random.Next(labels.Length);
        }

        return drawn;
    }
}
