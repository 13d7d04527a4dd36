using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Plan;

/// <summary>A piece of the arena.</summary>
/// <param name="Name">Its name in generated code.</param>
/// <param name="Node">The value it holds, or <see langword="null"/> for a kernel's scratch memory.</param>
/// <param name="Description">What it holds, with its shape.</param>
/// <param name="Floats">Its size in floats: for each sample, or in all.</param>
/// <param name="PerSample">Whether the size is for each sample.</param>
/// <param name="First">The kernel that writes it, counted over the passes that share the arena.</param>
/// <param name="Last">The last kernel that reads it.</param>
internal sealed record Buffer(string Name, Node? Node, string Description, long Floats, bool PerSample, int First, int Last)
{
    /// <summary>Where it starts: in floats, times the capacity if <see cref="PerSample"/>.</summary>
    public long Offset { get; set; } = -1;

    /// <summary>Whether it holds bytes (winners), not floats.</summary>
    public bool IsBytes => Node?.Op is Op.MaxPool2dWinners;

    public bool Overlaps(Buffer other) => First <= other.Last && other.First <= Last;
}

/// <summary>
/// Offsets for every intermediate value in one arena, shared by values whose lifetimes do not meet. The arena has a part that
/// grows with the batch (offsets count floats a sample) and, after it, a part that does not.
/// </summary>
internal sealed class MemoryPlan
{
    /// <summary>Sizes are rounded up to this many floats, a cache line, so that every buffer is aligned at any batch size.</summary>
    private const int Alignment = 16;

    private MemoryPlan(IReadOnlyList<Buffer> buffers)
    {
        Buffers = buffers;
        PerSampleFloats = Peak(buffers, perSample: true);
        FixedFloats = Peak(buffers, perSample: false);
    }

    public IReadOnlyList<Buffer> Buffers { get; }

    /// <summary>Floats of arena for each sample of the capacity.</summary>
    public long PerSampleFloats { get; }

    /// <summary>Floats of arena whatever the batch.</summary>
    public long FixedFloats { get; }

    /// <summary>What the same buffers would take without sharing.</summary>
    public long UnsharedPerSampleFloats => Buffers.Where(buffer => buffer.PerSample).Sum(buffer => Round(buffer.Floats));

    public static MemoryPlan Make(IReadOnlyList<Buffer> buffers)
    {
        foreach (bool perSample in new[] { true, false })
        {
            List<Buffer> placed = [];
            foreach (Buffer buffer in buffers.Where(buffer => buffer.PerSample == perSample).OrderByDescending(buffer => buffer.Floats).ThenBy(buffer => buffer.First))
            {
                buffer.Offset = FirstGap(placed.Where(buffer.Overlaps).OrderBy(other => other.Offset), Round(buffer.Floats));
                placed.Add(buffer);
            }
        }

        MemoryPlan plan = new(buffers);
        plan.Verify();
        return plan;
    }

    public static long Round(long floats) => (floats + Alignment - 1) / Alignment * Alignment;

    private static long FirstGap(IEnumerable<Buffer> inTheWay, long size)
    {
        long offset = 0;
        foreach (Buffer other in inTheWay)
        {
            if (other.Offset - offset >= size)
            {
                break;
            }

            offset = Math.Max(offset, other.Offset + Round(other.Floats));
        }

        return offset;
    }

    private static long Peak(IEnumerable<Buffer> buffers, bool perSample) =>
        buffers.Where(buffer => buffer.PerSample == perSample).Select(buffer => buffer.Offset + Round(buffer.Floats)).DefaultIfEmpty(0).Max();

    /// <summary>No two values that live at the same time share memory.</summary>
    private void Verify()
    {
        foreach (Buffer a in Buffers)
        {
            foreach (Buffer b in Buffers)
            {
                if (!ReferenceEquals(a, b) && a.PerSample == b.PerSample && a.Overlaps(b) && a.Offset < b.Offset + Round(b.Floats) && b.Offset < a.Offset + Round(a.Floats))
                {
                    throw new InvalidOperationException($"The memory of {a.Name} and {b.Name} overlaps while both live.");
                }
            }
        }
    }
}
