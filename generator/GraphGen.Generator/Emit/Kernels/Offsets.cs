namespace GraphGen.Generator.Emit.Kernels;

/// <summary>Offsets as they are written in generated code.</summary>
internal static class Offsets
{
    /// <summary><c> + n</c>, or nothing.</summary>
    public static string Plus(long floats) => floats == 0 ? "" : $" + {floats}";

    /// <summary><c> + floats + vectors * TIsa.Width</c>, without the terms that are nothing.</summary>
    public static string Plus(int floats, int vectors) =>
        Plus(floats) + vectors switch { 0 => "", 1 => " + TIsa.Width", _ => $" + ({vectors} * TIsa.Width)" };
}
