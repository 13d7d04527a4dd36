using System.Globalization;
using GraphGen.Generator.Emit.Kernels;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Plan;

namespace GraphGen.Generator.Emit;

/// <summary>All kernels of a model: names them, writes each once, and lets passes that need the same code share it.</summary>
internal sealed class KernelLibrary
{
    /// <summary>Ends what stands for a kernel's name in what is written of it before it has one: no identifier has this letter.</summary>
    private const string Mark = "\u00a7";

    private readonly Dictionary<string, string> _sources = [];
    private readonly List<string> _order = [];

    /// <summary>The names of kernels by what they are about, their pass, and their source without the name.</summary>
    private readonly Dictionary<(string Subject, PassRole Role, string Unnamed), string> _named = [];
    private readonly Dictionary<string, int> _numbers = [];

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
        string subject = Subject(layout, kernel);
        string unnamed = subject + Mark;
        kernel.Name = unnamed;
        string source = Write(layout, kernel);

        // Inference shares a training kernel if the code comes out the same, or has its name if no training kernel does.
        PassRole[] roles = role switch
        {
            PassRole.Predict => [PassRole.Forward, PassRole.Predict],
            PassRole.Evaluate => [PassRole.Loss, PassRole.Evaluate],
            _ => [role],
        };
        foreach (PassRole other in roles.Length > 1 ? roles : [])
        {
            if (_named.TryGetValue((subject, other, source), out string? shared))
            {
                kernel.Name = shared;
                return;
            }
        }

        kernel.Name = roles.Length > 1 && IsFree(layout, subject + roles[0]) ? subject + roles[0] : NextFree(layout, subject + role);
        _named[(subject, role, source)] = kernel.Name;
        _sources.Add(kernel.Name, source.Replace(unnamed, kernel.Name));
        _order.Add(kernel.Name);
    }

    /// <summary>The name itself, or with the first number that makes it free.</summary>
    private string NextFree(ArenaLayout layout, string name)
    {
        _numbers.TryGetValue(name, out int number);
        string numbered;
        do
        {
            number++;
            numbered = name + (number > 1 ? number.ToString(CultureInfo.InvariantCulture) : "");
        }
        while (!IsFree(layout, numbered));
        _numbers[name] = number;
        return numbered;
    }

    /// <summary>Whether no other kernel and no driver has the name, and no value one that a kernel's own memory could get.</summary>
    private bool IsFree(ArenaLayout layout, string name) =>
        !_sources.ContainsKey(name) && !PassEmitter.IsDriverName(name) && !layout.Memory.Names.Continues(name);

    private static string Write(ArenaLayout layout, Kernel kernel)
    {
        CodeWriter code = new();
        KernelContext context = new(kernel, layout.NestOf(kernel), code, layout.Memory);
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
