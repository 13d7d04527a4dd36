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
/// <param name="InPlaceOf">The buffer whose memory it takes: the kernel that writes this one is the last to read that one, element by element.</param>
internal sealed record Buffer(string Name, Node? Node, string Description, long Floats, bool PerSample, int First, int Last, Buffer? InPlaceOf = null)
{
    /// <summary>Where it starts: in floats, times the capacity if <see cref="PerSample"/>.</summary>
    public long Offset { get; set; } = -1;

    /// <summary>The type of what it holds.</summary>
    public DataType Type => Node?.Type ?? DataType.Float;

    /// <summary>The first of the buffers that have this one's memory in turn.</summary>
    public Buffer Origin
    {
        get
        {
            Buffer origin = this;
            while (origin.InPlaceOf is { } before)
            {
                origin = before;
            }

            return origin;
        }
    }

    /// <summary>The floats a value takes: for each sample, or in all.</summary>
    public static long FloatsOf(Node value) =>
        (((long)value.Shape.ElementsPerSample * value.Type.Bytes) + sizeof(float) - 1) / sizeof(float);
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
            List<Place> placed = []; // by offset
            foreach (Place place in buffers.Where(buffer => buffer.PerSample == perSample).GroupBy(buffer => buffer.Origin, (_, turns) => new Place([.. turns]))
                .OrderByDescending(place => place.Floats).ThenBy(place => place.First))
            {
                place.Offset = FirstGap(placed.Where(place.Overlaps), place.Floats);
                int at = placed.FindIndex(other => other.Offset > place.Offset);
                placed.Insert(at < 0 ? placed.Count : at, place);
            }
        }

        MemoryPlan plan = new(buffers);
        plan.Verify();
        return plan;
    }

    public static long Round(long floats) => (floats + Alignment - 1) / Alignment * Alignment;

    private static long FirstGap(IEnumerable<Place> inTheWay, long size)
    {
        long offset = 0;
        foreach (Place other in inTheWay)
        {
            if (other.Offset - offset >= size)
            {
                break;
            }

            offset = Math.Max(offset, other.Offset + other.Floats);
        }

        return offset;
    }

    private static long Peak(IEnumerable<Buffer> buffers, bool perSample) =>
        buffers.Where(buffer => buffer.PerSample == perSample).Select(buffer => buffer.Offset + Round(buffer.Floats)).DefaultIfEmpty(0).Max();

    /// <summary>No two values that live at the same time share memory, but for those that take another's place as it is read for the last time.</summary>
    private void Verify()
    {
        foreach (Buffer a in Buffers)
        {
            if (a.InPlaceOf is { } before && (before.Last != a.First || before.Offset != a.Offset || before.Floats != a.Floats || before.PerSample != a.PerSample))
            {
                throw new InvalidOperationException($"{a.Name} cannot take the place of {before.Name}.");
            }
        }

        VerifyApart(Buffers.Where(buffer => buffer.PerSample));
        VerifyApart(Buffers.Where(buffer => !buffer.PerSample));
    }

    /// <summary>Goes through time: what comes must lie between its neighbours among those that live then.</summary>
    private static void VerifyApart(IEnumerable<Buffer> buffers)
    {
        List<Buffer> live = []; // by offset
        foreach (Buffer buffer in buffers.OrderBy(buffer => buffer.First))
        {
            live.RemoveAll(other => other.Last < buffer.First || ReferenceEquals(other, buffer.InPlaceOf));
            int next = live.FindIndex(other => other.Offset >= buffer.Offset);
            next = next < 0 ? live.Count : next;
            Buffer? overlapping = next < live.Count && live[next].Offset < End(buffer) ? live[next] : next > 0 && End(live[next - 1]) > buffer.Offset ? live[next - 1] : null;
            if (overlapping is not null)
            {
                throw new InvalidOperationException($"The memory of {overlapping.Name} and {buffer.Name} overlaps while both live.");
            }

            live.Insert(next, buffer);
        }

        static long End(Buffer buffer) => buffer.Offset + Round(buffer.Floats);
    }

    /// <summary>Memory that buffers have in turn, each in place of the one before.</summary>
    private sealed class Place(Buffer[] turns)
    {
        public int First { get; } = turns.Min(buffer => buffer.First);

        public int Last { get; } = turns.Max(buffer => buffer.Last);

        public long Floats { get; } = Round(turns[0].Floats);

        public long Offset
        {
            get => turns[0].Offset;
            set
            {
                foreach (Buffer buffer in turns)
                {
                    buffer.Offset = value;
                }
            }
        }

        public bool Overlaps(Place other) => First <= other.Last && other.First <= Last;
    }
}
