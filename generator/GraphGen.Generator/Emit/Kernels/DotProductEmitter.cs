namespace GraphGen.Generator.Emit.Kernels;

/// <summary>
/// A product whose sides are both contiguous along k (x W^T): every element of the result is a dot product. The products of a block are
/// collected on the stack (<c>DotProducts</c>), and leave through the epilogue.
/// </summary>
internal static class DotProductEmitter
{
    /// <summary>Rows of the result that a task takes.</summary>
    public const int RowBlock = 32;

    /// <summary>Columns of the result that a task takes: more where the left side is long, which every block reads again.</summary>
    public static int ColumnBlock(MatMulShape shape) => shape.K.Size > 16384 ? 64 : 32;

    public static void Emit(KernelContext context, MatMulShape shape)
    {
        CodeWriter code = context.Code;
        int block = Math.Min(ColumnBlock(shape), shape.N);
        code.Line(KernelContext.Optimized);
        code.Line("[SkipLocalsInit]");
        using (code.Open($"{KernelContext.Signature(context.Name)} {KernelContext.Constraints}"))
        {
            code.Line(context.State);
            EmitBlock(code, shape);
            code.Line(shape.N % block == 0 ? $"const int columns = {block};" : $"int columns = Math.Min({block}, {shape.N} - firstColumn);");
            code.Line($"int rows = Math.Min({RowBlock}, {KernelContext.Size(shape.M)} - firstRow);");
            string batchLeft = shape.IsBatched && shape.Left.Batch != 0 ? $" + ((long)batch * {shape.Left.Batch})" : "";
            string batchRight = shape.IsBatched && shape.Right.Batch != 0 ? $" + ((long)batch * {shape.Right.Batch})" : "";
            code.Line($"float* left = {context.Pointer(shape.Left.Buffer)}{batchLeft} + ((long)firstRow * {shape.Left.Row});");
            code.Line($"float* right = {context.Pointer(shape.Right.Buffer)}{batchRight} + ((long)firstColumn * {shape.Right.Column});");
            code.Line($"float* sums = stackalloc float[{RowBlock} * {block}]; // [rows, {block}]");
            code.Line($"DotProducts.Multiply<TVector, TIsa>(left, {shape.Left.Row}, rows, right, {shape.Right.Column}, columns, {shape.K.Size}, sums, {block});");
            code.Line();
            string place = $"call, {(shape.IsBatched ? "batch" : "0")}, firstRow + row, firstColumn + column";
            using (code.Open("for (int row = 0; row < rows; row++)"))
            {
                code.Line("int column = 0;");
                using (code.Open("for (; column <= columns - TIsa.Width; column += TIsa.Width)"))
                {
                    code.Line($"{MatMulEmitter.EpilogueName(context)}.Store<TVector, TIsa>({place}, TIsa.Load(sums + (row * {block}) + column));");
                }

                if (block % 16 != 0 || shape.N % block != 0)
                {
                    using (code.Open("if (column < columns)"))
                    {
                        code.Line("int count = columns - column;");
                        code.Line($"{MatMulEmitter.EpilogueName(context)}.StorePartial<TVector, TIsa>({place}, TIsa.LoadPartial(sums + (row * {block}) + column, count), count);");
                    }
                }
            }
        }
    }

    /// <summary>Declares the task's first row and column, and which of several products it is of.</summary>
    private static void EmitBlock(CodeWriter code, MatMulShape shape)
    {
        int columnBlocks = (shape.N + ColumnBlock(shape) - 1) / ColumnBlock(shape);
        string rowBlocks = shape.M.PerSample ? $"(({KernelContext.Size(shape.M)} + {RowBlock - 1}) / {RowBlock})" : $"{(shape.M.Size + RowBlock - 1) / RowBlock}";
        if (columnBlocks == 1)
        {
            code.Line("const int firstColumn = 0;");
            EmitRowBlock(code, shape, "task", rowBlocks);
        }
        else if (shape.IsBatched || !shape.M.PerSample)
        {
            code.Line($"int firstColumn = task % {columnBlocks} * {ColumnBlock(shape)};");
            EmitRowBlock(code, shape, $"task / {columnBlocks}", rowBlocks);
        }
        else
        {
            // Threads take consecutive tasks.
            code.Line($"bool sharesRows = {KernelContext.Size(shape.M)} > {shape.N}; // what the threads divide among them: the larger side");
            code.Line($"int firstColumn = (sharesRows ? task % {columnBlocks} : task / {rowBlocks}) * {ColumnBlock(shape)};");
            code.Line($"int firstRow = (sharesRows ? task / {columnBlocks} : task % {rowBlocks}) * {RowBlock};");
        }
    }

    private static void EmitRowBlock(CodeWriter code, MatMulShape shape, string block, string rowBlocks)
    {
        if (shape.IsBatched)
        {
            code.Line($"int batch = {block} / {rowBlocks};");
            block = $"{block} % {rowBlocks}";
        }

        code.Line($"int firstRow = {block} * {RowBlock};");
    }
}
