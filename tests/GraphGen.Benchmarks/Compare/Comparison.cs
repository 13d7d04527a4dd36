using GraphGen.Benchmarks.Workloads;

namespace GraphGen.Benchmarks.Compare;

/// <summary>Measures workloads on GraphGen's side, the peers' and the machine's, in turns, each with as many threads.</summary>
/// <param name="peers">The peers that are there.</param>
/// <param name="threads">Threads of each side.</param>
/// <param name="rounds">Turns of each side.</param>
/// <param name="fail">Takes the sentence about a side that fails. Where it is a peer's that does not start, the others are measured without it.</param>
internal sealed class Comparison(IReadOnlyList<Peer> peers, int threads, int rounds, Action<string> fail)
{
    private const string OurCheck = "graphgen.check";

    /// <summary>One row a peer, the fastest first.</summary>
    internal IReadOnlyList<ComparisonRow> Measure(Workload workload)
    {
        try
        {
            return MeasureSides(workload);
        }
        catch (SideException e)
        {
            fail($"{workload.Title}, {workload.KindName}: {e.Message}");
            return [];
        }
    }

    private IReadOnlyList<ComparisonRow> MeasureSides(Workload workload)
    {
        string folder = Directory.CreateTempSubdirectory("graphgen-compare-").FullName;
        List<Side> sides = [];
        try
        {
            sides.Add(Side.Start("GraphGen", SideStart.Self(threads, "worker", $"{workload.Index}", $"{threads}", folder, OurCheck)));
            sides.Add(Side.Start("limit", SideStart.Self(threads, "limit", $"{workload.Index}", $"{threads}")));
            foreach (Peer peer in peers.Where(peer => peer.Takes(workload)))
            {
                StartPeer(peer, workload, folder, sides);
            }

            double busy = SideTurns.Take(sides, rounds);
            Side ours = sides[0], limit = sides[1];
            double median = ours.Median, peak = ours.PeakMegabytes();
            return
            [
                .. sides.Skip(2)
                    .Select(peer => new ComparisonRow(
                        workload.Title, workload.KindName, median, peer.Name, peer.Median, peer.Median / median, limit.Median,
                        peak, peer.PeakMegabytes(), Math.Max(ours.Spread, peer.Spread), busy))
                    .OrderBy(row => row.PeerMs),
            ];
        }
        finally
        {
            sides.ForEach(side => side.Dispose());
            Directory.Delete(folder, recursive: true);
        }
    }

    private void StartPeer(Peer peer, Workload workload, string folder, List<Side> sides)
    {
        const string Check = "peer.check";
        try
        {
            Side side = Side.Start(peer.Name, peer.Start(threads, [.. workload.Arguments, $"{threads}", folder, Check]));
            try
            {
                side.Check(Path.Combine(folder, OurCheck), Path.Combine(folder, Check));
                sides.Add(side);
            }
            catch
            {
                side.Dispose();
                throw;
            }
        }
        catch (SideException e)
        {
            fail($"{workload.Title}, {workload.KindName}: {e.Message}");
        }
    }
}
