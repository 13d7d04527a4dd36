namespace GraphGen.Generator;

/// <summary>Names in state dicts and in generated code, made from the user's.</summary>
internal static class Identifiers
{
    /// <summary>What a member of the generated struct <c>Pass</c> cannot be called: its own name, the fields that are there in every model, and what all types have.</summary>
    public static IReadOnlyCollection<string> PassMembers { get; } =
    [
        "Pass", "N", "Key", "Values", "Gradients", "Accumulate",
        nameof(Equals), nameof(GetHashCode), nameof(GetType), nameof(MemberwiseClone), nameof(ReferenceEquals), nameof(ToString), "Finalize",
    ];

    /// <summary>What no local of generated code can be called.</summary>
    public static IReadOnlyCollection<string> Keywords { get; } =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default", "delegate",
        "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in",
        "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null", "object", "operator", "out", "override", "params", "private",
        "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch",
        "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
    ];

    /// <summary><c>Conv1</c> to <c>conv1</c>, as PyTorch's users name submodules.</summary>
    public static string Camel(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);

    /// <summary><c>conv1</c> or <c>_conv1</c> to <c>Conv1</c>.</summary>
    public static string Pascal(string name)
    {
        string trimmed = name.TrimStart('_');
        return trimmed.Length > 0 && char.IsLetter(trimmed[0]) ? char.ToUpperInvariant(trimmed[0]) + trimmed.Substring(1) : "Value" + trimmed;
    }
}
