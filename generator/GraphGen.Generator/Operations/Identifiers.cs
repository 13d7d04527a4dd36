namespace GraphGen.Generator.Operations;

/// <summary>Names in state dicts and in generated code, made from the user's.</summary>
internal static class Identifiers
{
    /// <summary><c>Conv1</c> to <c>conv1</c>, as PyTorch's users name submodules.</summary>
    public static string Camel(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);

    /// <summary><c>conv1</c> or <c>_conv1</c> to <c>Conv1</c>.</summary>
    public static string Pascal(string name)
    {
        string trimmed = name.TrimStart('_');
        return trimmed.Length == 0 ? "Value" : char.ToUpperInvariant(trimmed[0]) + trimmed.Substring(1);
    }
}
