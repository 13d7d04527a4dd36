using System.Runtime.CompilerServices;

namespace GraphGen;

/// <summary>
/// A number of a schedule: one for all groups of the optimizer, or one for each. A <c>double</c>, a <c>double[]</c> and a collection
/// expression of them convert to it: <c>maxLr: 0.1</c>, <c>maxLr: [0.1, 0.01]</c>.
/// </summary>
[CollectionBuilder(typeof(PerGroup), nameof(Create))]
public readonly struct PerGroup
{
    private readonly double _value;
    private readonly double[]? _values;

    private PerGroup(double value) => _value = value;

    private PerGroup(double[] values) => _values = values;

    /// <summary>The number for all groups; null if each has its own.</summary>
    internal double? Common => _values is null ? _value : null;

    /// <summary>One number for all groups.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator PerGroup(double value) => new(value);

    /// <summary>One number for each group.</summary>
    /// <param name="values">The numbers, in the order of the optimizer's groups.</param>
    /// <exception cref="ArgumentNullException"><paramref name="values"/> is null.</exception>
    public static implicit operator PerGroup(double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new((double[])values.Clone());
    }

    /// <summary>One number for each group.</summary>
    /// <param name="values">The numbers, in the order of the optimizer's groups.</param>
    public static PerGroup Create(ReadOnlySpan<double> values) => new(values.ToArray());

    /// <summary>The numbers that were given: one, if it is for all groups.</summary>
    public IEnumerator<double> GetEnumerator() => ((IEnumerable<double>)(_values ?? [_value])).GetEnumerator();

    /// <summary>The numbers of an optimizer's groups, in an array of their own.</summary>
    internal double[] For(Optimizer optimizer, string argument)
    {
        int count = optimizer.Groups.Count;
        if (_values is null)
        {
            double[] values = new double[count];
            Array.Fill(values, _value);
            return values;
        }

        if (_values.Length != count)
        {
            Hyperparameter.Throw(_values.Length, $"one number or {count}, one for each group", argument);
        }

        return (double[])_values.Clone();
    }
}
