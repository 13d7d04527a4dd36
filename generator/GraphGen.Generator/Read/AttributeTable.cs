using GraphGen.Generator.Definition;

namespace GraphGen.Generator.Read;

/// <summary>
/// The attributes that layers, raw parameters and losses are declared with: their arguments in the order that calls list
/// them, and the values they have when the user leaves them out. Property initialisers are not in metadata, so the values
/// stand here a second time; a test reflects over the runtime library to prove that both agree.
/// </summary>
internal static class AttributeTable
{
    /// <summary>The attributes on partial methods that are layers.</summary>
    public static readonly IReadOnlyDictionary<string, AttributeArgument[]> Layers = new Dictionary<string, AttributeArgument[]>
    {
        ["Linear"] = [new("outFeatures"), Number("inFeatures", 0), Number("bias", 1)],
        ["Conv2d"] =
        [
            new("outChannels"), Number("inChannels", 0), new("kernel"), Number("stride", 1), Number("padding", 0),
            Number("dilation", 1), Number("groups", 1), Number("bias", 1),
        ],
        ["Dropout"] = [Number("p", 0.5)],
    };

    /// <summary>The attribute on partial properties that are raw parameters.</summary>
    public static readonly IReadOnlyDictionary<string, AttributeArgument[]> Parameters = new Dictionary<string, AttributeArgument[]>
    {
        ["Parameter"] = [new("shape"), Number("init", 0)],
    };

    /// <summary>The attributes on partial methods that are losses.</summary>
    public static readonly IReadOnlyDictionary<string, AttributeArgument[]> Losses = new Dictionary<string, AttributeArgument[]>
    {
        ["CrossEntropyLoss"] =
            [Number("labelSmoothing", 0), Number("ignoreIndex", -100), new("weight", new Operand.None()), Number("reduction", 0)],
        ["MSELoss"] = [Number("reduction", 0)],
        ["L1Loss"] = [Number("reduction", 0)],
    };

    /// <summary>The losses whose target holds class indices; the targets of the others are tensors.</summary>
    public static readonly IReadOnlyCollection<string> LossesOfLabels = ["CrossEntropyLoss"];

    private static AttributeArgument Number(string name, double value) => new(name, new Operand.Number(value));
}

/// <summary>An argument of an attribute.</summary>
/// <param name="Name">Its camel-case name.</param>
/// <param name="Default">Its value when left out; <see langword="null"/> where it must be given.</param>
internal sealed record AttributeArgument(string Name, Operand? Default = null);
