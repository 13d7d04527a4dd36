using System.Globalization;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>Writes the method that lays images out, of kernels that are written as text.</summary>
internal static class ImageLayoutEmitter
{
    public static Launch Launch(this ImageLayout layout, string method, string images) => new(
        method,
        layout.RowsPerTask == 1 ? $"{images} * {layout.ToHeight}" : $"(({images} * {layout.ToHeight}) + {layout.RowsPerTask - 1}) / {layout.RowsPerTask}",
        ((long)layout.RowsPerTask * layout.ToRow).ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes the method; a task is some rows of the destination.</summary>
    public static void Emit(this ImageLayout layout, KernelContext context, string suffix, string from, string to, string images)
    {
        CodeWriter code = context.Code;
        code.Line(KernelContext.Optimized);
        using (code.Open($"{KernelContext.Signature(context.Name + suffix)} {KernelContext.Constraints}"))
        {
            code.Line(context.State);
            code.Line($"int first = task * {layout.RowsPerTask};");
            code.Line($"{GeometryText.Of(layout)}.CopyRows({from}, {to}, first, Math.Min(first + {layout.RowsPerTask}, {images} * {layout.ToHeight}));");
        }

        code.Line();
    }
}
