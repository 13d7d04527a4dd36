namespace GraphGen.Generator.Operations;

/// <summary>Names in state dicts and in generated code, made from the user's.</summary>
internal static class Identifiers
{
    /// <summary>Fields of the generated struct <c>Pass</c> that are there in every model.</summary>
    public static IReadOnlyCollection<string> PassFields { get; } = ["N", "Key", "Values", "Gradients", "Accumulate", "Output", "OutputGradient"];

    /// <summary><c>Conv1</c> to <c>conv1</c>, as PyTorch's users name submodules.</summary>
    public static string Camel(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);

    /// <summary>What generated code calls a raw parameter.</summary>
    public static string Parameter(string name)
    {
        string pascal = Pascal(name);
        return PassFields.Contains(pascal) || PassFields.Contains(pascal + "Gradient") ? pascal + "Parameter" : pascal;
    }

    /// <summary><c>conv1</c> or <c>_conv1</c> to <c>Conv1</c>.</summary>
    public static string Pascal(string name)
    {
        string trimmed = name.TrimStart('_');
        return trimmed.Length == 0 ? "Value" : char.ToUpperInvariant(trimmed[0]) + trimmed.Substring(1);
    }
}
