using System.Globalization;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Lower;
using GraphGen.Generator.Nests;
using GraphGen.Generator.Operations;
using GraphGen.Generator.Plan;

namespace GraphGen.Generator.Emit;

/// <summary>How generated code names what is in memory while the kernels of one arena run.</summary>
internal sealed class MemoryNames(PassFields fields, Names names, IReadOnlyDictionary<Node, string> buffers)
{
    public IReadOnlyList<ParameterInfo> Parameters => fields.Parameters;

    /// <summary>What is taken among the values of the arena.</summary>
    public Names Names { get; } = names;

    /// <summary>The name of a value: <c>Conv1</c>.</summary>
    public string Name(Node node) => node.Op switch
    {
        Op.Parameter parameter => Parameters[parameter.Index].Identifier,
        Op.AddToGradient gradient => Parameters[gradient.Index].Identifier + "Gradient",
        Op.Input input => fields.Input(input),
        Op.ForwardOutput output => fields.Output(output.Index),
        Op.OutputGradient output => fields.OutputGradient(output.Index),
        Op.LossGradient => PassFields.LossGradient,
        Op.ConstantVector vector => VectorName(vector),
        _ => buffers[node],
    };

    /// <summary>A constant vector is a method over data in the assembly.</summary>
    public static string VectorName(Op.ConstantVector vector) =>
        "Constants" + ((uint)vector.Values.GetHashCode()).ToString("x8", CultureInfo.InvariantCulture);
}

/// <summary>The routine of a kernel while it is being written.</summary>
/// <param name="name">The routine's name.</param>
/// <param name="kernel">The kernel.</param>
/// <param name="nest">Its loops; <see langword="null"/> for the kinds that are written as text.</param>
/// <param name="code">Where to.</param>
/// <param name="memory">What values are called.</param>
internal sealed class KernelContext(string name, Kernel kernel, Nest? nest, CodeWriter code, MemoryNames memory)
{
    public string Name { get; } = name;

    public Kernel Kernel { get; } = kernel;

    public Nest? Nest { get; } = nest;

    public KernelOperands Operands { get; } = new(kernel);

    public CodeWriter Code { get; } = code;

    public MemoryNames Memory { get; } = memory;

    /// <summary>What the routine is given.</summary>
    public CallFields Fields { get; } = new(kernel, memory.Parameters);

    /// <summary>The struct that the routine is given, as a parameter of its methods.</summary>
    public string CallParameter => $"{StructName(Name)}* call";

    /// <summary>The statement by which a method that the worker pool calls has the struct.</summary>
    public string State => $"{CallParameter} = ({StructName(Name)}*)state;";

    /// <summary>The struct that a routine is given.</summary>
    public static string StructName(string routine) => routine + "Call";

    /// <summary>A pointer to a value's first element.</summary>
    public string Pointer(Node node) => Fields.Pointer(node);

    /// <summary>A pointer to one of the kernel's scratch buffers.</summary>
    public string ScratchPointer(string suffix) => Fields.Pointer(new Place.Scratch(suffix));

    /// <summary>A pointer to an operand that lies in memory row-major.</summary>
    public string ContiguousPointer(Node use) => Pointer(Operands.Base(use).Value);

    /// <summary>The strides of an operand over its own axes, and the pointer they count from.</summary>
    public (string Pointer, int[] Strides) StridedPointer(Node use)
    {
        Sight sight = Operands.Base(use);
        (int offset, int[] strides) = sight.ElementsIn(Kernel.Storage) ?? throw new InvalidOperationException($"{Name}: no strides reach {use}.");
        return (offset == 0 ? Pointer(sight.Value) : $"({Pointer(sight.Value)} + {CodeWriter.Text(offset)})", strides);
    }

    /// <summary>The attributes and signature of a kernel that the worker pool calls once a task.</summary>
    public static string Signature(string name) => $"private static void {name}<TVector, TIsa>(void* state, int task)";

    /// <summary>The samples of the batch, n, in a routine.</summary>
    public const string SamplesOfCall = "call->Pass->N";

    /// <summary>The samples of the batch, n, where kernels are run.</summary>
    public const string SamplesOfPass = "pass->N";

    public const string Optimized = "[MethodImpl(MethodImplOptions.AggressiveOptimization)]";

    /// <summary>Of a method that is compiled once and called.</summary>
    public const string Called = "[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]";

    public const string Inlined = "[MethodImpl(MethodImplOptions.AggressiveInlining)]";

    public const string Constraints = "where TVector : struct where TIsa : struct, ISimd<TVector>";

    /// <summary>A size in a routine: a literal, or one times n.</summary>
    public static string Size(Dim dim) => Size(dim, SamplesOfCall);

    /// <summary>A size where kernels are run.</summary>
    public static string SizeInDriver(Dim dim) => Size(dim, SamplesOfPass);

    private static string Size(Dim dim, string samples) =>
        !dim.PerSample ? dim.Size.ToString(CultureInfo.InvariantCulture)
        : dim.Size == 1 ? samples
        : $"{dim.Size.ToString(CultureInfo.InvariantCulture)} * {samples}";

    /// <summary>A vector of one number.</summary>
    public static string Vector(float value) => value == 0 ? "TIsa.Zero" : $"TIsa.Broadcast({Literal(value)})";

    public static string Literal(float value) =>
        float.IsNaN(value) ? "float.NaN"
        : float.IsPositiveInfinity(value) ? "float.PositiveInfinity"
        : float.IsNegativeInfinity(value) ? "float.NegativeInfinity"
        : value.ToString("R", CultureInfo.InvariantCulture) + "f";
}
