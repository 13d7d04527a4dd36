using System.Globalization;
using GraphGen.Generator.Emit.Kernels;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Plan;

namespace GraphGen.Generator.Emit;

/// <summary>All kernels of a model: names them, writes each once, and lets passes that need the same code share it.</summary>
internal sealed class KernelLibrary
{
    private readonly Dictionary<string, string> _sources = [];
    private readonly List<string> _order = [];

    /// <summary>Names the kernels of an arena's passes and writes those that are not written yet.</summary>
    public void Add(ArenaLayout layout)
    {
        foreach (Pass pass in layout.Passes)
        {
            foreach (Kernel kernel in pass.Kernels)
            {
                Add(layout, pass.Role, kernel);
            }
        }
    }

    /// <summary>The kernels' source, in order of their first use.</summary>
    public IEnumerable<string> Sources => _order.Select(name => _sources[name]);

    public int Count => _order.Count;

    private void Add(ArenaLayout layout, PassRole role, Kernel kernel)
    {
        // Inference shares a training kernel if the code comes out the same: first try its name.
        string subject = Subject(layout, kernel);
        PassRole[] roles = role switch
        {
            PassRole.Predict => [PassRole.Forward, PassRole.Predict],
            PassRole.Evaluate => [PassRole.Loss, PassRole.Evaluate],
            _ => [role],
        };
        for (int attempt = 0; ; attempt++)
        {
            string suffix = roles[Math.Min(attempt, roles.Length - 1)].ToString();
            int number = attempt - roles.Length + 2;
            kernel.Name = subject + suffix + (number > 1 ? number.ToString(CultureInfo.InvariantCulture) : "");
            if (PassEmitter.IsDriverName(kernel.Name) || layout.Memory.Names.Continues(kernel.Name))
            {
                // A driver has the name, or a value has one that a kernel's own memory could get.
                continue;
            }

            string source = Write(layout, kernel);
            if (_sources.TryGetValue(kernel.Name, out string? existing))
            {
                if (existing == source && role is PassRole.Predict or PassRole.Evaluate)
                {
                    return;
                }

                continue;
            }

            _sources.Add(kernel.Name, source);
            _order.Add(kernel.Name);
            return;
        }
    }

    private static string Write(ArenaLayout layout, Kernel kernel)
    {
        CodeWriter code = new();
        KernelContext context = new(kernel, code, layout.Memory);
        IKernelEmitter emitter = KernelEmitters.For(kernel);
        code.Line("// " + emitter.Describe(context));
        emitter.Emit(context);
        return code.ToString();
    }

    /// <summary>What a kernel is about: the layer at its heart, or else what it leaves in memory.</summary>
    private static string Subject(ArenaLayout layout, Kernel kernel)
    {
        Node stored = kernel.Body.Last(node => kernel.Stores.Contains(node) || node.Op is Op.AddToGradient);
        return kernel.Anchor?.Name is { } anchor && kernel.Kind is KernelKind.MatMul or KernelKind.Convolution ? anchor : layout.Memory.Name(stored);
    }
}
