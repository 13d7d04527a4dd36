using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GraphGen.Generator.Read;

/// <summary>
/// C#'s arithmetic on constants that the C# compiler does not fold itself because they come from a loop variable or another
/// local. The operation tree has already promoted both sides to one type, so equal types are all there is.
/// </summary>
internal static class ConstantFolder
{
    /// <summary>The result of a binary operator, or <see langword="null"/> where it is none of C#'s built-in ones.</summary>
    /// <exception cref="ArithmeticException">Division by zero, or overflow in a checked context.</exception>
    public static object? Binary(BinaryOperatorKind kind, object left, object right, bool isChecked) => (left, right) switch
    {
        (int a, int b) => Integer(kind, a, b, isChecked) is { } value ? Narrow(value, SpecialType.System_Int32, isChecked) : null,
        (uint a, uint b) => Integer(kind, a, b, isChecked) is { } value ? Narrow(value, SpecialType.System_UInt32, isChecked) : null,
        (long a, long b) => Integer(kind, a, b, isChecked),
        (long a, int b) when kind is BinaryOperatorKind.LeftShift or BinaryOperatorKind.RightShift => Integer(kind, a, b, isChecked),
        (float a, float b) => Real(kind, a, b) is { } value ? value is double number ? (float)number : value : null,
        (double a, double b) => Real(kind, a, b),
        (bool a, bool b) => Boolean(kind, a, b),
        (string a, _) when kind == BinaryOperatorKind.Add => a + Convert.ToString(right, CultureInfo.InvariantCulture),
        (_, string b) when kind == BinaryOperatorKind.Add => Convert.ToString(left, CultureInfo.InvariantCulture) + b,
        (string a, string b) when kind == BinaryOperatorKind.Equals => a == b,
        (string a, string b) when kind == BinaryOperatorKind.NotEquals => a != b,
        _ => null,
    };

    /// <summary>Whether a relation of a pattern, such as <c>&lt; 3</c>, holds between constants of one type.</summary>
    public static bool Compare(BinaryOperatorKind kind, object left, object right) => left is float or double
        ? Real(kind, ToDouble(left), ToDouble(right)) is true
        : left is IComparable number && left.GetType() == right.GetType() && Integer(kind, number.CompareTo(right), 0, isChecked: false) is true;

    /// <summary>The result of a unary operator, or <see langword="null"/> where it is none of C#'s built-in ones.</summary>
    public static object? Unary(UnaryOperatorKind kind, object operand, bool isChecked) => (kind, operand) switch
    {
        (UnaryOperatorKind.Not, bool value) => !value,
        (UnaryOperatorKind.Plus, _) => operand,
        (UnaryOperatorKind.Minus, int value) => isChecked ? checked(-value) : unchecked(-value),
        (UnaryOperatorKind.Minus, long value) => isChecked ? checked(-value) : unchecked(-value),
        (UnaryOperatorKind.Minus, float value) => -value,
        (UnaryOperatorKind.Minus, double value) => -value,
        (UnaryOperatorKind.BitwiseNegation, int value) => ~value,
        (UnaryOperatorKind.BitwiseNegation, long value) => ~value,
        _ => null,
    };

