namespace GraphGen.Generator.Emit.Kernels;

/// <summary>
/// The tiles of a convolution: some results x one or two vectors of output channels, whose sums stay in registers while K
/// goes by, are pooled there, and leave through the epilogue.
/// </summary>
internal sealed class ConvolutionTile(KernelContext context, ConvolutionShape shape, ConvolutionEpilogue epilogue)
{
    private readonly CodeWriter _code = context.Code;

    /// <summary>Whether some panel, on some instruction set, has fewer channels than two vectors.</summary>
    public bool IsRagged => shape.GroupOut % 32 != 0;

    /// <summary>Whether some panel has no more channels than one vector.</summary>
    public bool IsNarrow => new[] { 16, 8, 4 }.Any(width => shape.GroupOut % (2 * width) is var rest && rest > 0 && rest <= width);

    /// <summary>Whether every panel is so.</summary>
    public bool IsAlwaysNarrow => shape.GroupOut <= 4;

    /// <summary>The name of the tile of some rows and columns of results.</summary>
    public string Name(int rows, int columns, int piece, int vectors) =>
        $"{context.Name}Tile{rows}x{columns}" + (piece == shape.Window ? "" : $"By{piece}") + (vectors == 1 ? "Narrow" : "");

    /// <summary>Writes every tile that the tilings use, once.</summary>
    public void Emit(IEnumerable<ConvolutionTiling> tilings)
    {
        IEnumerable<(int Rows, int Columns, int Piece)> tiles =
            from tiling in tilings
            from rows in tiling.RowSplit.Sizes
            from columns in tiling.ColumnSplit.Sizes
            select (rows, columns, tiling.Piece);
        foreach ((int rows, int columns, int piece) in tiles.Distinct())
        {
            if (!IsAlwaysNarrow)
            {
                EmitTile(rows, columns, piece, 2);
            }

            if (IsNarrow)
            {
                EmitTile(rows, columns, piece, 1);
            }
        }
    }

    private void EmitTile(int rows, int columns, int piece, int vectors)
    {
        int windows = rows * columns;
        bool isRolled = IsRagged || context.Operands.IsLongEpilogue(windows * vectors);
        string parameters = context.CallParameter + ", float* x, float* weight, int pixel, int channel"
            + (IsRagged ? ", int channels" : "")
            + (epilogue.Planes is null ? "" : ", float* turned");
        _code.Line();
        _code.Line(KernelContext.Optimized);
        if (isRolled)
        {
            _code.Line("[SkipLocalsInit]");
        }

        using (_code.Open($"private static void {Name(rows, columns, piece, vectors)}<TVector, TIsa>({parameters}) {KernelContext.Constraints}"))
        {
            int parts = shape.Window / piece;
            for (int part = 0; part < parts; part++)
            {
                List<Pixel> pixels =
                [
                    .. from window in Enumerable.Range(0, windows)
                       from place in Enumerable.Range(part * piece, piece)
                       select new Pixel(window, place, (window / columns * shape.RowStep) + (window % columns * shape.PixelStep) + shape.WindowOffset(place)),
                ];
                EmitPart(pixels, parts > 1 ? $"{part}" : "", vectors);
            }

            _code.Line();
            if (isRolled)
            {
                EmitRolledStores(windows, columns, vectors);
            }
            else
            {
                EmitStores(windows, columns, vectors);
            }
        }
    }

    /// <summary>The sums of some pixels, and what the pooling makes of them.</summary>
    private void EmitPart(List<Pixel> pixels, string part, int vectors)
    {
        string weight = "weight";
        string x = "x";
        if (part.Length > 0)
        {
            // The registers hold a part of each window at a time: K is walked again for the next.
            _code.Line($"float* weight{part} = weight;");
            _code.Line($"float* x{part} = x;");
            weight += part;
            x += part;
        }

        List<TileRow> rows = [.. pixels.Select(pixel => new TileRow(pixel.Offset, [.. Enumerable.Range(0, vectors).Select(vector => Sum(pixel, vector))]))];
        PanelProducts.EmitZeros(_code, rows);
        EmitSums(weight, x, rows);
        _code.Line();
        if (epilogue.Winners is null && shape.Window == 1)
        {
            return;
        }

        foreach (Pixel pixel in pixels)
        {
            for (int vector = 0; vector < vectors; vector++)
            {
                epilogue.EmitPooling(_code, pixel.Place, Sum(pixel, vector), Best(pixel.Window, vector), Winner(pixel.Window, vector));
            }
        }
    }

