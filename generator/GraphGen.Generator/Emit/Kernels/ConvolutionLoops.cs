using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>
/// The loops of a convolution around its tiles: a task is some rows of an image (or some of its output channels, where rows
/// are few), which for each panel of two vectors of output channels is cut into tiles of pixels.
/// </summary>
internal sealed class ConvolutionLoops
{
    /// <summary>Work worth a task of its own where an image has plenty of it, where it has little, and where images are few.</summary>
    private const int FlopsPerTask = 3_000_000;
    private const int LeastFlopsPerTask = 700_000;
    private const int LeastFlopsOfFew = 60_000;

    /// <summary>Pixels of a row that are collected before they are written plane by plane.</summary>
    private const int LongestTurnedRow = 512;

    private readonly KernelContext _context;
    private readonly CodeWriter _code;
    private readonly ConvolutionShape _shape;
    private readonly string _source;
    private readonly string _packed;
    private readonly ConvolutionEpilogue _epilogue;
    private readonly ConvolutionTile _tile;
    private readonly ConvolutionTiling[] _tilings;
    private readonly ImageTasks _tasks;

    /// <param name="context">The kernel.</param>
    /// <param name="shape">The convolution.</param>
    /// <param name="images">How many images.</param>
    /// <param name="source">A pointer to its input.</param>
    public ConvolutionLoops(KernelContext context, ConvolutionShape shape, Dim images, string source)
    {
        _context = context;
        _code = context.Code;
        _shape = shape;
        _source = source;
        _packed = context.ScratchPointer(ConvolutionPacking.Suffix);
        _epilogue = new ConvolutionEpilogue(context);
        _tile = new ConvolutionTile(context, shape, _epilogue);
        _tilings = [ConvolutionTiling.For(shape, 32), ConvolutionTiling.For(shape, 16)];
        ImageBlocks many = Cut(Math.Max(shape.FlopsPerImage / FlopsPerTask, Math.Min(8, shape.FlopsPerImage / LeastFlopsPerTask)));
        ImageBlocks few = images.PerSample ? Cut(Math.Max(many.Count, Math.Min(ImageTasks.Enough, shape.FlopsPerImage / LeastFlopsOfFew))) : many;
        _tasks = new ImageTasks(images, "Row", shape.PooledHeight, shape.OutChannels, many, few);
    }

    private bool TurnsTiles => _epilogue.Planes is not null && _shape.PooledWidth > LongestTurnedRow;

    public Launch Launch => new(_context.Name, _tasks.Count, _tasks.Choose(blocks => _shape.FlopsPerImage / blocks.Count));

    public void Emit()
    {
        _epilogue.Emit(partial: false);
        if (_tile.IsRagged)
        {
            _epilogue.Emit(partial: true);
        }

        EmitTask();
        foreach (IGrouping<string, (ConvolutionTiling Tiling, int Rows)> method in
            from tiling in _tilings
            from rows in tiling.RowSplit.Sizes
            group (tiling, rows) by RowsName(tiling, rows))
        {
            _code.Line();
            EmitRows(method.First().Tiling, method.First().Rows);
        }

        _tile.Emit(_tilings);
    }

    private void EmitTask()
    {
        _code.Line(KernelContext.Optimized);
        using (_code.Open($"{KernelContext.Signature(_context.Name)} {KernelContext.Constraints}"))
        {
            _code.Line(_context.State);
            (string first, string end, string firstChannel, string endChannel) = _tasks.Emit(_code);
            _code.Line($"float* x = {_source} + ((long)image * {_shape.InImage});");
            if (_tilings[0] == _tilings[1])
            {
                EmitRowLoops(_tilings[0], first, end, firstChannel, endChannel);
                return;
            }

            using (_code.Open("if (TIsa.Registers == 32)"))
            {
                EmitRowLoops(_tilings[0], first, end, firstChannel, endChannel);
            }

            using (_code.Open("else"))
            {
                EmitRowLoops(_tilings[1], first, end, firstChannel, endChannel);
            }
        }
    }

