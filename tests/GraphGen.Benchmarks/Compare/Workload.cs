namespace GraphGen.Benchmarks.Compare;

/// <summary>Something that GraphGen and its peers do alike, and by whose time they are compared.</summary>
/// <param name="Name">Its name on command lines.</param>
/// <param name="Title">Its name in the table.</param>
/// <param name="KindName">What kind of work it is: training, inference or optimizer.</param>
internal abstract record Workload(string Name, string Title, string KindName)
{
    internal static readonly Workload[] All = [.. NetworkWorkload.All, .. OptimizerWorkload.All];

    /// <summary>
    /// Prepares GraphGen's side, which is started first: leaves what the peers start from in a folder, and as <c>graphgen.check</c> what it
    /// computes of that.
    /// </summary>
    /// <returns>One iteration of what is timed.</returns>
    internal abstract Action Prepare(string folder);

    /// <summary>The peers of those on this machine that do the same.</summary>
    internal abstract IEnumerable<Peer> PeersOf(Peers peers, int threads, string folder);
}
