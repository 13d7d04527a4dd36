using System.Collections;
using System.ComponentModel;
using GraphGen.Runtime;

namespace GraphGen;

/// <summary>
/// A model's parameters: one aligned block of values and one of gradients, with a named view of both for each parameter.
/// Enumerates the parameters, so <c>net.Parameters.Where(p => p.Name.StartsWith("fc"))</c> picks a group for an optimizer.
/// </summary>
public sealed unsafe class ParameterBlock : IReadOnlyList<Parameter>
{
    /// <summary>Parameters start at multiples of this many floats, a cache line.</summary>
    private const int Alignment = 16;

    private readonly AlignedBuffer _values;
    private readonly AlignedBuffer _gradients;
    private readonly Parameter[] _parameters;
    private readonly bool[] _hasGradient;

    /// <summary>Lays out and initializes the parameters. Called by generated code.</summary>
    /// <param name="seed">Where random values begin; each parameter has a stream of its own.</param>
    /// <param name="specs">The parameters in order.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ParameterBlock(long seed, params ReadOnlySpan<ParameterSpec> specs)
    {
        _parameters = new Parameter[specs.Length];
        _hasGradient = new bool[specs.Length];
        long offset = 0;
        for (int i = 0; i < specs.Length; i++)
        {
            _parameters[i] = new Parameter(this, i, specs[i].Name, specs[i].Shape, checked((int)offset));
            offset = (offset + _parameters[i].Length + Alignment - 1) / Alignment * Alignment;
            TotalLength += _parameters[i].Length;
        }

        _values = new AlignedBuffer(offset);
        _gradients = new AlignedBuffer(offset);
        for (int i = 0; i < specs.Length; i++)
        {
            Initialization.Fill(_parameters[i].Values, specs[i], seed, i);
        }
    }

    public int Count => _parameters.Length;

    /// <summary>Elements of all parameters together.</summary>
    public long TotalLength { get; }

    /// <summary>All values, parameters starting at their <see cref="Parameter.Offset"/>; the gaps between them are zero.</summary>
    public Span<float> Values => _values.Span;

    /// <summary>All gradients, laid out like <see cref="Values"/>. What belongs to a parameter without gradient has no meaning.</summary>
    public Span<float> Gradients => _gradients.Span;

    [EditorBrowsable(EditorBrowsableState.Never)]
    public float* ValuePointer => _values.Pointer;

    [EditorBrowsable(EditorBrowsableState.Never)]
    public float* GradientPointer => _gradients.Pointer;

    public Parameter this[int index] => _parameters[index];

    /// <summary>The parameter of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message lists those there are.</exception>
    public Parameter this[string name] =>
        Array.Find(_parameters, parameter => parameter.Name == name)
        ?? throw new KeyNotFoundException($"There is no parameter '{name}'. There are: {string.Join(", ", _parameters.Select(parameter => parameter.Name))}.");

    /// <summary>Marks all gradients as empty: the next backward pass overwrites instead of adding. Costs nothing: no memory is written.</summary>
    public void ZeroGrad() => Array.Clear(_hasGradient);

    /// <summary>Whether a backward pass has reached the parameter since <see cref="ZeroGrad"/>.</summary>
    public bool HasGradient(int index) => _hasGradient[index];

    /// <summary>Says that a parameter has a gradient. Called by generated code, or by whoever writes gradients by hand.</summary>
    public void MarkGradient(int index) => _hasGradient[index] = true;

    public IEnumerator<Parameter> GetEnumerator() => ((IEnumerable<Parameter>)_parameters).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void ClearGradient(int index) => _hasGradient[index] = false;
}