    /// <summary>A constant converted to a type; unchanged where the type is no number (object, string, a nullable's own).</summary>
    /// <exception cref="OverflowException">The value does not fit, in a checked context.</exception>
    public static object? ConvertTo(object? value, ITypeSymbol? type, bool isChecked)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            type = nullable.TypeArguments[0];
        }

        SpecialType target = type is INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying }
            ? underlying.SpecialType
            : type?.SpecialType ?? SpecialType.None;
        return (value, target) switch
        {
            (null or bool or string, _) => value,
            (_, SpecialType.System_Single) => (float)ToDouble(value),
            (_, SpecialType.System_Double) => ToDouble(value),
            (float or double, >= SpecialType.System_SByte and <= SpecialType.System_UInt64) =>
                Narrow(isChecked ? checked((long)ToDouble(value)) : unchecked((long)ToDouble(value)), target, isChecked),
            (ulong, SpecialType.System_UInt64) or (decimal, _) => value,
            (_, SpecialType.System_Char or (>= SpecialType.System_SByte and <= SpecialType.System_UInt64)) =>
                Narrow(ToInt64(value), target, isChecked),
            _ => value,
        };
    }

    /// <summary>A constant as a number: booleans are 0 and 1.</summary>
    public static double ToDouble(object? value) => value switch
    {
        char character => character,
        null => 0,
        _ => Convert.ToDouble(value, CultureInfo.InvariantCulture),
    };

    /// <summary>One of <c>System.Math</c>'s or <c>System.MathF</c>'s functions of constants, or <see langword="null"/> where it is not known here.</summary>
    public static object? MathFunction(string name, object[] arguments)
    {
        double[] x = [.. arguments.Select(argument => ToDouble(argument))];
        double? result = (name, x.Length) switch
        {
            ("Sqrt", 1) => Math.Sqrt(x[0]),
            ("Exp", 1) => Math.Exp(x[0]),
            ("Log", 1) => Math.Log(x[0]),
            ("Log2", 1) => Math.Log(x[0]) / Math.Log(2),
            ("Log10", 1) => Math.Log10(x[0]),
            ("Pow", 2) => Math.Pow(x[0], x[1]),
            ("Abs", 1) => Math.Abs(x[0]),
            ("Floor", 1) => Math.Floor(x[0]),
            ("Ceiling", 1) => Math.Ceiling(x[0]),
            ("Round", 1) => Math.Round(x[0]),
            ("Min", 2) => Math.Min(x[0], x[1]),
            ("Max", 2) => Math.Max(x[0], x[1]),
            ("Sin", 1) => Math.Sin(x[0]),
            ("Cos", 1) => Math.Cos(x[0]),
            _ => null,
        };
        return result;
    }

    private static object? Integer(BinaryOperatorKind kind, long a, long b, bool isChecked) => kind switch
    {
        BinaryOperatorKind.Add => isChecked ? checked(a + b) : unchecked(a + b),
        BinaryOperatorKind.Subtract => isChecked ? checked(a - b) : unchecked(a - b),
        BinaryOperatorKind.Multiply => isChecked ? checked(a * b) : unchecked(a * b),
        BinaryOperatorKind.Divide => a / b,
        BinaryOperatorKind.Remainder => a % b,
        BinaryOperatorKind.LeftShift => a << (int)b,
        BinaryOperatorKind.RightShift => a >> (int)b,
        BinaryOperatorKind.And => a & b,
        BinaryOperatorKind.Or => a | b,
        BinaryOperatorKind.ExclusiveOr => a ^ b,
        BinaryOperatorKind.Equals => a == b,
        BinaryOperatorKind.NotEquals => a != b,
        BinaryOperatorKind.LessThan => a < b,
        BinaryOperatorKind.LessThanOrEqual => a <= b,
        BinaryOperatorKind.GreaterThan => a > b,
        BinaryOperatorKind.GreaterThanOrEqual => a >= b,
        _ => null,
    };

    private static object? Real(BinaryOperatorKind kind, double a, double b) => kind switch
    {
        BinaryOperatorKind.Add => a + b,
        BinaryOperatorKind.Subtract => a - b,
        BinaryOperatorKind.Multiply => a * b,
        BinaryOperatorKind.Divide => a / b,
        BinaryOperatorKind.Remainder => a % b,
        BinaryOperatorKind.Equals => a == b,
        BinaryOperatorKind.NotEquals => a != b,
        BinaryOperatorKind.LessThan => a < b,
        BinaryOperatorKind.LessThanOrEqual => a <= b,
        BinaryOperatorKind.GreaterThan => a > b,
        BinaryOperatorKind.GreaterThanOrEqual => a >= b,
        _ => null,
    };

    private static object? Boolean(BinaryOperatorKind kind, bool a, bool b) => kind switch
    {
        BinaryOperatorKind.And or BinaryOperatorKind.ConditionalAnd => a && b,
        BinaryOperatorKind.Or or BinaryOperatorKind.ConditionalOr => a || b,
        BinaryOperatorKind.ExclusiveOr or BinaryOperatorKind.NotEquals => a != b,
        BinaryOperatorKind.Equals => a == b,
        _ => null,
    };

    private static object Narrow(object value, SpecialType type, bool isChecked)
    {
        if (value is not long number)
        {
            return value;
        }

        return type switch
        {
            SpecialType.System_SByte => (object)(isChecked ? checked((sbyte)number) : unchecked((sbyte)number)),
            SpecialType.System_Byte => isChecked ? checked((byte)number) : unchecked((byte)number),
            SpecialType.System_Int16 => isChecked ? checked((short)number) : unchecked((short)number),
            SpecialType.System_UInt16 => isChecked ? checked((ushort)number) : unchecked((ushort)number),
            SpecialType.System_Char => isChecked ? checked((char)number) : unchecked((char)number),
            SpecialType.System_Int32 => isChecked ? checked((int)number) : unchecked((int)number),
            SpecialType.System_UInt32 => isChecked ? checked((uint)number) : unchecked((uint)number),
            SpecialType.System_UInt64 => isChecked ? checked((ulong)number) : unchecked((ulong)number),
            _ => number,
        };
    }

    private static long ToInt64(object value) => value switch
    {
        ulong number => unchecked((long)number),
        char character => character,
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };
}
