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
            EmitTile(context, shape, isPacked, rows, vectors: 2);
            if (HasEdge(shape) && rows != 8)
            {
                context.Code.Line();
                EmitTile(context, shape, isPacked, rows, vectors: 1);
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
            code.Line(context.State);
            EmitColumnBlock(context, shape);
            code.Line($"int depth = {KernelContext.Size(shape.K)};");
            string batchRight = shape.IsBatched && shape.Right.Batch != 0 ? $" + (long)batch * {shape.Right.Batch}" : "";
            code.Line($"float* right = {context.Pointer(shape.Right.Buffer)}{batchRight};");
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
            code.Line(context.State);
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
            code.Line($"float* left = {context.Pointer(shape.Left.Buffer)}{batchLeft};");
            code.Line(isPacked ? $"float* panels = {Panels(context, shape)};" : $"float* right = {context.Pointer(shape.Right.Buffer)}{batchRight};");
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
                        code.Line($"{context.Name}Tile{rows}<TVector, TIsa>(call, left + ((long)row * {shape.Left.Row}), {from}, {batch}row, column{blocks});");
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
                        code.Line($"{context.Name}Edge{rows}<TVector, TIsa>(call, left + ((long)row * {shape.Left.Row}), {edgeFrom}, {batch}row, column, {shape.N} - column{blocks});");
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

    /// <summary>A tile of rows x two vectors; or of the columns left over from pairs of vectors, a vector or less at a time.</summary>
    private static void EmitTile(KernelContext context, MatMulShape shape, bool isPacked, int rows, int vectors)
    {
        CodeWriter code = context.Code;
        bool isEdge = vectors == 1;
        string name = TileName(context, rows, vectors);
        bool isRolled = context.IsLongEpilogue(2 * rows);
        EmitAttributes(code, isRolled);
        using (code.Open($"private static void {name}<TVector, TIsa>({context.CallParameter}, float* left, float* right, {TileParameters(shape, isEdge)}{BlocksParameter(shape)}) {KernelContext.Constraints}"))
        {
            code.Line($"int depth = {KernelContext.Size(shape.K)};");
            if (IsDeep(shape))
            {
                using (code.Open($"if (depth > {DepthBlock})"))
                {
                    code.Line($"{name}Deep<TVector, TIsa>(call, left, right, {TileArguments(shape, isEdge)}, blocks);");
                    code.Line("return;");
                }

                code.Line();
            }

            EmitSums(code, shape, isPacked, rows, vectors);
            if (isRolled)
            {
                EmitSpill(code, rows, vectors);
                EmitStoreLoop(context, shape, rows, vectors, "sums");
            }
            else if (isEdge)
            {
                EmitEdgeStores(context, shape, rows);
            }
            else
            {
                EmitTileStores(context, shape, rows);
            }
        }

        if (IsDeep(shape))
        {
            code.Line();
            EmitDeepTile(context, shape, isPacked, rows, vectors);
        }
    }

    /// <summary>
    /// The same for more steps along k than a block: each block's sums go to memory, where what rounding loses is kept, so that a
    /// weight's gradient over a million rows is as exact as over a few.
    /// </summary>
    private static void EmitDeepTile(KernelContext context, MatMulShape shape, bool isPacked, int rows, int vectors)
    {
        CodeWriter code = context.Code;
        bool isEdge = vectors == 1;
        string name = TileName(context, rows, vectors);
        code.Line(KernelContext.Optimized);
        using (code.Open($"private static void {name}Deep<TVector, TIsa>({context.CallParameter}, float* left, float* right, {TileParameters(shape, isEdge)}, float* blocks) {KernelContext.Constraints}"))
        {
            string step = isPacked ? "k * 2 * TIsa.Width" : $"k * {shape.Right.Row}";
            code.Line($"int depth = {KernelContext.Size(shape.K)};");
            code.Line($"float* last = blocks + ({2 * rows * vectors} * TIsa.Width);");
            code.Line($"new Span<float>(blocks, {2 * rows * vectors} * TIsa.Width).Clear();");
            using (code.Open($"for (int k = 0; k < depth; k += {DepthBlock})"))
            {
                code.Line($"{name}Block<TVector, TIsa>(left + ((long)k * {shape.Left.Column}), right + ((long){step}), {(isEdge ? "count, " : "")}Math.Min({DepthBlock}, depth - k), last);");
                code.Line($"CompensatedSum.AddAll<TVector, TIsa>(blocks, last, {rows * vectors});");
            }

            code.Line();
            code.Line($"CompensatedSum.TotalAll<TVector, TIsa>(blocks, last, {rows * vectors});");
            EmitStoreLoop(context, shape, rows, vectors, "last");
        }

        code.Line();
        code.Line(KernelContext.Optimized);
        using (code.Open($"private static void {name}Block<TVector, TIsa>(float* left, float* right, {(isEdge ? "int count, " : "")}int depth, float* sums) {KernelContext.Constraints}"))
        {
            EmitSums(code, shape, isPacked, rows, vectors);
            EmitSpillStores(code, rows, vectors);
        }
    }

    /// <summary>The sums of a tile, in registers.</summary>
    private static void EmitSums(CodeWriter code, MatMulShape shape, bool isPacked, int rows, int vectors)
    {
        for (int r = 0; r < rows; r++)
        {
            code.Line(vectors == 1 ? $"TVector c{r} = TIsa.Zero;" : $"TVector c{r}0 = TIsa.Zero, c{r}1 = TIsa.Zero;");
        }

        bool isFar = vectors == 2 && !isPacked && shape.Right.Row >= FarRow && !shape.K.PerSample;
        if (isFar)
        {
            code.Line("// The rows of the right side are pages apart, where no hardware prefetcher follows: ask for the next panel.");
        }

        using (code.Open("for (int k = 0; k < depth; k++)"))
        {
            if (isFar)
            {
                code.Line("TIsa.Prefetch(right + (2 * TIsa.Width));");
                code.Line("TIsa.Prefetch(right + (3 * TIsa.Width));");
            }

            if (vectors == 1)
            {
                code.Line(isPacked ? "TVector b = TIsa.Load(right);" : "TVector b = count >= TIsa.Width ? TIsa.Load(right) : TIsa.LoadPartial(right, count);");
                for (int r = 0; r < rows; r++)
                {
                    code.Line($"c{r} = TIsa.FusedMultiplyAdd(TIsa.Broadcast(left[{(long)r * shape.Left.Row}]), b, c{r});");
                }
            }
            else
            {
                code.Line("TVector b0 = TIsa.Load(right);");
                code.Line("TVector b1 = TIsa.Load(right + TIsa.Width);");
                for (int r = 0; r < rows; r++)
                {
                    code.Line($"TVector a{r} = TIsa.Broadcast(left[{(long)r * shape.Left.Row}]);");
                    code.Line($"c{r}0 = TIsa.FusedMultiplyAdd(a{r}, b0, c{r}0);");
                    code.Line($"c{r}1 = TIsa.FusedMultiplyAdd(a{r}, b1, c{r}1);");
                }
            }

            code.Line($"left += {shape.Left.Column};");
            code.Line(isPacked ? "right += 2 * TIsa.Width;" : $"right += {shape.Right.Row};");
        }

        code.Line();
    }

    private static void EmitTileStores(KernelContext context, MatMulShape shape, int rows)
    {
        string batch = shape.IsBatched ? "batch, " : "";
        for (int r = 0; r < rows; r++)
        {
            string row = r == 0 ? "row" : $"row + {r}";
            context.Code.Line($"{context.Name}Store<TVector, TIsa>(call, {batch}{row}, column, c{r}0);");
            context.Code.Line($"{context.Name}Store<TVector, TIsa>(call, {batch}{row}, column + TIsa.Width, c{r}1);");
        }
    }

    private static void EmitEdgeStores(KernelContext context, MatMulShape shape, int rows)
    {
        CodeWriter code = context.Code;
        string batch = shape.IsBatched ? "batch, " : "";
        using (code.Open("if (count >= TIsa.Width)"))
        {
            for (int r = 0; r < rows; r++)
            {
                code.Line($"{context.Name}Store<TVector, TIsa>(call, {batch}row + {r}, column, c{r});");
            }

            code.Line("return;");
        }

        code.Line();
        for (int r = 0; r < rows; r++)
        {
            code.Line($"{context.Name}StorePartial<TVector, TIsa>(call, {batch}row + {r}, column, c{r}, count);");
        }
    }

    /// <summary>The elementwise work on a tile whose sums are in memory, as a loop over its rows.</summary>
    private static void EmitStoreLoop(KernelContext context, MatMulShape shape, int rows, int vectors, string sums)
    {
        CodeWriter code = context.Code;
        string batch = shape.IsBatched ? "batch, " : "";
        using (code.Open($"for (int i = 0; i < {rows}; i++)"))
        {
            if (vectors == 2)
            {
                code.Line($"{context.Name}Store<TVector, TIsa>(call, {batch}row + i, column, TIsa.Load({sums} + (i * 2 * TIsa.Width)));");
                code.Line($"{context.Name}Store<TVector, TIsa>(call, {batch}row + i, column + TIsa.Width, TIsa.Load({sums} + (i * 2 * TIsa.Width) + TIsa.Width));");
                return;
            }

            code.Line($"TVector sum = TIsa.Load({sums} + (i * TIsa.Width));");
            using (code.Open("if (count >= TIsa.Width)"))
            {
                code.Line($"{context.Name}Store<TVector, TIsa>(call, {batch}row + i, column, sum);");
            }

            using (code.Open("else"))
            {
                code.Line($"{context.Name}StorePartial<TVector, TIsa>(call, {batch}row + i, column, sum, count);");
            }
        }
    }

    private static string TileName(KernelContext context, int rows, int vectors) => $"{context.Name}{(vectors == 1 ? "Edge" : "Tile")}{rows}";

    private static string TileParameters(MatMulShape shape, bool isEdge) => $"{(shape.IsBatched ? "int batch, " : "")}int row, int column{(isEdge ? ", int count" : "")}";

    private static string TileArguments(MatMulShape shape, bool isEdge) => $"{(shape.IsBatched ? "batch, " : "")}row, column{(isEdge ? ", count" : "")}";

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
        EmitSpillStores(code, rows, vectors);
        code.Line();
    }

    private static void EmitSpillStores(CodeWriter code, int rows, int vectors)
    {
        for (int i = 0; i < rows * vectors; i++)
        {
            code.Line($"TIsa.Store(sums{Offsets.Plus(0, i)}, c{i / vectors}{(vectors == 1 ? "" : i % vectors)});");
        }
    }

    private static string Panels(KernelContext context, MatMulShape shape)
    {
        string pointer = context.ScratchPointer("Panels");
        return shape.IsBatched ? $"{pointer} + ((long)batch * {KernelContext.Size(shape.K)} * {(shape.N + 31) / 32 * 32})" : pointer;
    }
}
