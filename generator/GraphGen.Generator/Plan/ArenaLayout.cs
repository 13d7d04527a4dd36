using GraphGen.Generator.Emit;
using GraphGen.Generator.Emit.Kernels;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Plan;

/// <summary>A value that lies in another one's memory.</summary>
/// <param name="Name">Its name in generated code.</param>
/// <param name="Node">The value.</param>
/// <param name="Whole">The other's memory.</param>
/// <param name="Offset">Elements from the first of that to its own first.</param>
internal sealed record Part(string Name, Node Node, Buffer Whole, int Offset);

/// <summary>The passes that share an arena, with every value in it named, its lifetime known and its place planned.</summary>
internal sealed class ArenaLayout
{
    private readonly Dictionary<Node, string> _names = [];

    private readonly IReadOnlyDictionary<Kernel, Nest> _nests;

    private ArenaLayout(IReadOnlyList<Pass> passes, IReadOnlyDictionary<Kernel, Nest> nests, PassFields fields)
    {
        Passes = passes;
        _nests = nests;
        Memory = new MemoryNames(fields, fields.Names.Copy(), _names);
    }

    public IReadOnlyList<Pass> Passes { get; }

    public MemoryNames Memory { get; }

    /// <summary>Places for all that lives in the arena; made by <see cref="Place"/>, once the kernels have their names.</summary>
    public MemoryPlan? Plan { get; private set; }

    /// <summary>The values that lie in the memory of others.</summary>
    public IReadOnlyList<Part> Parts { get; private set; } = [];

    /// <summary>Names every value that the passes store.</summary>
    public static ArenaLayout Name(IReadOnlyList<Pass> passes, IReadOnlyDictionary<Kernel, Nest> nests, PassFields fields)
    {
        ArenaLayout layout = new(passes, nests, fields);
        foreach (Kernel kernel in passes.SelectMany(pass => pass.Kernels))
        {
            foreach (Node node in Stored(kernel))
            {
                string name = NameOf(node) ?? node.Inputs.Select(NameOf).FirstOrDefault(given => given is not null) ?? kernel.Anchor?.Name ?? "Value";
                bool lacksWinners = node.Op is Op.MaxPool2dWinners && !name.EndsWith("Winners", StringComparison.Ordinal);
                layout._names[node] = layout.Memory.Names.Unique(lacksWinners ? name + "Winners" : name);
            }
        }

        return layout;
    }

    /// <summary>The loops of a kernel; <see langword="null"/> for a kind that is written as text.</summary>
    public Nest? NestOf(Kernel kernel) => _nests.TryGetValue(kernel, out Nest? nest) ? nest : null;

    /// <summary>The kernels of a pass that have anything to do: all parts of a concatenation may be in place before.</summary>
    public IEnumerable<Kernel> RunBy(Pass pass) => pass.Kernels.Where(kernel => NestOf(kernel) is not { Routines.Count: 0 });

    /// <summary>Plans the arena. <paramref name="lasting"/> values are read after their pass: they live to the end.</summary>
    public void Place(IEnumerable<Node> lasting)
    {
        List<Kernel> kernels = [.. Passes.SelectMany(pass => pass.Kernels)];
        HashSet<Node> toTheEnd = [.. lasting.Select(root => root.BehindReshapes)];
        Dictionary<Node, int> lastRead = [];
        for (int time = 0; time < kernels.Count; time++)
        {
            foreach (Node read in kernels[time].Loads)
            {
                lastRead[read] = time;
            }
        }

        // Values that lie in one another's memory live together, from the first that is stored to the last that is read.
        Dictionary<Node, (int First, int Last)> lives = [];
        for (int time = 0; time < kernels.Count; time++)
        {
            foreach (Node node in Stored(kernels[time]))
            {
                Node whole = WholeOf(kernels[time], node);
                int last = toTheEnd.Contains(node) ? kernels.Count : Math.Max(time, lastRead.TryGetValue(node, out int read) ? read : time);
                lives[whole] = lives.TryGetValue(whole, out (int First, int Last) life) ? (Math.Min(life.First, time), Math.Max(life.Last, last)) : (time, last);
            }
        }

        List<Part> parts = [];
        List<Buffer> buffers = [];
        Dictionary<Node, Buffer> bufferOf = [];
        foreach (Node given in toTheEnd.Where(node => node.Op is Op.OutputGradient or Op.LossGradient))
        {
            // A model without a loss is given the gradients of its outputs by the caller, one of an unreduced loss that of the loss.
            buffers.Add(new Buffer(Memory.Names.Unique("GivenGradient"), given, given.Shape.ToString(), given.Shape.ElementsPerSample, given.Shape.IsPerSample, 0, kernels.Count));
        }

        for (int time = 0; time < kernels.Count; time++)
        {
            Kernel kernel = kernels[time];
            Node? overwritten = InPlace.OverwrittenBy(kernel, NestOf(kernel), kernel.Loads.Where(read => bufferOf[read].Last == time));
            foreach (Node node in Stored(kernel))
            {
                Node whole = WholeOf(kernel, node);
                if (!bufferOf.TryGetValue(whole, out Buffer? buffer))
                {
                    Buffer? place = overwritten is null ? null : bufferOf[overwritten];
                    buffer = new Buffer(_names[whole], whole, whole.Shape.ToString(), Buffer.FloatsOf(whole), whole.Shape.IsPerSample, lives[whole].First, lives[whole].Last, place);
                    bufferOf.Add(whole, buffer);
                    buffers.Add(buffer);
                }

                if (whole != node)
                {
                    bufferOf.Add(node, buffer);
                    parts.Add(new Part(_names[node], node, buffer, kernel.Storage.HomeOf(node)!.Offset));
                }
            }

            foreach (Scratch scratch in NestOf(kernel)?.Scratch ?? KernelEmitters.For(kernel).Scratch(new KernelContext(kernel.Name, kernel, null, new CodeWriter(), Memory)))
            {
                // Between predictions parameters rarely change; in training they always do.
                bool isKept = scratch.IsWorthKeeping && Passes.All(pass => pass.Role is PassRole.Predict or PassRole.Evaluate);
                (int first, int last) = isKept ? (0, kernels.Count) : (time, time);
                buffers.Add(new Buffer(kernel.Name + scratch.Suffix, null, scratch.Description, scratch.Floats, scratch.PerSample, first, last));
            }
        }

        Parts = parts;
        Plan = MemoryPlan.Make(buffers);
    }

    /// <summary>A value's name; for a copy or a view, that of what it is a copy or a view of.</summary>
    private static string? NameOf(Node node)
    {
        while (node.Name is null && (node.Op.IsView || node.Op.IsCopy))
        {
            node = node.Inputs[0];
        }

        return node.Name;
    }

    private static Node WholeOf(Kernel kernel, Node stored) => kernel.Storage.HomeOf(stored)?.Whole ?? stored;

    /// <summary>What a kernel puts in the arena; gradients of parameters have a block of their own.</summary>
    private static IEnumerable<Node> Stored(Kernel kernel) => kernel.Body.Where(node => kernel.Stores.Contains(node) && node.Op is not Op.AddToGradient);
}
