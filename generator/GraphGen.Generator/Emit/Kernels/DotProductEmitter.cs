namespace GraphGen.Generator.Emit.Kernels;

/// <summary>
/// A product whose sides are both contiguous along k (x W^T): every element of the result is a dot product. Tiles of
/// rows x columns keep their sums in registers; sums over blocks of k are collected on the stack, so that a block of the right
/// side is read from memory once and stays in L1 for all rows.
/// </summary>
internal static class DotProductEmitter
{
    /// <summary>Rows of the result that a task takes.</summary>
    public const int RowBlock = 32;

    /// <summary>Longer inner sizes are walked in blocks of this many: 4 rows of both sides fill L1.</summary>
    private const int DepthBlock = 1024;

    /// <summary>Columns of the result that a task takes: more where the left side is long, which every block reads again.</summary>
    public static int ColumnBlock(MatMulShape shape) => shape.K.Size > 16384 ? 64 : 32;

    public static void Emit(KernelContext context, MatMulShape shape)
    {
        CodeWriter code = context.Code;
        int block = Math.Min(ColumnBlock(shape), shape.N);
        bool single = !shape.M.PerSample && shape.M.Size == 1;
        int[] rowTiles = single ? [1] : shape.M is { PerSample: false } && shape.M.Size % 4 == 0 ? [4] : [4, 1];
        bool odd = shape.N % 2 != 0 || block % 2 != 0;

        code.Line(KernelContext.Optimized);
        code.Line("[SkipLocalsInit]");
        using (code.Open($"{KernelContext.Signature(context.Name)} {KernelContext.Constraints}"))
        {
            code.Line(context.State);
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

            code.Line(shape.N % block == 0 ? $"const int columns = {block};" : $"int columns = Math.Min({block}, {shape.N} - firstColumn);");
            code.Line($"int rows = Math.Min({RowBlock}, {KernelContext.Size(shape.M)} - firstRow);");
            string batchLeft = shape.IsBatched && shape.Left.Batch != 0 ? $" + (long)batch * {shape.Left.Batch}" : "";
            string batchRight = shape.IsBatched && shape.Right.Batch != 0 ? $" + (long)batch * {shape.Right.Batch}" : "";
            code.Line($"float* left = {context.Pointer(shape.Left.Buffer)}{batchLeft} + (long)firstRow * {shape.Left.Row};");
            code.Line($"float* right = {context.Pointer(shape.Right.Buffer)}{batchRight} + (long)firstColumn * {shape.Right.Column};");
            code.Line($"float* sums = stackalloc float[{RowBlock} * {block}]; // [rows, {block}]");
            bool isBlocked = shape.K.Size > 2 * DepthBlock;
            if (isBlocked)
            {
                code.Line($"new Span<float>(sums, rows * {block}).Clear();");
                using (code.Open($"for (int depth = 0; depth < {shape.K.Size}; depth += {DepthBlock})"))
                {
                    code.Line($"int length = Math.Min({DepthBlock}, {shape.K.Size} - depth);");
                    EmitTiles(context, shape, block, rowTiles, odd, "left + depth", "right + depth", ", length");
                }
            }
            else
            {
                EmitTiles(context, shape, block, rowTiles, odd, "left", "right", "");
            }

            code.Line();
            string batchArgument = shape.IsBatched ? "batch, " : "";
            using (code.Open("for (int r = 0; r < rows; r++)"))
            {
                code.Line("int j = 0;");
                using (code.Open("for (; j <= columns - TIsa.Width; j += TIsa.Width)"))
                {
                    code.Line($"{context.Name}Store<TVector, TIsa>(call, {batchArgument}firstRow + r, firstColumn + j, TIsa.Load(sums + (r * {block}) + j));");
                }

                using (code.Open("if (j < columns)"))
                {
                    code.Line($"{context.Name}StorePartial<TVector, TIsa>(call, {batchArgument}firstRow + r, firstColumn + j, TIsa.LoadPartial(sums + (r * {block}) + j, columns - j), columns - j);");
                }
            }
        }

        bool blocked = shape.K.Size > 2 * DepthBlock;
        foreach (int rows in rowTiles)
        {
            foreach (int columns in rows == 1 ? [4, 1] : odd ? [4, 2, 1] : new[] { 4, 2 })
            {
                code.Line();
                EmitTile(context, shape, block, rows, columns, blocked);
            }
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

    /// <summary>All columns of the block against all rows; the columns' stretch of the right side stays in L1.</summary>
    private static void EmitTiles(KernelContext context, MatMulShape shape, int block, int[] rowTiles, bool odd, string left, string right, string length)
    {
        CodeWriter code = context.Code;
        code.Line("int column = 0;");
        EmitColumns(context, shape, block, rowTiles, 4, "TIsa.Registers >= 32 || rows == 1", left, right, length);
        EmitColumns(context, shape, block, rowTiles, 2, "rows > 1", left, right, length);
        if (odd || rowTiles.Contains(1))
        {
            EmitColumns(context, shape, block, rowTiles, 1, "true", left, right, length);
        }
    }

    private static void EmitColumns(KernelContext context, MatMulShape shape, int block, int[] rowTiles, int columns, string condition, string left, string right, string length)
    {
        CodeWriter code = context.Code;
        string guard = condition == "true" ? "" : condition.Contains("||") ? $"({condition}) && " : $"{condition} && ";
        using (code.Open($"for (; {guard}column + {columns} <= columns; column += {columns})"))
        {
            code.Line("int r = 0;");
            foreach (int rows in rowTiles)
            {
                // A single row takes four columns at a time, or one.
                int tileColumns = rows == 1 && columns == 2 ? 1 : columns;
                if (rows == 4 && columns == 1 && !(shape.N % 2 != 0 || block % 2 != 0))
                {
                    continue;
                }

                using (code.Open($"for (; r + {rows} <= rows; r += {rows})"))
                {
                    for (int part = 0; part < columns; part += tileColumns)
                    {
                        string offset = part == 0 ? "column" : $"column + {part}";
                        code.Line($"{context.Name}Dot{rows}x{tileColumns}<TVector, TIsa>({left} + ((long)r * {shape.Left.Row}), {right} + ((long)({offset}) * {shape.Right.Column}), sums + (r * {block}) + {offset}{length});");
                    }
                }
            }
        }
    }

    private static void EmitTile(KernelContext context, MatMulShape shape, int block, int rows, int columns, bool isBlocked)
    {
        CodeWriter code = context.Code;
        code.Line(KernelContext.Optimized);
        using (code.Open($"private static void {context.Name}Dot{rows}x{columns}<TVector, TIsa>(float* left, float* right, float* sums{(isBlocked ? ", int length" : "")}) {KernelContext.Constraints}"))
        {
            for (int r = 0; r < rows; r++)
            {
                for (int c = 0; c < columns; c++)
                {
                    code.Line($"TVector s{r}{c} = TIsa.Zero;");
                }
            }

            string length = isBlocked ? "length" : shape.K.Size.ToString(System.Globalization.CultureInfo.InvariantCulture);
            code.Line("int k = 0;");
            using (code.Open($"for (; k <= {length} - TIsa.Width; k += TIsa.Width)"))
            {
                EmitStep(code, shape, rows, columns, pointer => $"TIsa.Load({pointer})");
            }

            if (shape.K.Size % 16 != 0)
            {
                using (code.Open($"if (k < {length})"))
                {
                    code.Line($"int count = {length} - k;");
                    EmitStep(code, shape, rows, columns, pointer => $"TIsa.LoadPartial({pointer}, count)");
                }
            }

            EmitSums(code, block, rows, columns, isBlocked);
        }
    }

    /// <summary>The lanes of a tile's vectors are summed, those of four vectors at a time.</summary>
    private static void EmitSums(CodeWriter code, int block, int rows, int columns, bool isBlocked)
    {
        if (columns == 4)
        {
            for (int r = 0; r < rows; r++)
            {
                string place = r == 0 ? "sums" : $"sums + {r * block}";
                string row = $"TIsa.Sum(s{r}0, s{r}1, s{r}2, s{r}3)";
                code.Line(isBlocked ? $"(Vector128.Load({place}) + {row}).Store({place});" : $"{row}.Store({place});");
            }

            return;
        }

        (int Row, int Column)[] tile = [.. Enumerable.Range(0, rows * columns).Select(i => (i / columns, i % columns))];
        if (tile.Length == 1)
        {
            code.Line($"sums[0] {(isBlocked ? "+=" : "=")} TIsa.Sum(s00);");
            return;
        }

        for (int first = 0; first < tile.Length; first += 4)
        {
            (int Row, int Column)[] four = [.. tile.Skip(first).Take(4)];
            string name = $"sum{first / 4}";
            code.Line($"Vector128<float> {name} = TIsa.Sum({string.Join(", ", four.Select(part => $"s{part.Row}{part.Column}"))});");
            for (int i = 0; i < four.Length; i++)
            {
                code.Line($"sums[{(four[i].Row * block) + four[i].Column}] {(isBlocked ? "+=" : "=")} {name}[{i}];");
            }
        }
    }

    private static void EmitStep(CodeWriter code, MatMulShape shape, int rows, int columns, Func<string, string> load)
    {
        for (int r = 0; r < rows; r++)
        {
            code.Line($"TVector x{r} = {load(r == 0 ? "left + k" : $"left + k + {r * shape.Left.Row}")};");
        }

        for (int c = 0; c < columns; c++)
        {
            code.Line($"TVector w{c} = {load(c == 0 ? "right + k" : $"right + k + {c * shape.Right.Column}")};");
            for (int r = 0; r < rows; r++)
            {
                code.Line($"s{r}{c} = TIsa.FusedMultiplyAdd(x{r}, w{c}, s{r}{c});");
            }
        }
    }
}
