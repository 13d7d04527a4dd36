using System.Globalization;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>
/// A product as a sum of outer products: a tile of rows x two vectors of the result stays in registers while k goes by; each
/// step broadcasts a column of the left side against two vectors of a row of the right. The right side is read as it lies, or
/// first packed into panels two vectors wide where it is read often or lies transposed.
/// </summary>
internal static class OuterProductEmitter
{
    /// <summary>Rows of the right side that are so many floats apart are prefetched by hand.</summary>
    private const int FarRow = 4096;

    /// <summary>Steps along k whose products are added up in registers before a sum in memory takes them: few enough for rounding, enough for speed.</summary>
    private const int DepthBlock = 512;

    public static void Emit(KernelContext context, MatMulShape shape)
    {
        bool isPacked = shape.Method == MatMulMethod.PackedOuterProducts;
        if (isPacked)
        {
            EmitPack(context, shape);
            context.Code.Line();
        }

        EmitTask(context, shape, isPacked);
        foreach (int rows in RowTiles(shape))
        {
            context.Code.Line();
            EmitTile(context, shape, isPacked, rows);
            if (HasEdge(shape) && rows != 8)
            {
                context.Code.Line();
                EmitEdge(context, shape, isPacked, rows);
            }
        }
    }

    /// <summary>The heights of tiles, tallest first; 8 where there are 32 registers.</summary>
    private static int[] RowTiles(MatMulShape shape) =>
        shape.M is { PerSample: false, Size: < 4 } ? [1]
        : shape.M is { PerSample: false } && shape.M.Size % 4 == 0 ? [8, 4]
        : [8, 4, 1];

    /// <summary>Whether some instruction set has columns left over from pairs of vectors.</summary>
    private static bool HasEdge(MatMulShape shape) => shape.N % 32 != 0;

    /// <summary>Whether sums along k may be longer than registers keep them.</summary>
    private static bool IsDeep(MatMulShape shape) => shape.K is { PerSample: true } or { Size: > DepthBlock };

    private static string BlocksParameter(MatMulShape shape) => IsDeep(shape) ? ", float* blocks" : "";

    private static void EmitPack(KernelContext context, MatMulShape shape)
    {
        CodeWriter code = context.Code;
        code.Line(KernelContext.Optimized);
        using (code.Open($"{KernelContext.Signature(context.Name + "Pack")} {KernelContext.Constraints}"))
        {
            code.Line("Pass* pass = (Pass*)state;");
            EmitColumnBlock(context, shape);
            code.Line($"int depth = {KernelContext.Size(shape.K)};");
            string batchRight = shape.IsBatched && shape.Right.Batch != 0 ? $" + (long)batch * {shape.Right.Batch}" : "";
            code.Line($"float* right = {context.Memory.Pointer(shape.Right.Buffer)}{batchRight};");
            code.Line($"float* panels = {Panels(context, shape)};");
            using (code.Open("for (int column = firstColumn; column < endColumn; column += TIsa.Width)"))
            {
                code.Line($"int count = {shape.N} - column;");
                code.Line("int panel = column / (2 * TIsa.Width);");
                code.Line("float* target = panels + ((long)panel * depth * 2 * TIsa.Width) + (column % (2 * TIsa.Width));");
                code.Line($"float* source = right + ((long)column * {shape.Right.Column});");
                using (code.Open("for (int k = 0; k < depth; k++)"))
                {
                    string from = $"source + ((long)k * {shape.Right.Row})";
                    bool isContiguous = shape.Right.Column == 1;
                    string whole = isContiguous ? $"TIsa.Load({from})" : $"TIsa.LoadStrided({from}, {shape.Right.Column})";
                    string part = isContiguous ? $"TIsa.LoadPartial({from}, count)" : $"TIsa.LoadStridedPartial({from}, {shape.Right.Column}, count)";
                    code.Line(shape.N % 16 == 0
                        ? $"TIsa.Store(target + ((long)k * 2 * TIsa.Width), {whole});"
                        : $"TIsa.Store(target + ((long)k * 2 * TIsa.Width), count >= TIsa.Width ? {whole} : {part});");
                }
            }
        }
    }