    /// <summary>An image cut into about as many pieces as are wanted: rows, then output channels, each a multiple of the widest panel.</summary>
    private ImageBlocks Cut(long wanted)
    {
        int rows = _tilings.All(tiling => tiling.Rows == 1) ? (int)Math.Max(1, Math.Min(wanted, _shape.PooledHeight)) : 1;
        int channels = _shape.Groups == 1 ? (int)Math.Max(1, Math.Min(ImageTasks.Panels(_shape.OutChannels), wanted / rows)) : 1;
        return new ImageBlocks(rows, channels);
    }

    private void EmitRowLoops(ConvolutionTiling tiling, string first, string end, string firstChannel, string endChannel)
    {
        if (tiling.Rows == 1)
        {
            EmitPanels(tiling, 1, first, end, firstChannel, endChannel);
            return;
        }

        foreach ((int rows, int at, int stop) in tiling.RowSplit.Runs)
        {
            EmitPanels(tiling, rows, $"{at}", $"{stop}", firstChannel, endChannel);
        }
    }

    private void EmitPanels(ConvolutionTiling tiling, int rows, string first, string end, string firstChannel, string endChannel)
    {
        bool single = int.TryParse(first, out int at) && int.TryParse(end, out int stop) && stop - at == rows;
        using (single ? _code.Open("") : _code.Open($"for (int row = {first}; row < {end}; {(rows == 1 ? "row++" : $"row += {rows}")})"))
        {
            if (single)
            {
                _code.Line($"const int row = {first};");
            }

            _code.Line($"float* from = x + (row * {_shape.RowStep});");
            _code.Line($"int pixel = ((image * {_shape.PooledHeight}) + row) * {_shape.PooledWidth};");
            string method = RowsName(tiling, rows);
            if (_shape.Groups == 1)
            {
                using (_code.Open($"for (int channel = {firstChannel}; channel < {endChannel}; channel += 2 * TIsa.Width)"))
                {
                    _code.Line($"{method}<TVector, TIsa>(call, from, {_packed} + ((long)channel * {_shape.K}), pixel, channel{Channels($"{_shape.OutChannels} - channel")}{PlanesArgument});");
                }

                return;
            }

            _code.Line($"float* panel = {_packed};");
            using (_code.Open($"for (int group = 0; group < {_shape.Groups}; group++)"))
            using (_code.Open($"for (int inner = 0; inner < {_shape.GroupOut}; inner += 2 * TIsa.Width)"))
            {
                _code.Line($"int channel = (group * {_shape.GroupOut}) + inner;");
                _code.Line($"{method}<TVector, TIsa>(call, from + (group * {_shape.GroupChannels}), panel, pixel, channel{Channels($"{_shape.GroupOut} - inner")}{PlanesArgument});");
                _code.Line($"panel += {_shape.K} * 2 * TIsa.Width;");
            }
        }
    }

    private bool NeedsCount => _tile.IsRagged || _epilogue.Planes is not null;

    private string PlanesArgument => _epilogue.Planes is null ? "" :
        $", {_epilogue.Plane(_shape)} + (row * {_shape.PooledWidth})";

    private string Channels(string left) => !NeedsCount ? "" : _tile.IsRagged ? $", Math.Min(2 * TIsa.Width, {left})" : ", 2 * TIsa.Width";

    private string RowsName(ConvolutionTiling tiling, int rows) => $"{_context.Name}Rows{rows}x{tiling.ColumnSplit.Size}{(tiling.Piece == _shape.Window ? "" : $"By{tiling.Piece}")}";

