namespace GraphGen;

/// <summary>
/// What an object says its settings through, once for saving and for loading: each call names a setting, hands in what it is and
/// takes back what it shall be. Saving notes what is handed in and gives it back; loading gives back what was noted.
/// </summary>
/// <remarks>
/// A group of an optimizer, say, writes <c>Momentum = state.Exchange("momentum", Momentum)</c>. Names are PyTorch's where PyTorch has
/// the setting.
/// </remarks>
public abstract class StateExchange
{
    /// <summary>Whether settings are being restored rather than noted.</summary>
    public abstract bool IsLoading { get; }

    /// <summary>Exchanges a number, exactly.</summary>
    /// <param name="name">The setting's name, one of its kind in its object.</param>
    /// <param name="value">What it is.</param>
    /// <returns>What it shall be.</returns>
    /// <exception cref="StateDictException">There is no such setting in what is loaded, or it is of another kind.</exception>
    public abstract double Exchange(string name, double value);

    /// <inheritdoc cref="Exchange(string, double)"/>
    public abstract long Exchange(string name, long value);

    /// <inheritdoc cref="Exchange(string, double)"/>
    public abstract bool Exchange(string name, bool value);

    /// <summary>Exchanges a number that may be missing.</summary>
    /// <inheritdoc cref="Exchange(string, double)"/>
    public abstract double? Exchange(string name, double? value);

    /// <summary>Exchanges numbers; as many come back as go in.</summary>
    /// <inheritdoc cref="Exchange(string, double)"/>
    public abstract double[] Exchange(string name, double[] values);

    /// <summary>Exchanges numbers of which some may be missing, PyTorch's <c>None</c>; as many come back as go in.</summary>
    /// <inheritdoc cref="Exchange(string, double)"/>
    public virtual double?[] Exchange(string name, double?[] values) =>
        [.. Exchange(name, [.. values.Select(value => value ?? double.NaN)]).Select(value => double.IsNaN(value) ? null : (double?)value)];

    /// <summary>Exchanges a pair of numbers, such as <c>betas</c>.</summary>
    /// <inheritdoc cref="Exchange(string, double)"/>
    public (double First, double Second) Exchange(string name, (double First, double Second) value)
    {
        double[] pair = Exchange(name, [value.First, value.Second]);
        return (pair[0], pair[1]);
    }

    /// <summary>Exchanges a whole number.</summary>
    /// <inheritdoc cref="Exchange(string, double)"/>
    public int Exchange(string name, int value)
    {
        long exchanged = Exchange(name, (long)value);
        return exchanged is >= int.MinValue and <= int.MaxValue
            ? (int)exchanged
            : throw new StateDictException($"Expected a 32-bit number for '{name}', got {exchanged}.");
    }

    /// <summary>Exchanges a text.</summary>
    /// <inheritdoc cref="Exchange(string, double)"/>
    public abstract string Exchange(string name, string value);

    /// <summary>Exchanges a text that may be missing, PyTorch's <c>None</c>.</summary>
    /// <inheritdoc cref="Exchange(string, double)"/>
    public virtual string? ExchangeOptional(string name, string? value) => Exchange(name, value ?? "") is { Length: > 0 } text ? text : null;

    /// <summary>
    /// Exchanges many floats, which are kept as a tensor and not as text. As many come back as were saved, which need not be as many as
    /// go in: check before using them.
    /// </summary>
    /// <inheritdoc cref="Exchange(string, double)"/>
    public abstract float[] ExchangeTensor(string name, float[] values);

    /// <summary>The settings of a part of the object, under a name of their own.</summary>
    /// <param name="name">The part's name.</param>
    public abstract StateExchange Part(string name);
}
