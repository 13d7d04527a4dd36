using System.Collections;
using System.ComponentModel;
using GraphGen.Runtime;

namespace GraphGen;

/// <summary>
/// The parameters of a model: one aligned block of values and one of gradients, with named views over both. Parameters lie in
/// order of declaration, each on a multiple of 16 floats; the floats between them are zero and stay zero.
/// </summary>
public sealed unsafe partial class ParameterBlock : IReadOnlyList<Parameter>
{
    /// <summary>Every parameter starts on a multiple of so many floats: a cache line, and the widest vector.</summary>
    internal const int Alignment = 16;

    private readonly Parameter[] _parameters;
    private readonly Dictionary<string, Parameter> _byName;
    private readonly AlignedBuffer _values;
    private readonly AlignedBuffer _gradients;
    private readonly bool[] _hasGradient;

    /// <summary>Makes the parameters and gives them their starting values.</summary>
    /// <param name="seed">
    /// The seed. The same seed gives a parameter of the same name, shape and initialisation the same values, whatever the others are.
    /// </param>
    /// <param name="specs">The parameters, in order.</param>
    /// <exception cref="ArgumentException">Two have one name, a dimension is less than 1, or all together are more than one block of memory holds (<see cref="AlignedBuffer.MaximumLength"/>).</exception>
    public ParameterBlock(long seed, params ReadOnlySpan<ParameterSpec> specs)
    {
        _parameters = new Parameter[specs.Length];
        _byName = new Dictionary<string, Parameter>(specs.Length, StringComparer.Ordinal);
        _hasGradient = new bool[specs.Length];

        long end = 0;
        for (int i = 0; i < specs.Length; i++)
        {
            ParameterSpec spec = specs[i];
            long length = ElementCount(spec);
            long next = Align(end + length);
            if (next > AlignedBuffer.MaximumLength)
            {
                throw new ArgumentException($"Expected at most {AlignedBuffer.MaximumLength} floats in all parameters, got more at '{spec.Name}'.", nameof(specs));
            }

            Parameter parameter = new(this, i, spec.Name, [.. spec.Shape], (int)length, (int)end);
            if (!_byName.TryAdd(spec.Name, parameter))
            {
                throw new ArgumentException($"Expected names that differ, got '{spec.Name}' twice.", nameof(specs));
            }

            _parameters[i] = parameter;
            TotalLength += length;
            end = next;
        }

        _values = new AlignedBuffer(end);
        _gradients = new AlignedBuffer(end);
        for (int i = 0; i < specs.Length; i++)
        {
            RandomStream.Fill(_parameters[i].Values, specs[i].Init, seed, specs[i].Name);
        }

        // The threads are part of a model's construction, so that its first step allocates as little as the others: nothing.
        WorkerPool.Start();
    }

    /// <summary>How many parameters.</summary>
    public int Count => _parameters.Length;

    /// <summary>How many floats the parameters have in all, without what lies between them.</summary>
    public long TotalLength { get; }

    /// <summary>The whole block of values; a parameter's start at its <see cref="Parameter.Offset"/>.</summary>
    public Span<float> Values => _values.Span;

    /// <summary>
    /// The whole block of gradients; a parameter's start at its <see cref="Parameter.Offset"/>. Where a parameter has no gradient
    /// there are leftovers: ask <see cref="HasGradient"/>.
    /// </summary>
    public Span<float> Gradients => _gradients.Span;

    /// <summary>The first value. For generated code.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public float* ValuePointer => _values.Pointer;

    /// <summary>The first gradient. For generated code.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public float* GradientPointer => _gradients.Pointer;

    /// <summary>A parameter by its place.</summary>
    /// <param name="index">The place, in [0, <see cref="Count"/>).</param>
    public Parameter this[int index] => _parameters[index];

    /// <summary>A parameter by its name.</summary>
    /// <param name="name">The name, such as <c>conv1.weight</c>.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name; the message has those there are.</exception>
    public Parameter this[string name] => _byName.TryGetValue(name, out Parameter? parameter)
        ? parameter
        : throw new KeyNotFoundException($"There is no parameter '{name}'. There are: {string.Join(", ", _byName.Keys)}.");

    /// <summary>
    /// The parameters of a layer: those whose names start with its name and a dot. Groups of an optimizer are made of them, or of
    /// what is left without them (<c>net.Parameters.Except(net.Parameters.Submodule("fc2"))</c>).
    /// </summary>
    /// <param name="name">The layer's name: <c>conv1</c> for <c>conv1.weight</c> and <c>conv1.bias</c>.</param>
    /// <returns>At least one parameter.</returns>
    /// <exception cref="KeyNotFoundException">There is none; the message has the names there are.</exception>
    public IReadOnlyList<Parameter> Submodule(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string prefix = name + ".";
        Parameter[] parameters = [.. _parameters.Where(parameter => parameter.Name.StartsWith(prefix, StringComparison.Ordinal))];
        return parameters.Length > 0
            ? parameters
            : throw new KeyNotFoundException($"There is no parameter of a layer '{name}'. There are: {string.Join(", ", _byName.Keys)}.");
    }

    /// <summary>
    /// Forgets all gradients. It costs nothing: they are marked as missing, and the next backward pass overwrites them instead of
    /// adding.
    /// </summary>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.zero_grad.html">Optimizer.zero_grad(set_to_none=True)</see>.</remarks>
    public void ZeroGrad() => Array.Clear(_hasGradient);

    /// <summary>Whether a backward pass since the last <see cref="ZeroGrad"/> has given a parameter a gradient.</summary>
    /// <param name="index">The parameter's place.</param>
    public bool HasGradient(int index) => _hasGradient[index];

    /// <summary>Says that a parameter's gradient has been written: the next backward pass adds to it. For generated code.</summary>
    /// <param name="index">The parameter's place.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void MarkGradient(int index) => _hasGradient[index] = true;

    /// <summary>The parameters in order.</summary>
    public IEnumerator<Parameter> GetEnumerator() => ((IEnumerable<Parameter>)_parameters).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static long Align(long floats) => (floats + Alignment - 1) & -Alignment;

    internal void ForgetGradient(int index) => _hasGradient[index] = false;

    private static long ElementCount(ParameterSpec spec)
    {
        long length = 1;
        foreach (int dimension in spec.Shape)
        {
            if (dimension < 1)
            {
                throw new ArgumentException(
                    $"Expected dimensions of at least 1, got [{string.Join(", ", spec.Shape)}] for '{spec.Name}'.",
                    nameof(spec));
            }

            length = Math.Min(length * dimension, 1L << 31);
        }

        return length;
    }
}
