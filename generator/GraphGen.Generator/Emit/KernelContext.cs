using System.Globalization;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Operations;
using GraphGen.Generator.Plan;

namespace GraphGen.Generator.Emit;

/// <summary>Memory of a kernel's own.</summary>
/// <param name="Suffix">Its name after the kernel's: <c>PackedWeight</c>.</param>
/// <param name="Description">What it holds, with its shape.</param>
/// <param name="Floats">Its size in floats, for each sample or in all.</param>
/// <param name="PerSample">Whether the size is for each sample.</param>
/// <param name="IsWorthKeeping">Whether the kernel, run again with the same parameters, is done sooner if it finds what it left there.</param>
internal sealed record Scratch(string Suffix, string Description, long Floats, bool PerSample, bool IsWorthKeeping = false);

/// <summary>What is in memory while the kernels of one arena run, and how generated code names it.</summary>
internal sealed class MemoryNames(PassFields fields, Names names, IReadOnlyDictionary<Node, string> buffers)
{
    public IReadOnlyList<ParameterInfo> Parameters => fields.Parameters;

    /// <summary>What is taken in the arena's part of the struct <c>Pass</c>.</summary>
    public Names Names { get; } = names;

    /// <summary>A pointer to the value's first element: <c>pass->Conv1</c>.</summary>
    public string Pointer(Node node) => node.Op switch
    {
        Op.Parameter parameter => "pass->" + Parameters[parameter.Index].Identifier,
        Op.AddToGradient gradient => "pass->" + Parameters[gradient.Index].Identifier + "Gradient",
        Op.Input input => "pass->" + fields.Input(input),
        Op.ForwardOutput output => "pass->" + fields.Output(output.Index),
        Op.OutputGradient output => "pass->" + fields.OutputGradient(output.Index),
        Op.LossGradient => "pass->" + fields.LossGradient,
        Op.ConstantVector vector => VectorName(vector),
        _ => "pass->" + buffers[node],
    };

    /// <summary>The name alone, for comments.</summary>
    public string Name(Node node) => Pointer(node).Replace("pass->", "").Replace("()", "");

    /// <summary>A constant vector is a property over data in the assembly.</summary>
    public static string VectorName(Op.ConstantVector vector) =>
        "Constants" + ((uint)vector.Values.GetHashCode()).ToString("x8", CultureInfo.InvariantCulture) + "()";
}

/// <summary>One kernel while it is being emitted.</summary>
internal sealed class KernelContext(Kernel kernel, CodeWriter code, MemoryNames memory)
{
    /// <summary>
    /// Vector operations that are written out for the vectors of a tile. Far above lies a cliff: the JIT inlines nothing into a
    /// method that has 512 locals, which are about a thousand operations, and each operation from there on is a call.
    /// </summary>
    private const int MostUnrolled = 300;

    /// <summary>
    /// Vector operations of the functions of an element that are inlined; with more, all are calls. A kernel's method may have the
    /// elementwise work several times: for whole vectors and the last, in each sweep over a row.
    /// </summary>
    private const int MostInlined = 150;

    private HashSet<Node>? _work;

    public Kernel Kernel { get; } = kernel;

    public CodeWriter Code { get; } = code;

    public MemoryNames Memory { get; } = memory;

    public string Name => Kernel.Name;

    /// <summary>How the kernel comes by its operands: it makes what is not in memory.</summary>
    private OperandWalk Walk => new(use => use.Op.IsView && !Loads(use), value => value.Op.IsElementwise && !Loads(value));

    /// <summary>Whether the kernel finds the value in memory. Others may be there too that it makes itself: they can be stored too late for it.</summary>
    public bool Loads(Node node) => node.Op.IsStoredLeaf || Kernel.Loads.Contains(node);

    /// <summary>Whether one of the kernel's own values is seen where it is: a reshape changes no position in the loops, nor what the value is made of.</summary>
    public bool IsOwn(Sight sight) => sight.IsInOrder && Kernel.Body.Contains(sight.Value);

    /// <summary>Whether the elementwise work on so many vectors of a tile is better a loop over them, by way of the stack, than written out.</summary>
    public bool IsLongEpilogue(int vectors) => vectors * (2 + Work.Sum(node => Elementwise.Cost(node.Op))) > MostUnrolled;

