using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Fuse;

/// <summary>Kernels in an order of time: each comes after those whose values it loads.</summary>
internal static class KernelSequence
{
    /// <param name="kernels">The kernels.</param>
    /// <param name="cost">Of the kernels that could come next, the one with the lowest cost does; of equals, the first.</param>
    /// <param name="taken">Told each kernel that was taken, before costs are asked for again.</param>
    public static List<Kernel> Of(IReadOnlyList<Kernel> kernels, Func<Kernel, long> cost, Action<Kernel>? taken = null)
    {
        Dictionary<Node, int> makerOf = [];
        for (int i = 0; i < kernels.Count; i++)
        {
            foreach (Node stored in kernels[i].Stores)
            {
                makerOf[stored] = i;
            }
        }

        int[] waitsFor = new int[kernels.Count];
        ILookup<int, int> readers = Enumerable.Range(0, kernels.Count)
            .SelectMany(i => kernels[i].Loads.Where(makerOf.ContainsKey).Select(load => (Maker: makerOf[load], Reader: i)))
            .Distinct()
            .ToLookup(pair => pair.Maker, pair => pair.Reader);
        foreach (int reader in readers.SelectMany(group => group))
        {
            waitsFor[reader]++;
        }

        List<int> ready = [.. Enumerable.Range(0, kernels.Count).Where(i => waitsFor[i] == 0)];
        List<Kernel> ordered = [];
        while (ready.Count > 0)
        {
            int next = ready[IndexOfLowest(ready, kernels, cost)];
            ready.Remove(next);
            ordered.Add(kernels[next]);
            taken?.Invoke(kernels[next]);
            foreach (int reader in readers[next])
            {
                if (--waitsFor[reader] == 0)
                {
                    ready.Insert(~ready.BinarySearch(reader), reader);
                }
            }
        }

        return ordered.Count == kernels.Count
            ? ordered
            : throw new InvalidOperationException($"The kernels of {string.Join(", ", kernels.Except(ordered).Select(kernel => kernel.Body[0]))} wait for each other.");
    }

    private static int IndexOfLowest(List<int> ready, IReadOnlyList<Kernel> kernels, Func<Kernel, long> cost)
    {
        int lowest = 0;
        long least = long.MaxValue;
        for (int i = 0; i < ready.Count; i++)
        {
            long own = cost(kernels[ready[i]]);
            if (own < least)
            {
                (lowest, least) = (i, own);
            }
        }

        return lowest;
    }
}
