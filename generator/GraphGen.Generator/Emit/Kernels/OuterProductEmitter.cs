using System.Globalization;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>
/// A product as a sum of outer products (<c>OuterProducts</c>). The right side is read as it lies, or first packed into panels two
/// vectors wide where it is read often or lies transposed.
/// </summary>
internal static class OuterProductEmitter
{
    /// <summary>Rows of the right side that are so many floats apart are prefetched by hand.</summary>
    private const int FarRow = 4096;

    public static void Emit(KernelContext context, MatMulShape shape)
    {
        if (shape.Method == MatMulMethod.PackedOuterProducts)
        {
            EmitPack(context, shape);
            context.Code.Line();
        }

        EmitTask(context, shape);
    }

    private static void EmitPack(KernelContext context, MatMulShape shape)
    {
        CodeWriter code = context.Code;
        code.Line(KernelContext.Optimized);
        using (code.Open($"{KernelContext.Signature(context.Name + "Pack")} {KernelContext.Constraints}"))
        {
            code.Line(context.State);
            EmitColumnBlock(code, shape);
            string right = context.Pointer(shape.Right.Buffer) + Batch(shape, shape.Right.Batch);
            code.Line($"OuterProducts.Pack<TVector, TIsa>({right}, {shape.Right.Row}, {shape.Right.Column}, {KernelContext.Size(shape.K)}, firstColumn, endColumn, {shape.N}, {Panels(context, shape)});");
        }
    }

    private static void EmitTask(KernelContext context, MatMulShape shape)
    {
        CodeWriter code = context.Code;
        bool isPacked = shape.Method == MatMulMethod.PackedOuterProducts;
        code.Line(KernelContext.Optimized);
        using (code.Open($"{KernelContext.Signature(context.Name)} {KernelContext.Constraints}"))
        {
            code.Line(context.State);
            EmitRowBlock(code, shape);
            EmitColumnBlock(code, shape);
            using (code.Open("ProductBlock block = new()", "};"))
            {
                code.Line($"Left = {context.Pointer(shape.Left.Buffer)}{Batch(shape, shape.Left.Batch)},");
                code.Line($"LeftRow = {shape.Left.Row},");
                code.Line($"LeftColumn = {shape.Left.Column},");
                code.Line(isPacked ? $"Right = {Panels(context, shape)}," : $"Right = {context.Pointer(shape.Right.Buffer)}{Batch(shape, shape.Right.Batch)},");
                code.Line(isPacked ? "IsPacked = true," : $"RightRow = {shape.Right.Row},");
                if (!isPacked && shape.Right.Row >= FarRow && !shape.K.PerSample)
                {
                    code.Line("IsFar = true,");
                }

                code.Line($"Depth = {KernelContext.Size(shape.K)},");
                code.Line($"Columns = {shape.N},");
                if (shape.IsBatched)
                {
                    code.Line("Batch = batch,");
                }

                code.Line("FirstRow = firstRow,");
                code.Line("EndRow = endRow,");
                code.Line("FirstColumn = firstColumn,");
                code.Line("EndColumn = endColumn,");
            }

            code.Line($"OuterProducts.Multiply<TVector, TIsa, {MatMulEmitter.EpilogueName(context)}>(call, in block);");
        }
    }

    private static void EmitRowBlock(CodeWriter code, MatMulShape shape)
    {
        string rowBlocks = shape.M.PerSample
            ? $"(({KernelContext.Size(shape.M)} + {MatMulShape.RowBlock - 1}) / {MatMulShape.RowBlock})"
            : ((shape.M.Size + MatMulShape.RowBlock - 1) / MatMulShape.RowBlock).ToString(CultureInfo.InvariantCulture);
        code.Line(shape.TasksFollowRows
            ? $"int firstRow = {(shape.ColumnBlocks == 1 ? "task" : $"task / {shape.ColumnBlocks}")} * {MatMulShape.RowBlock};"
            : $"int firstRow = task % {rowBlocks} * {MatMulShape.RowBlock};");
        code.Line($"int endRow = Math.Min(firstRow + {MatMulShape.RowBlock}, {KernelContext.Size(shape.M)});");
        if (!shape.TasksFollowRows)
        {
            code.Line($"task /= {rowBlocks};");
        }
    }

    private static void EmitColumnBlock(CodeWriter code, MatMulShape shape)
    {
        code.Line(shape.ColumnBlocks == 1 ? "const int firstColumn = 0;" : $"int firstColumn = task % {shape.ColumnBlocks} * {MatMulShape.ColumnBlock};");
        code.Line(shape.ColumnBlocks == 1 ? $"const int endColumn = {shape.N};" : $"int endColumn = Math.Min(firstColumn + {MatMulShape.ColumnBlock}, {shape.N});");
        if (shape.IsBatched)
        {
            code.Line(shape.ColumnBlocks == 1 ? "int batch = task;" : $"int batch = task / {shape.ColumnBlocks};");
        }
    }

    private static string Panels(KernelContext context, MatMulShape shape)
    {
        string pointer = context.ScratchPointer("Panels");
        return shape.IsBatched ? $"{pointer} + ((long)batch * {KernelContext.Size(shape.K)} * {(shape.N + 31) / 32 * 32})" : pointer;
    }

    /// <summary>The way to one of several products, as a term.</summary>
    private static string Batch(MatMulShape shape, int stride) => shape.IsBatched && stride != 0 ? $" + ((long)batch * {stride})" : "";
}
