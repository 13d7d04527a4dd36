using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace GraphGen.Benchmarks.Compare;

/// <summary>A row of the table and of the JSON file: medians in milliseconds, ratio = peer / graphgen.</summary>
internal sealed record ComparisonRow(
    [property: JsonPropertyName("workload")] string Workload,
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("graphgen_ms")] double GraphGenMs,
    [property: JsonPropertyName("peer")] string Peer,
    [property: JsonPropertyName("peer_ms")] double PeerMs,
    [property: JsonPropertyName("ratio")] double Ratio,
    [property: JsonPropertyName("graphgen_peak_mb")] double GraphGenPeakMb,
    [property: JsonPropertyName("peer_peak_mb")] double PeerPeakMb);

/// <summary>Measures workloads: ours, theirs, ours, theirs, in turns, each with as many threads.</summary>
internal sealed class Comparison(Peers peers, int threads, int rounds)
{
    private const double MillisecondsPerTurn = 250;
    private const double MillisecondsOfWarmUp = 1500;
    private const int MostIterations = 4000;

    /// <summary>How far the others may be from GraphGen's results, relative to the largest, before the comparison is refused.</summary>
    private const double Tolerance = 1e-4;

    // All sides keep spinning threads for a while after they worked: until they sleep, the next is not asked.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    internal List<ComparisonRow> Measure(Workload workload)
    {
        string folder = Directory.CreateTempSubdirectory("graphgen-compare-").FullName;
        List<Side> sides = [];
        try
        {
            sides.Add(Side.Start("GraphGen", Peers.Self("worker", $"{Array.IndexOf(Workload.All, workload)}", $"{threads}", folder)));
            float[] expected = ReadCheck(folder, "graphgen.check");
            foreach (Peer peer in workload.PeersOf(peers, threads, folder))
            {
                sides.Add(Side.Start(peer.Name, peer.Start));
                if (peer.CheckFile is not null)
                {
                    Check(workload, peer.Name, expected, ReadCheck(folder, peer.CheckFile));
                }
            }

            int[] turns = [.. sides.Select(WarmUp)];
            for (int round = 0; round < rounds; round++)
            {
                for (int i = 0; i < sides.Count; i++)
                {
                    Thread.Sleep(Pause);
                    sides[i].Run(turns[i]);
                }
            }

            double ours = sides[0].Median, oursPeak = sides[0].PeakMegabytes();
            return [.. sides.Skip(1).Select(side => new ComparisonRow(
                workload.Title, workload.KindName, ours, side.Name, side.Median, side.Median / ours, oursPeak, side.PeakMegabytes()))];
        }
        finally
        {
            sides.ForEach(side => side.Dispose());
            Directory.Delete(folder, recursive: true);
        }
    }

    // Iterations for a turn, after enough of them that everything is compiled and in its caches.
    private static int WarmUp(Side side)
    {
        Thread.Sleep(Pause);
        double milliseconds = side.WarmUp(1);
        for (double spent = 0; spent < MillisecondsOfWarmUp;)
        {
            int count = (int)Math.Clamp(MillisecondsPerTurn / milliseconds, 1, MostIterations);
            milliseconds = side.WarmUp(count);
            spent += count * milliseconds;
        }

        return (int)Math.Clamp(MillisecondsPerTurn / milliseconds, 1, MostIterations);
    }

    private static float[] ReadCheck(string folder, string file) =>
        MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, file))).ToArray();

    private static void Check(Workload workload, string name, float[] expected, float[] actual)
    {
        double largest = expected.Max(Math.Abs);
        double difference = expected.Length == actual.Length ? expected.Zip(actual, (left, right) => Math.Abs((double)left - right)).Max() : double.NaN;
        if (!(difference <= Tolerance * largest))
        {
            throw new InvalidOperationException($"{workload.Title}, {workload.KindName}: {name} computes something else: off by {difference / largest:g3} of the largest value.");
        }
    }
}
