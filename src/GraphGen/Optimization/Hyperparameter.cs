using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GraphGen;

/// <summary>The checks of optimizers' and schedulers' arguments. NaN fails each.</summary>
internal static class Hyperparameter
{
    /// <summary>The value, if it is at least 0.</summary>
    public static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string? argument = null)
    {
        if (!(value >= 0))
        {
            Throw(value, "0 or more", argument);
        }

        return value;
    }

    /// <summary>The value, if it is a number.</summary>
    public static double Number(double value, [CallerArgumentExpression(nameof(value))] string? argument = null)
    {
        if (double.IsNaN(value))
        {
            Throw(value, "a number", argument);
        }

        return value;
    }

    [DoesNotReturn]
    public static void Throw(object value, string expected, string? argument) =>
        throw new ArgumentOutOfRangeException(argument, value, $"Expected {expected}, got {value}.");
}
