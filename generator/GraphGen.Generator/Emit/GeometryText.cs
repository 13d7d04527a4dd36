using System.Globalization;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit;

/// <summary>The geometry of images and convolutions as C#: the structs that the runtime has of them.</summary>
internal static class GeometryText
{
    /// <summary>A <c>ConvolutionShape</c>.</summary>
    public static string Of(ConvolutionShape shape) => New(
        "ConvolutionShape",
        ("Height", shape.Height, null),
        ("Width", shape.Width, null),
        ("Channels", shape.Channels, null),
        ("OutChannels", shape.OutChannels, null),
        ("KernelHeight", shape.KernelHeight, null),
        ("KernelWidth", shape.KernelWidth, null),
        ("Stride", shape.Stride, 1),
        ("Dilation", shape.Dilation, 1),
        ("Groups", shape.Groups, 1),
        ("Pool", shape.Pool, 1));

    /// <summary>An <c>ImageLayout</c>.</summary>
    public static string Of(ImageLayout layout) => New(
        "ImageLayout",
        ("Channels", layout.Channels, null),
        ("Height", layout.Height, null),
        ("Width", layout.Width, null),
        ("ToHeight", layout.ToHeight, null),
        ("ToWidth", layout.ToWidth, null),
        ("Top", layout.Top, null),
        ("Left", layout.Left, null),
        ("Spread", layout.Spread, 1),
        ("Pitch", layout.Pitch, layout.Channels));

    /// <summary>Constructs a struct from numbers by name, without those that are what is meant without them.</summary>
    private static string New(string type, params (string Name, int Value, int? Default)[] parameters) =>
        $"new {type}({string.Join(", ", parameters.Where(parameter => parameter.Value != parameter.Default).Select(parameter => $"{parameter.Name}: {parameter.Value.ToString(CultureInfo.InvariantCulture)}"))})";
}