    /// <summary>Some rows of an image for one panel of output channels, in tiles.</summary>
    private void EmitRows(ConvolutionTiling tiling, int rows)
    {
        string parameters = _context.CallParameter + ", float* x, float* weight, int pixel, int channel"
            + (NeedsCount ? ", int channels" : "")
            + (_epilogue.Planes is null ? "" : ", float* planes");
        _code.Line(KernelContext.Optimized);
        if (_epilogue.Planes is not null)
        {
            _code.Line("[SkipLocalsInit]");
        }

        using (_code.Open($"private static void {RowsName(tiling, rows)}<TVector, TIsa>({parameters}) {KernelContext.Constraints}"))
        {
            int pixels = rows * (TurnsTiles ? tiling.ColumnSplit.Size : _shape.PooledWidth);
            if (_epilogue.Planes is not null)
            {
                _code.Line($"float* turned = stackalloc float[{pixels} * 2 * TIsa.Width]; // [pixel][channel]");
            }

            if (!_tile.IsNarrow)
            {
                EmitTiles(tiling, rows, 2);
            }
            else if (_tile.IsAlwaysNarrow)
            {
                EmitTiles(tiling, rows, 1);
            }
            else
            {
                using (_code.Open("if (channels <= TIsa.Width)"))
                {
                    EmitTiles(tiling, rows, 1);
                }

                using (_code.Open("else"))
                {
                    EmitTiles(tiling, rows, 2);
                }
            }

            if (_epilogue.Planes is not null && !TurnsTiles)
            {
                EmitTurn($"{pixels}", "");
            }
        }
    }

    private void EmitTiles(ConvolutionTiling tiling, int rows, int vectors)
    {
        foreach ((int columns, int first, int end) in tiling.ColumnSplit.Runs)
        {
            string name = _tile.Name(rows, columns, tiling.Piece, vectors);
            if (end - first == columns)
            {
                EmitTile(name, columns, $"{first}", first == 0);
                continue;
            }

            using (_code.Open($"for (int column = {first}; column < {end}; {(columns == 1 ? "column++" : $"column += {columns}")})"))
            {
                EmitTile(name, columns, "column", false);
            }

            _code.Line();
        }
    }

    private void EmitTile(string name, int columns, string column, bool isFirst)
    {
        string At(string pointer, string step) => isFirst ? pointer : step == "1" ? $"{pointer} + {column}" : $"{pointer} + ({column} * {step})";
        string arguments = $"call, {At("x", $"{_shape.PixelStep}")}, weight, {At("pixel", "1")}, channel"
            + (_tile.IsRagged ? ", channels" : "")
            + (_epilogue.Planes is null ? "" : ", " + (TurnsTiles ? "turned" : At("turned", "2 * TIsa.Width")));
        _code.Line($"{name}<TVector, TIsa>({arguments});");
        if (TurnsTiles)
        {
            EmitTurn($"{columns}", isFirst ? "" : $" + {column}");
        }
    }

    private void EmitTurn(string pixels, string offset) =>
        _code.Line($"Transposition.ToPlanes(turned, 2 * TIsa.Width, channels, {pixels}, planes{offset}, {_shape.Plane});");
}

/// <summary>How an image's results are cut into tiles: rows and columns of results, whole windows of the pooling.</summary>
/// <param name="RowSplit">The heights of tiles; more than one row only where one tile takes whole rows.</param>
/// <param name="ColumnSplit">Their widths.</param>
/// <param name="Piece">Places of a window whose sums are held at once: all, unless registers are too few.</param>
internal sealed record ConvolutionTiling(Split RowSplit, Split ColumnSplit, int Piece)
{
    public int Rows => RowSplit.Size;

    public static ConvolutionTiling For(ConvolutionShape shape, int registers)
    {
        int capacity = Math.Max(1, PanelProducts.MostRows(registers) / shape.Window);
        int rows = shape.PooledWidth * 2 > capacity ? 1 : Math.Min(shape.PooledHeight, capacity / shape.PooledWidth);
        Split rowSplit = Split.Of(shape.PooledHeight, rows);
        Split columnSplit = Split.Of(shape.PooledWidth, rows > 1 ? shape.PooledWidth : capacity);
        return new ConvolutionTiling(rowSplit, columnSplit, registers == 32 || shape.Window <= 6 ? shape.Window : shape.Pool);
    }
}