    /// <summary>Walks K: for each float of a segment one or two vectors of weights against a broadcast for each pixel.</summary>
    private void EmitSums(string weight, string x, List<TileRow> tile)
    {
        CodeWriter.Block? rows = shape.KernelHeight > 1 ? _code.Open($"for (int row = 0; row < {shape.KernelHeight}; row++)") : null;
        if (shape.SegmentsPerRow > 1)
        {
            using (_code.Open($"for (int tap = 0; tap < {shape.KernelWidth}; tap++)"))
            {
                PanelProducts.EmitLoop(_code, x, weight, shape.SegmentLength, tile);
                EmitAdvance(x, (shape.Dilation * shape.Channels) - shape.SegmentLength);
            }

            EmitAdvance(x, shape.Dilation * (shape.InRow - (shape.KernelWidth * shape.Channels)));
        }
        else
        {
            PanelProducts.EmitLoop(_code, x, weight, shape.SegmentLength, tile);
            EmitAdvance(x, (shape.Dilation * shape.InRow) - shape.SegmentLength);
        }

        rows?.Dispose();
    }

    private void EmitAdvance(string pointer, int by)
    {
        if (by != 0)
        {
            _code.Line($"{pointer} {(by > 0 ? "+" : "-")}= {Math.Abs(by)};");
        }
    }

    private void EmitStores(int windows, int columns, int vectors)
    {
        for (int window = 0; window < windows; window++)
        {
            int pixel = (window / columns * shape.PooledWidth) + (window % columns);
            for (int vector = 0; vector < vectors; vector++)
            {
                string turned = pixel == 0 ? Offsets.Plus(0, vector) : $" + ({(2 * pixel) + vector} * TIsa.Width)";
                _code.Line(epilogue.Call("pixel" + Offsets.Plus(pixel), "channel" + Offsets.Plus(0, vector), Best(window, vector), Winner(window, vector), "turned" + turned));
            }
        }
    }

    /// <summary>The same as a loop, by way of the stack: where the epilogue is long, or the channels may be fewer than the lanes.</summary>
    private void EmitRolledStores(int windows, int columns, int vectors)
    {
        string stride = vectors == 1 ? "TIsa.Width" : $"{vectors} * TIsa.Width";
        KernelContext.EmitStackVectors(_code, "sums", $"{windows} * {stride}");
        if (epilogue.Winners is not null)
        {
            KernelContext.EmitStackVectors(_code, "winners", $"{windows} * {stride}");
        }

        for (int window = 0; window < windows; window++)
        {
            for (int vector = 0; vector < vectors; vector++)
            {
                string at = Offsets.Plus(0, (window * vectors) + vector);
                _code.Line($"TIsa.Store(sums{at}, {Best(window, vector)});");
                if (epilogue.Winners is not null)
                {
                    _code.Line($"TIsa.Store(winners{at}, {Winner(window, vector)});");
                }
            }
        }

        _code.Line();
        using (_code.Open($"for (int i = 0; i < {windows}; i++)"))
        {
            _code.Line(columns == windows ? "int at = pixel + i;" : $"int at = pixel + (i / {columns} * {shape.PooledWidth}) + (i % {columns});");
            for (int vector = 0; vector < vectors; vector++)
            {
                EmitRolledStore(stride, columns == windows ? "i" : "(at - pixel)", vector);
            }
        }
    }

    private void EmitRolledStore(string stride, string turnedPixel, int vector)
    {
        string offset = Offsets.Plus(0, vector);
        string Call(string? count) => epilogue.Call(
            "at", "channel" + offset, $"TIsa.Load(sums + (i * {stride}){offset})", $"TIsa.Load(winners + (i * {stride}){offset})", $"turned + ({turnedPixel} * 2 * TIsa.Width){offset}", count);
        if (!IsRagged)
        {
            _code.Line(Call(null));
            return;
        }

        using (_code.Open($"if (channels >= {(vector == 0 ? "TIsa.Width" : "2 * TIsa.Width")})"))
        {
            _code.Line(Call(null));
        }

        using (_code.Open(vector == 0 ? "else" : "else if (channels > TIsa.Width)"))
        {
            _code.Line(Call(vector == 0 ? "channels" : "channels - TIsa.Width"));
        }
    }

    private string Sum(Pixel pixel, int vector) => $"sum{(pixel.Window * shape.Window) + pixel.Place}{"ab"[vector]}";

    private string Best(int window, int vector) => shape.Window == 1 ? $"sum{window}{"ab"[vector]}" : $"best{window}{"ab"[vector]}";

    private static string Winner(int window, int vector) => $"winner{window}{"ab"[vector]}";

    /// <summary>A pixel whose sums a tile holds: a place in the window of one of its results, and where its patch of x begins.</summary>
    private sealed record Pixel(int Window, int Place, int Offset);
}