    private static void EmitTask(KernelContext context, MatMulShape shape, bool isPacked)
    {
        CodeWriter code = context.Code;
        code.Line(KernelContext.Optimized);
        if (IsDeep(shape))
        {
            code.Line("[SkipLocalsInit]");
        }

        using (code.Open($"{KernelContext.Signature(context.Name)} {KernelContext.Constraints}"))
        {
            code.Line("Pass* pass = (Pass*)state;");
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

            EmitColumnBlock(context, shape);
            string batchLeft = shape.IsBatched && shape.Left.Batch != 0 ? $" + (long)batch * {shape.Left.Batch}" : "";
            string batchRight = shape.IsBatched && shape.Right.Batch != 0 ? $" + (long)batch * {shape.Right.Batch}" : "";
            code.Line($"float* left = {context.Memory.Pointer(shape.Left.Buffer)}{batchLeft};");
            code.Line(isPacked ? $"float* panels = {Panels(context, shape)};" : $"float* right = {context.Memory.Pointer(shape.Right.Buffer)}{batchRight};");
            if (IsDeep(shape))
            {
                code.Line("// A tile's sums over blocks of k, what rounding lost of each, and the sums of the last block.");
                KernelContext.EmitStackVectors(code, "blocks", $"{6 * RowTiles(shape)[0]} * TIsa.Width");
            }

            code.Line("int column = firstColumn;");
            string blocks = IsDeep(shape) ? ", blocks" : "";
            string from = isPacked ? $"panels + ((long)(column / (2 * TIsa.Width)) * {KernelContext.Size(shape.K)} * 2 * TIsa.Width)" : "right + column";
            string batch = shape.IsBatched ? "batch, " : "";
            using (code.Open("for (; column <= endColumn - (2 * TIsa.Width); column += 2 * TIsa.Width)"))
            {
                code.Line("int row = firstRow;");
                foreach (int rows in RowTiles(shape))
                {
                    string guard = rows == 8 ? "TIsa.Registers >= 32 && " : "";
                    using (code.Open($"for (; {guard}row <= endRow - {rows}; row += {rows})"))
                    {
                        code.Line($"{context.Name}Tile{rows}<TVector, TIsa>(pass, left + ((long)row * {shape.Left.Row}), {from}, {batch}row, column{blocks});");
                    }
                }
            }

            if (!HasEdge(shape))
            {
                return;
            }

            string edgeFrom = isPacked ? $"{from} + (column % (2 * TIsa.Width))" : from;
            using (code.Open("for (; column < endColumn; column += TIsa.Width)"))
            {
                code.Line("int row = firstRow;");
                foreach (int rows in RowTiles(shape).Where(rows => rows != 8))
                {
                    using (code.Open($"for (; row <= endRow - {rows}; row += {rows})"))
                    {
                        code.Line($"{context.Name}Edge{rows}<TVector, TIsa>(pass, left + ((long)row * {shape.Left.Row}), {edgeFrom}, {batch}row, column, {shape.N} - column{blocks});");
                    }
                }
            }
        }
    }

    private static void EmitColumnBlock(KernelContext context, MatMulShape shape)
    {
        CodeWriter code = context.Code;
        code.Line(shape.ColumnBlocks == 1 ? "const int firstColumn = 0;" : $"int firstColumn = task % {shape.ColumnBlocks} * {MatMulShape.ColumnBlock};");
        code.Line(shape.ColumnBlocks == 1 ? $"const int endColumn = {shape.N};" : $"int endColumn = Math.Min(firstColumn + {MatMulShape.ColumnBlock}, {shape.N});");
        if (shape.IsBatched)
        {
            code.Line(shape.ColumnBlocks == 1 ? "int batch = task;" : $"int batch = task / {shape.ColumnBlocks};");
        }
    }

