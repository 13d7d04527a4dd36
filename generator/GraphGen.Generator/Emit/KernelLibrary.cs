using System.Globalization;
using GraphGen.Generator.Emit.Kernels;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;
using GraphGen.Generator.Plan;

namespace GraphGen.Generator.Emit;

/// <summary>Code that one kernel or several run: methods, and the struct that they are given.</summary>
/// <param name="name">The name of its last method, with which those of all the others begin.</param>
/// <param name="source">The methods.</param>
/// <param name="fields">The struct.</param>
internal sealed class RoutineCode(string name, string source, EquatableArray<CallField> fields)
{
    public string Name { get; } = name;

    public string Source { get; } = source;

    public EquatableArray<CallField> Fields { get; } = fields;

    /// <summary>The kernels that run it, the one that it is named after first.</summary>
    public List<KernelCall> Calls { get; } = [];
}

/// <summary>A kernel as generated code has it: a routine, and what it is given.</summary>
/// <param name="Name">The field of <c>Pass</c> that has what the routine is given.</param>
/// <param name="Description">What the kernel computes, as one sentence with shapes.</param>
/// <param name="Routine">The routine.</param>
/// <param name="Arguments">By field of the routine's struct, what it is given.</param>
/// <param name="Scratch">The kernel's own memory.</param>
/// <param name="Launches">The calls of the worker pool that run it.</param>
internal sealed record KernelCall(
    string Name, string Description, RoutineCode Routine, IReadOnlyList<CallArgument> Arguments, IReadOnlyList<Scratch> Scratch, IReadOnlyList<Launch> Launches)
{
    /// <summary>The same for kernels that are run in the same way, with other memory.</summary>
    public string Key => string.Join(";", Launches);

    /// <summary>The fields of the routine's struct, each with what is there in words; <see langword="null"/> where its name says it.</summary>
    public IEnumerable<(CallField Field, string? Description)> Fields => Routine.Fields.Zip(Arguments, (name, argument) => (name, DescriptionOf(argument)));

    /// <summary>The fields that have what is accepted.</summary>
    public IEnumerable<string> FieldsOf(Func<CallArgument, bool> accepts) =>
        Routine.Fields.Where((_, index) => accepts(Arguments[index])).Select(field => field.Name);

    private string? DescriptionOf(CallArgument argument) => argument switch
    {
        CallArgument.Memory { Place: Place.Value value } => value.Node.Shape.ToString(),
        CallArgument.Memory { Place: Place.Scratch scratch } => Scratch.First(memory => memory.Suffix == scratch.Suffix).Description,
        _ => null,
    };
}

/// <summary>All kernels of a model: names them, and writes each routine once, for all kernels that do the same with other memory.</summary>
internal sealed class KernelLibrary
{
    /// <summary>Stands for a routine's name in what is written of it before it has one: no identifier has this letter.</summary>
    private const string Mark = "\u00a7";

    private readonly Dictionary<(string Source, EquatableArray<CallField> Fields), RoutineCode> _shared = [];
    private readonly List<RoutineCode> _routines = [];
    private readonly Dictionary<Kernel, KernelCall> _calls = [];
    private readonly Dictionary<Pass, IReadOnlyList<ProgramStretch>> _programs = [];

    /// <summary>Where each kernel stands: its stretch, the turn and the place in it.</summary>
    private readonly Dictionary<KernelCall, (ProgramStretch Stretch, int Turn, int Place)> _places = [];
    private readonly HashSet<string> _names = [];
    private readonly Dictionary<string, int> _numbers = [];

    /// <summary>The routines, in order of their first use.</summary>
    public IReadOnlyList<RoutineCode> Routines => _routines;

    /// <summary>The stretches of all passes, in order of time.</summary>
    public IEnumerable<ProgramStretch> Stretches => _programs.Values.SelectMany(stretches => stretches);

    /// <summary>Names the kernels of an arena's passes and writes the routines that are not written yet.</summary>
    public void Add(ArenaLayout layout)
    {
        foreach (Pass pass in layout.Passes)
        {
            foreach (Kernel kernel in layout.RunBy(pass))
            {
                Add(layout, pass.Role, kernel);
            }

            AddProgram(layout, pass);
        }
    }

    public KernelCall CallOf(Kernel kernel) => _calls[kernel];

    /// <summary>Whether a kernel has anything to run.</summary>
    public bool Runs(Kernel kernel) => _calls.ContainsKey(kernel);

    /// <summary>The stretches of a pass, in order of time.</summary>
    public IReadOnlyList<ProgramStretch> ProgramOf(Pass pass) => _programs[pass];

    /// <summary>What a kernel's routine is given, as an expression.</summary>
    /// <param name="call">The kernel.</param>
    /// <param name="pass">The pointer to the pass.</param>
    /// <param name="scope">What the names of the class of kernels begin with where the expression stands.</param>
    public string Place(KernelCall call, string pass, string scope)
    {
        (ProgramStretch stretch, int turn, int place) = _places[call];
        return stretch.IsRepeated
            ? $"(({scope}{stretch.StructName}*)&{pass}->{stretch.FieldName})[{CodeWriter.Text(turn)}].{stretch.First[place].Name}"
            : $"{pass}->{call.Name}";
    }

    private void Add(ArenaLayout layout, PassRole role, Kernel kernel)
    {
        kernel.Name = NextFree(layout, Subject(layout, kernel) + role);
        CodeWriter code = new();
        KernelContext context = new(Mark, kernel, layout.NestOf(kernel), code, layout.Memory);
        IKernelEmitter emitter = context.Nest is null ? KernelEmitters.For(kernel) : NestEmitter.Instance;
        emitter.Emit(context);
        string source = code.ToString();
        EquatableArray<CallField> fields = context.Fields.Fields.ToEquatableArray();
        if (!_shared.TryGetValue((source, fields), out RoutineCode? routine))
        {
            routine = new RoutineCode(kernel.Name, source.Replace(Mark, kernel.Name), fields);
            _shared.Add((source, fields), routine);
            _routines.Add(routine);
        }

        KernelCall call = new(kernel.Name, emitter.Describe(context), routine, context.Fields.Arguments, [.. emitter.Scratch(context)], [.. emitter.Launches(new KernelContext(routine.Name, kernel, context.Nest, code, layout.Memory))]);
        routine.Calls.Add(call);
        _calls.Add(kernel, call);
    }

    private void AddProgram(ArenaLayout layout, Pass pass)
    {
        IReadOnlyList<ProgramStretch> program = PassProgram.Of([.. layout.RunBy(pass).Select(CallOf)]);
        _programs.Add(pass, program);
        foreach (ProgramStretch stretch in program)
        {
            for (int turn = 0; turn < stretch.Turns.Count; turn++)
            {
                for (int place = 0; place < stretch.First.Count; place++)
                {
                    _places.Add(stretch.Turns[turn][place], (stretch, turn, place));
                }
            }
        }
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
        _names.Add(numbered);
        return numbered;
    }

    /// <summary>Whether no other kernel has the name, and no value one that a kernel's own memory could get.</summary>
    private bool IsFree(ArenaLayout layout, string name) =>
        !_names.Contains(name) && !layout.Memory.Names.Continues(name);

    /// <summary>What a kernel is about: the layer at its heart, or else what it leaves in memory.</summary>
    private static string Subject(ArenaLayout layout, Kernel kernel)
    {
        Node stored = kernel.Stored.Last();
        return kernel.Anchor?.Name is { } anchor && kernel.Kind is KernelKind.MatMul or KernelKind.Convolution ? anchor : layout.Memory.Name(stored);
    }
}
