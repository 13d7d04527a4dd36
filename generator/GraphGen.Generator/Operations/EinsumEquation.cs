namespace GraphGen.Generator.Operations;

/// <summary>An equation of einsum: the letters of each operand's axes, and of the result's.</summary>
/// <param name="Operands">A string an operand.</param>
/// <param name="Result">The letters that are left.</param>
internal sealed record EinsumEquation(IReadOnlyList<string> Operands, string Result)
{
    /// <summary>Reads PyTorch's notation. Without an arrow, the result has the letters that stand once, capitals first.</summary>
    /// <param name="text">What is written, <c>nij, njk -> nik</c>.</param>
    /// <param name="problem">What is wrong with it.</param>
    public static EinsumEquation? Parse(string text, out string problem)
    {
        string[] sides = string.Concat(text.Where(character => character != ' ')).Split(["->"], StringSplitOptions.None);
        string[] operands = sides[0].Split(',');
        string result = sides.Length == 1
            ? string.Concat(sides[0].Where(letter => letter != ',' && sides[0].Count(other => other == letter) == 1).OrderBy(letter => letter))
            : sides[1];
        problem = Problem(sides, operands, result) ?? "";
        return problem.Length == 0 ? new EinsumEquation(operands, result) : null;
    }

    private static string? Problem(string[] sides, string[] operands, string result)
    {
        if (sides.Length > 2)
        {
            return "there is more than one '->'";
        }

        if (sides.Any(side => side.Contains("...")))
        {
            return "'...' is not understood; give each axis a letter";
        }

        if (string.Concat(operands).Concat(result).Where(character => !IsLetter(character)).Select(character => (char?)character).FirstOrDefault() is { } other)
        {
            return $"'{other}' is no letter";
        }

        if (operands.FirstOrDefault(operand => Repeated(operand) is not null) is { } diagonal)
        {
            return $"'{Repeated(diagonal)}' stands twice in '{diagonal}', and diagonals are not understood";
        }

        return Repeated(result) is { } twice ? $"'{twice}' stands twice in the result"
            : result.Where(letter => !operands.Any(operand => operand.Contains(letter))).Select(letter => (char?)letter).FirstOrDefault() is { } unknown
                ? $"'{unknown}' of the result is in no operand"
                : null;
    }

    private static char? Repeated(string letters) => letters.GroupBy(letter => letter).Where(group => group.Count() > 1).Select(group => (char?)group.Key).FirstOrDefault();

    private static bool IsLetter(char character) => character is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');
}
