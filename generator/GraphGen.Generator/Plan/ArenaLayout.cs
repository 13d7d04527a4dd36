using GraphGen.Generator.Emit;
using GraphGen.Generator.Emit.Kernels;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Operations;

namespace GraphGen.Generator.Plan;

/// <summary>The passes that share an arena, with every value in it named, its lifetime known and its place planned.</summary>
internal sealed class ArenaLayout
{
    private readonly Dictionary<Node, string> _names = [];
    private readonly HashSet<string> _taken = [.. Identifiers.PassFields];

    private ArenaLayout(IReadOnlyList<Pass> passes, IReadOnlyList<ParameterInfo> parameters)
    {
        Passes = passes;
        Memory = new MemoryNames(parameters, _names);
        _taken.UnionWith(parameters.SelectMany(parameter => new[] { parameter.Identifier, parameter.Identifier + "Gradient" }));
    }

    public IReadOnlyList<Pass> Passes { get; }

    public MemoryNames Memory { get; }

    /// <summary>Places for all that lives in the arena; made by <see cref="Place"/>, once the kernels have their names.</summary>
    public MemoryPlan? Plan { get; private set; }

    /// <summary>Names every value that the passes store.</summary>
    public static ArenaLayout Name(IReadOnlyList<Pass> passes, IReadOnlyList<ParameterInfo> parameters)
    {
        ArenaLayout layout = new(passes, parameters);
        foreach (Kernel kernel in passes.SelectMany(pass => pass.Kernels))
        {
            foreach (Node node in kernel.Body.Where(kernel.Stores.Contains))
            {
                string name = node.Name ?? node.Inputs.Select(input => input.Name).FirstOrDefault(given => given is not null) ?? kernel.Anchor?.Name ?? "Value";
                layout._names[node] = layout.Unique(node.Op is Op.MaxPool2dWinners && !name.EndsWith("Winners", StringComparison.Ordinal) ? name + "Winners" : name);
            }
        }

        return layout;
    }

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

        List<Buffer> buffers = [];
        foreach (Node given in toTheEnd.Where(node => node.Op is Op.OutputGradient))
        {
            // A model without a loss is given the gradient of its output by the caller.
            buffers.Add(new Buffer("GivenGradient", given, given.Shape.ToString(), given.Shape.ElementsPerSample, given.Shape.IsPerSample, 0, kernels.Count));
        }

        for (int time = 0; time < kernels.Count; time++)
        {
            Kernel kernel = kernels[time];
            foreach (Node node in kernel.Body.Where(kernel.Stores.Contains))
            {
                int last = toTheEnd.Contains(node) ? kernels.Count : Math.Max(time, lastRead.TryGetValue(node, out int read) ? read : time);
                int perFloat = node.Op is Op.MaxPool2dWinners ? 4 : 1;
                buffers.Add(new Buffer(_names[node], node, node.Shape.ToString(), (node.Shape.ElementsPerSample + perFloat - 1) / perFloat, node.Shape.IsPerSample, time, last));
            }

            KernelContext context = new(kernel, new CodeWriter(), Memory);
            foreach (Scratch scratch in KernelEmitters.For(kernel).Scratch(context))
            {
                buffers.Add(new Buffer(kernel.Name + scratch.Suffix, null, scratch.Description, scratch.Floats, scratch.PerSample, time, time));
            }
        }

        Plan = MemoryPlan.Make(buffers);
    }

    private string Unique(string name)
    {
        string unique = name;
        for (int suffix = 2; !_taken.Add(unique); suffix++)
        {
            unique = name + suffix.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return unique;
    }
}