    private static void EmitTile(KernelContext context, MatMulShape shape, bool isPacked, int rows)
    {
        CodeWriter code = context.Code;
        string batch = shape.IsBatched ? "int batch, " : "";
        bool isRolled = context.IsLongEpilogue(2 * rows);
        EmitAttributes(code, isRolled);
        using (code.Open($"private static void {context.Name}Tile{rows}<TVector, TIsa>(Pass* pass, float* left, float* right, {batch}int row, int column{BlocksParameter(shape)}) {KernelContext.Constraints}"))
        {
            for (int r = 0; r < rows; r++)
            {
                code.Line($"TVector c{r}0 = TIsa.Zero, c{r}1 = TIsa.Zero;");
            }

            bool isFar = !isPacked && shape.Right.Row >= FarRow && !shape.K.PerSample;
            if (isFar)
            {
                code.Line("// The rows of the right side are pages apart, where no hardware prefetcher follows: ask for the next panel.");
            }

            string[] sums = [.. Enumerable.Range(0, rows).SelectMany(r => new[] { $"c{r}0", $"c{r}1" })];
            EmitDepth(code, shape, sums, () =>
            {
                if (isFar)
                {
                    code.Line("TIsa.Prefetch(right + (2 * TIsa.Width));");
                    code.Line("TIsa.Prefetch(right + (3 * TIsa.Width));");
                }

                code.Line("TVector b0 = TIsa.Load(right);");
                code.Line("TVector b1 = TIsa.Load(right + TIsa.Width);");
                for (int r = 0; r < rows; r++)
                {
                    code.Line($"TVector a{r} = TIsa.Broadcast(left[{(long)r * shape.Left.Row}]);");
                    code.Line($"c{r}0 = TIsa.FusedMultiplyAdd(a{r}, b0, c{r}0);");
                    code.Line($"c{r}1 = TIsa.FusedMultiplyAdd(a{r}, b1, c{r}1);");
                }

                EmitAdvance(code, shape, isPacked);
            });

            string argument = shape.IsBatched ? "batch, " : "";
            if (isRolled)
            {
                EmitSpill(code, rows, 2);
                using (code.Open($"for (int i = 0; i < {rows}; i++)"))
                {
                    code.Line($"{context.Name}Store<TVector, TIsa>(pass, {argument}row + i, column, TIsa.Load(sums + (i * 2 * TIsa.Width)));");
                    code.Line($"{context.Name}Store<TVector, TIsa>(pass, {argument}row + i, column + TIsa.Width, TIsa.Load(sums + (i * 2 * TIsa.Width) + TIsa.Width));");
                }

                return;
            }

            for (int r = 0; r < rows; r++)
            {
                string row = r == 0 ? "row" : $"row + {r}";
                code.Line($"{context.Name}Store<TVector, TIsa>(pass, {argument}{row}, column, c{r}0);");
                code.Line($"{context.Name}Store<TVector, TIsa>(pass, {argument}{row}, column + TIsa.Width, c{r}1);");
            }
        }
    }

    /// <summary>Columns left over from pairs of vectors, a vector or less at a time.</summary>
    private static void EmitEdge(KernelContext context, MatMulShape shape, bool isPacked, int rows)
    {
        CodeWriter code = context.Code;
        string batch = shape.IsBatched ? "int batch, " : "";
        bool isRolled = context.IsLongEpilogue(2 * rows);
        EmitAttributes(code, isRolled);
        using (code.Open($"private static void {context.Name}Edge{rows}<TVector, TIsa>(Pass* pass, float* left, float* right, {batch}int row, int column, int count{BlocksParameter(shape)}) {KernelContext.Constraints}"))
        {
            for (int r = 0; r < rows; r++)
            {
                code.Line($"TVector c{r} = TIsa.Zero;");
            }

            EmitDepth(code, shape, [.. Enumerable.Range(0, rows).Select(r => $"c{r}")], () =>
            {
                code.Line(isPacked ? "TVector b = TIsa.Load(right);" : "TVector b = count >= TIsa.Width ? TIsa.Load(right) : TIsa.LoadPartial(right, count);");
                for (int r = 0; r < rows; r++)
                {
                    code.Line($"c{r} = TIsa.FusedMultiplyAdd(TIsa.Broadcast(left[{(long)r * shape.Left.Row}]), b, c{r});");
                }

                EmitAdvance(code, shape, isPacked);
            });

            string argument = shape.IsBatched ? "batch, " : "";
            if (isRolled)
            {
                EmitSpill(code, rows, 1);
                using (code.Open($"for (int i = 0; i < {rows}; i++)"))
                {
                    code.Line("TVector sum = TIsa.Load(sums + (i * TIsa.Width));");
                    using (code.Open("if (count >= TIsa.Width)"))
                    {
                        code.Line($"{context.Name}Store<TVector, TIsa>(pass, {argument}row + i, column, sum);");
                    }

                    using (code.Open("else"))
                    {
                        code.Line($"{context.Name}StorePartial<TVector, TIsa>(pass, {argument}row + i, column, sum, count);");
                    }
                }

                return;
            }

            using (code.Open("if (count >= TIsa.Width)"))
            {
                for (int r = 0; r < rows; r++)
                {
                    code.Line($"{context.Name}Store<TVector, TIsa>(pass, {argument}row + {r}, column, c{r});");
                }

                code.Line("return;");
            }

            for (int r = 0; r < rows; r++)
            {
                code.Line($"{context.Name}StorePartial<TVector, TIsa>(pass, {argument}row + {r}, column, c{r}, count);");
            }
        }
    }

