namespace GraphGen.Benchmarks.Workloads;

/// <summary>Something that GraphGen and its peers do alike, and by whose time they are compared.</summary>
/// <param name="Name">Its name on command lines.</param>
/// <param name="Title">Its name in the table.</param>
/// <param name="KindName">What kind of work it is: training, inference or optimizer.</param>
internal abstract record Workload(string Name, string Title, string KindName)
{
    internal static readonly Workload[] All = [.. NetworkWorkload.All, .. OptimizerWorkload.All];

    /// <summary>Where it is in <see cref="All"/>, by which our own processes are told which it is.</summary>
    internal int Index => Array.IndexOf(All, this);

    /// <summary>What names it to a peer, whose program is given THREADS FOLDER CHECK after it.</summary>
    internal abstract string[] Arguments { get; }

    /// <summary>
    /// Prepares GraphGen's side: leaves what the others start from in a folder, and what it computes of that in the file
    /// <paramref name="check"/>.
    /// </summary>
    /// <returns>One iteration of what is timed.</returns>
    internal abstract Action Prepare(string folder, string check);

    /// <summary>What cannot be left out of an iteration.</summary>
    internal abstract Need Need();
}

/// <summary>What an iteration of a workload takes of the machine at least.</summary>
/// <param name="Operations">Floating point operations of its products and convolutions, a multiply-add counted as two.</param>
/// <param name="Buffers">
/// Buffers of an optimizer's step: the gradients, which it reads, and the values and states, which it reads and writes. 0 without a step.
/// </param>
/// <param name="Length">Floats in each of them.</param>
internal readonly record struct Need(double Operations, int Buffers, int Length);