    /// <summary>Whether the functions of the elementwise work are calls: a kernel with many would pass what the JIT inlines.</summary>
    public bool CallsFunctions => Work.Where(node => Elementwise.IsFunction(node.Op)).Sum(node => Elementwise.Cost(node.Op)) > MostInlined;

    /// <summary>What is computed of an element.</summary>
    private HashSet<Node> Work => _work ??= WorkOf(Kernel.Body);

    /// <summary>Some of the kernel's values and all that they are made of, as far as that is not in memory.</summary>
    public HashSet<Node> WorkOf(IEnumerable<Node> own)
    {
        HashSet<Node> work = [.. own];
        Queue<Node> open = new(work);
        while (open.Count > 0)
        {
            foreach (Node input in open.Dequeue().Inputs)
            {
                if (!Loads(input) && work.Add(input))
                {
                    open.Enqueue(input);
                }
            }
        }

        return work;
    }

    /// <summary>A pointer to one of the kernel's scratch buffers.</summary>
    public string ScratchPointer(string suffix) => $"pass->{Name}{suffix}";

    /// <summary>The value in memory that an operand is a view of, and the views.</summary>
    public Sight Base(Node use) => Walk.Base(use);

    /// <summary>Whether the last <paramref name="inner"/> elements of an operand, as one loop, are evenly spaced wherever it is read from.</summary>
    public bool ReadsEvenly(Node use, Dim inner) =>
        Walk.Sights(use, IsOwn) is { } sights
        && sights.All(sight => IsOwn(sight) || (sight.Strides is { } strides && ViewStrides.IsEven(sight.Shape, strides, inner)));

    /// <summary>Whether they are so for everything that the kernel reads.</summary>
    public bool ReadsEvenly(Dim inner) => Kernel.Body.All(node => (node.Op.IsView ? [node] : (IEnumerable<Node>)node.Inputs).All(use => ReadsEvenly(use, inner)));

    /// <summary>A pointer to an operand that lies in memory row-major.</summary>
    public string ContiguousPointer(Node use) => Memory.Pointer(Base(use).Value);

    /// <summary>The strides of an operand over its own axes, and the pointer they count from.</summary>
    public (string Pointer, int[] Strides) StridedPointer(Node use)
    {
        Sight sight = Base(use);
        return (Memory.Pointer(sight.Value), sight.Strides ?? throw new InvalidOperationException($"{Name}: no strides reach {use}."));
    }

    /// <summary>The attributes and signature of a kernel that the worker pool calls once a task.</summary>
    public static string Signature(string name) => $"private static void {name}<TVector, TIsa>(void* state, int task)";

    /// <summary>Declares room on the stack for vectors, none of them across two cache lines.</summary>
    public static void EmitStackVectors(CodeWriter code, string name, string floats)
    {
        code.Line($"float* {name} = stackalloc float[{(floats.Contains(" ") ? $"({floats})" : floats)} + 16];");
        code.Line($"{name} = (float*)(((nint){name} + 63) & -64);");
    }

    public const string Optimized = "[MethodImpl(MethodImplOptions.AggressiveOptimization)]";

    public const string Inlined = "[MethodImpl(MethodImplOptions.AggressiveInlining)]";

    public const string Constraints = "where TVector : struct where TIsa : struct, ISimd<TVector>";

    /// <summary>A size in generated code: a literal, or one times n.</summary>
    public static string Size(Dim dim) =>
        !dim.PerSample ? dim.Size.ToString(CultureInfo.InvariantCulture)
        : dim.Size == 1 ? "pass->N"
        : $"{dim.Size.ToString(CultureInfo.InvariantCulture)} * pass->N";

    /// <summary>A vector of one number.</summary>
    public static string Vector(float value) => value == 0 ? "TIsa.Zero" : $"TIsa.Broadcast({Literal(value)})";

    public static string Literal(float value) =>
        float.IsNaN(value) ? "float.NaN"
        : float.IsPositiveInfinity(value) ? "float.PositiveInfinity"
        : float.IsNegativeInfinity(value) ? "float.NegativeInfinity"
        : value.ToString("R", CultureInfo.InvariantCulture) + "f";
}
