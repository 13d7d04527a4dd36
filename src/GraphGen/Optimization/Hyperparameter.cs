using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GraphGen;

/// <summary>The checks of optimizers' and schedulers' arguments. NaN fails each.</summary>
internal static class Hyperparameter
{
    /// <summary>The value, if it is at least 0.</summary>
    public static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string? argument = null, [CallerMemberName] string? caller = null)
    {
        if (!(value >= 0))
        {
            Throw(value, "0 or more", argument, caller);
        }

        return value;
    }

    /// <summary>The value, if it is a number.</summary>
    public static double Number(double value, [CallerArgumentExpression(nameof(value))] string? argument = null, [CallerMemberName] string? caller = null)
    {
        if (double.IsNaN(value))
        {
            Throw(value, "a number", argument, caller);
        }

        return value;
    }

    /// <summary>The pair, if both are in [0, 1).</summary>
    public static (double Beta1, double Beta2) Betas((double Beta1, double Beta2) value, [CallerArgumentExpression(nameof(value))] string? argument = null, [CallerMemberName] string? caller = null)
    {
        if (value is not { Beta1: >= 0 and < 1, Beta2: >= 0 and < 1 })
        {
            Throw(value, "two numbers of at least 0 and less than 1", argument, caller);
        }

        return value;
    }

    /// <summary>The value, if it is above 0.</summary>
    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string? argument = null, [CallerMemberName] string? caller = null)
    {
        if (!(value > 0))
        {
            Throw(value, "more than 0", argument, caller);
        }

        return value;
    }

    /// <summary>The value, if it is at least the given one.</summary>
    public static double AtLeast(double minimum, double value, [CallerArgumentExpression(nameof(value))] string? argument = null, [CallerMemberName] string? caller = null)
    {
        if (!(value >= minimum))
        {
            Throw(value, $"{minimum} or more", argument, caller);
        }

        return value;
    }

    /// <inheritdoc cref="AtLeast(double, double, string?, string?)"/>
    public static int AtLeast(int minimum, int value, [CallerArgumentExpression(nameof(value))] string? argument = null, [CallerMemberName] string? caller = null)
    {
        if (value < minimum)
        {
            Throw(value, $"{minimum} or more", argument, caller);
        }

        return value;
    }

    /// <summary>The value, if it is at most 0.</summary>
    public static double NotPositive(double value, [CallerArgumentExpression(nameof(value))] string? argument = null, [CallerMemberName] string? caller = null)
    {
        if (!(value <= 0))
        {
            Throw(value, "0 or less", argument, caller);
        }

        return value;
    }

    /// <summary>The value, if it is in [0, 1].</summary>
    public static double Fraction(double value, [CallerArgumentExpression(nameof(value))] string? argument = null, [CallerMemberName] string? caller = null)
    {
        if (value is not (>= 0 and <= 1))
        {
            Throw(value, "a number from 0 to 1", argument, caller);
        }

        return value;
    }

    /// <summary>Refuses a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="expected">What it should be.</param>
    /// <param name="argument">The argument; the <c>value</c> of a property.</param>
    /// <param name="caller">Who checks: the property, which the message names then.</param>
    /// <exception cref="ArgumentOutOfRangeException">Always.</exception>
    [DoesNotReturn]
    public static void Throw(object value, string expected, string? argument, string? caller = null)
    {
        string property = argument == nameof(value) && caller is not null ? $"{caller} to be " : "";
        throw new ArgumentOutOfRangeException(argument, value, $"Expected {property}{expected}, got {value}.");
    }
}