    /// <summary>
    /// The steps along k. Where there are more than a block of them, each block's sums go to memory, where what rounding loses is
    /// kept: a weight's gradient over a million rows is as exact as over a few.
    /// </summary>
    private static void EmitDepth(CodeWriter code, MatMulShape shape, string[] sums, Action emitStep)
    {
        code.Line($"int depth = {KernelContext.Size(shape.K)};");
        if (!IsDeep(shape))
        {
            using (code.Open("for (int k = 0; k < depth; k++)"))
            {
                emitStep();
            }

            return;
        }

        code.Line($"float* last = blocks + ({2 * sums.Length} * TIsa.Width);");
        using (code.Open($"if (depth > {DepthBlock})"))
        {
            code.Line($"new Span<float>(blocks, {2 * sums.Length} * TIsa.Width).Clear();");
        }

        code.Line();
        using (code.Open("for (int k = 0; ;)"))
        {
            code.Line($"int stop = k + Math.Min({DepthBlock}, depth - k);");
            using (code.Open("for (; k < stop; k++)"))
            {
                emitStep();
            }

            code.Line();
            using (code.Open($"if (depth <= {DepthBlock})"))
            {
                code.Line("break;");
            }

            code.Line();
            for (int i = 0; i < sums.Length; i++)
            {
                code.Line($"TIsa.Store(last{Offsets.Plus(0, i)}, {sums[i]});");
            }

            code.Line($"CompensatedSum.AddAll<TVector, TIsa>(blocks, last, {sums.Length});");
            using (code.Open("if (k == depth)"))
            {
                code.Line($"CompensatedSum.TotalAll<TVector, TIsa>(blocks, last, {sums.Length});");
                for (int i = 0; i < sums.Length; i++)
                {
                    code.Line($"{sums[i]} = TIsa.Load(last{Offsets.Plus(0, i)});");
                }

                code.Line("break;");
            }

            code.Line();
            code.Line($"{string.Join(" = ", sums)} = TIsa.Zero;");
        }
    }

    private static void EmitAttributes(CodeWriter code, bool isRolled)
    {
        code.Line(KernelContext.Optimized);
        if (isRolled)
        {
            code.Line("[SkipLocalsInit]");
        }
    }

    /// <summary>Puts a tile's sums on the stack, for a loop over its vectors.</summary>
    private static void EmitSpill(CodeWriter code, int rows, int vectors)
    {
        KernelContext.EmitStackVectors(code, "sums", $"{rows * vectors} * TIsa.Width");
        for (int i = 0; i < rows * vectors; i++)
        {
            code.Line($"TIsa.Store(sums{Offsets.Plus(0, i)}, c{i / vectors}{(vectors == 1 ? "" : i % vectors)});");
        }

        code.Line();
    }

    private static void EmitAdvance(CodeWriter code, MatMulShape shape, bool isPacked)
    {
        code.Line($"left += {shape.Left.Column};");
        code.Line(isPacked ? "right += 2 * TIsa.Width;" : $"right += {shape.Right.Row};");
    }

    private static string Panels(KernelContext context, MatMulShape shape)
    {
        string pointer = context.ScratchPointer("Panels");
        return shape.IsBatched ? $"{pointer} + ((long)batch * {KernelContext.Size(shape.K)} * {(shape.N + 31) / 32 * 32})" : pointer;
    }
}
