using System.Globalization;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>
/// A 3 x 3 convolution, pooled 2 x 2, as Winograd's F(2x2, 3x3): the four results of a window of the pooling are 16 products of
/// transformed values instead of 36 (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016). A task takes a block of
/// windows through all three steps: transform their patches, multiply, transform the products back and pool.
/// </summary>
internal sealed class WinogradConvolution : IConvolutionMethod
{
    private const string Suffix = "TransformedWeight";

    /// <summary>Values of a transformed patch in each channel.</summary>
    private const int Places = 16;

    /// <summary>Windows in a block: more do not stay in the second-level cache beside the weights.</summary>
    private const int MostWindows = 27;

    /// <summary>Floats of a block's transformed patches, which lie on the stack.</summary>
    private const int MostFloats = 16384;

    /// <summary>Windows in a block without which reading the weights takes longer than multiplying with them.</summary>
    private const int FewestWindows = 8;

    /// <summary>Work that is worth a task of its own where images are few.</summary>
    private const int LeastFlopsOfFew = 200_000;

    private readonly KernelContext _context;
    private readonly CodeWriter _code;
    private readonly ConvolutionShape _shape;
    private readonly string _source;
    private readonly ConvolutionEpilogue _epilogue;
    private readonly ImageTasks _tasks;

    /// <summary>Windows in each block, where images are many and where they are few.</summary>
    private readonly IReadOnlyList<int> _blocks;

    /// <param name="context">The kernel.</param>
    /// <param name="shape">The convolution.</param>
    /// <param name="images">How many images.</param>
    /// <param name="source">A pointer to its input.</param>
    public WinogradConvolution(KernelContext context, ConvolutionShape shape, Dim images, string source)
    {
        _context = context;
        _code = context.Code;
        _shape = shape;
        _source = source;
        _epilogue = new ConvolutionEpilogue(context);
        int most = Math.Min(MostWindows, WindowsThatFit(shape));
        ImageBlocks many = new((shape.Plane + most - 1) / most, 1);
        long wanted = Math.Min(ImageTasks.Enough, Flops / LeastFlopsOfFew);
        int channels = (int)Math.Max(1, Math.Min(ImageTasks.Panels(shape.OutChannels), wanted));

        // Few images are cut at the register tiles that the blocks of many consist of, so that both have the same.
        int tiles = Rows((shape.Plane + many.Parts - 1) / many.Parts, 32).Pieces;
        ImageBlocks few = images.PerSample && wanted > many.Count ? new(many.Parts * tiles, channels) : many;
        _tasks = new ImageTasks(images, "Window", shape.Plane, shape.OutChannels, many, few);
        _blocks = [.. new[] { many, few }.SelectMany(blocks => new[] { (shape.Plane + blocks.Parts - 1) / blocks.Parts, shape.Plane / blocks.Parts }).Distinct()];
    }

    /// <summary>Floating point operations of an image.</summary>
    private long Flops => 2L * Places * _shape.Channels * _shape.OutChannels * _shape.Plane;

    /// <summary>Windows that there is room for: an odd number, so that the places of one lie in different sets of the cache.</summary>
    private int Room => _blocks.Max() | 1;

    public Scratch Weight => new(
        Suffix,
        $"transformed weights in panels of two vectors of output channels, [{_shape.OutChannels}, {Places}, {_shape.Channels}]",
        (long)_shape.OutChannels * Places * _shape.Channels,
        false,
        IsWorthKeeping: true);

    public IEnumerable<Launch> Launches =>
    [
        new Launch(_context.Name + "Pack", $"{_shape.OutChannels} / (2 * TIsa.Width)", (8L * 32 * Places * _shape.Channels).ToString(CultureInfo.InvariantCulture)),
        new Launch(_context.Name, _tasks.Count, _tasks.Choose(blocks => Flops / blocks.Count)),
    ];

    /// <summary>Whether a convolution can be made so, and is better made so.</summary>
    public static bool Suits(ConvolutionShape shape) =>
        shape is { KernelHeight: 3, KernelWidth: 3, Stride: 1, Dilation: 1, Groups: 1, Pool: 2 }
        && shape.Channels % 16 == 0
        && shape.OutChannels % 32 == 0
        && WindowsThatFit(shape) >= FewestWindows;

    public void Emit()
    {
        EmitPack();
        _epilogue.Emit(partial: false);
        EmitTask();
        EmitResults();
    }

    private static int WindowsThatFit(ConvolutionShape shape) => MostFloats / (Places * shape.Channels);

    /// <summary>The register tiles that a block's windows are cut into.</summary>
    private static Split Rows(int windows, int registers) => Split.Of(windows, PanelProducts.MostRows(registers));

    private void EmitPack()
    {
        _code.Line($"// Weights to panels [{Places}][{_shape.Channels}][two vectors of output channels], transformed.");
        _code.Line(KernelContext.Optimized);
        using (_code.Open($"{KernelContext.Signature(_context.Name + "Pack")} {KernelContext.Constraints}"))
        {
            _code.Line(_context.State);
            _code.Line("int first = task * 2 * TIsa.Width;");
            string weight = _context.ContiguousPointer(_context.Kernel.Anchor!.Inputs[1]);
            _code.Line($"Winograd.PackWeights<TVector, TIsa>({weight} + (first * {_shape.K}), {_shape.Channels}, {Panel("first")});");
        }

        _code.Line();
    }

    /// <summary>Where the panel of an output channel begins.</summary>
    private string Panel(string channel) => $"{_context.ScratchPointer(Suffix)} + ((long){channel} * {Places * _shape.Channels})";

    private void EmitTask()
    {
        _code.Line(KernelContext.Optimized);
        _code.Line("[SkipLocalsInit]");
        using (_code.Open($"{KernelContext.Signature(_context.Name)} {KernelContext.Constraints}"))
        {
            _code.Line(_context.State);
            (string first, string end, string firstChannel, string endChannel) = _tasks.Emit(_code);
            _code.Line(first == "0" ? $"const int windows = {end};" : $"int windows = {end} - {first};");
            _code.Line($"float* x = {_source} + ((long)image * {_shape.InImage});");
            _code.Line($"int pixel = {(first == "0" ? $"image * {_shape.Plane}" : $"(image * {_shape.Plane}) + {first}")};");
            KernelContext.EmitStackVectors(_code, "patches", $"{Places * Room * _shape.Channels}");
            KernelContext.EmitStackVectors(_code, "products", $"{Places * Room * 2} * TIsa.Width");
            if (_epilogue.Planes is not null)
            {
                KernelContext.EmitStackVectors(_code, "turned", $"{Room * 2} * TIsa.Width");
            }

            _code.Line();
            using (_code.Open("for (int window = 0; window < windows; window++)"))
            {
                _code.Line(first == "0" ? "int at = window;" : $"int at = {first} + window;");
                string from = $"x + (at / {_shape.PooledWidth} * {_shape.RowStep}) + (at % {_shape.PooledWidth} * {_shape.PixelStep})";
                _code.Line($"Winograd.TransformInput<TVector, TIsa>({from}, {_shape.InRow}, {_shape.Channels}, patches + (window * {_shape.Channels}), {Room * _shape.Channels});");
            }

            _code.Line();
            using (_code.Open($"for (int channel = {firstChannel}; channel < {endChannel}; channel += 2 * TIsa.Width)"))
            {
                EmitPanel(first);
            }
        }
    }

    /// <summary>The block's results in two vectors of output channels.</summary>
    private void EmitPanel(string first)
    {
        _code.Line($"float* weight = {Panel("channel")};");
        if (_blocks.Count == 1)
        {
            _code.Line($"{Products(_blocks[0])}<TVector, TIsa>(patches, weight, products);");
        }
        else
        {
            using (_code.Open("switch (windows)"))
            {
                foreach (int windows in _blocks)
                {
                    _code.Line(windows == _blocks[_blocks.Count - 1] ? "default:" : $"case {windows}:");
                    _code.Line($"    {Products(windows)}<TVector, TIsa>(patches, weight, products);");
                    _code.Line("    break;");
                }
            }
        }

        _code.Line();
        _code.Line($"{_context.Name}Results<TVector, TIsa>(call, products, windows, pixel, channel{(_epilogue.Planes is null ? "" : ", turned")});");
        if (_epilogue.Planes is not null)
        {
            string planes = _epilogue.Plane(_shape) + (first == "0" ? "" : $" + {first}");
            _code.Line($"Transposition.ToPlanes(turned, 2 * TIsa.Width, 2 * TIsa.Width, windows, {planes}, {_shape.Plane});");
        }
    }

    /// <summary>The method that makes the products of so many windows.</summary>
    private string Products(int windows) => _context.Shared.Add($"WinogradProducts{windows}x{_shape.Channels}", (code, name) => EmitProducts(code, name, windows));

    /// <summary>The register tile of so many windows.</summary>
    private string Tile(int rows) => _context.Shared.Add($"WinogradTile{rows}x{_shape.Channels}", (code, name) => EmitTile(code, name, rows));

    /// <summary>The transform of the products back to a window's four results, which are pooled and leave through the epilogue.</summary>
    private void EmitResults()
    {
        _code.Line();
        _code.Line($"// Products [{Places}][{Room} windows][two vectors of output channels] to results: the largest of the four of each window.");
        _code.Line(KernelContext.Optimized);
        string parameters = $"{_context.CallParameter}, float* products, int windows, int pixel, int channel{(_epilogue.Planes is null ? "" : ", float* turned")}";
        using (_code.Open($"private static void {_context.Name}Results<TVector, TIsa>({parameters}) {KernelContext.Constraints}"))
        using (_code.Open("for (int window = 0; window < windows; window++)"))
        using (_code.Open("for (int lane = 0; lane < 2 * TIsa.Width; lane += TIsa.Width)"))
        {
            _code.Line("float* m = products + (window * 2 * TIsa.Width) + lane;");
            for (int column = 0; column < 4; column++)
            {
                string[] m = [.. Enumerable.Range(0, 4).Select(row => $"TIsa.Load(m{Offsets.Plus(0, ((4 * row) + column) * Room * 2)})")];
                _code.Line($"TVector b{column} = {m[1]}, c{column} = {m[2]};");
                _code.Line($"TVector upper{column} = TIsa.Add({m[0]}, TIsa.Add(b{column}, c{column}));");
                _code.Line($"TVector lower{column} = TIsa.Subtract(TIsa.Subtract(b{column}, c{column}), {m[3]});");
            }

            string[] sums = [.. new[] { "upper", "lower" }.SelectMany(row => new[]
            {
                $"TIsa.Add({row}0, TIsa.Add({row}1, {row}2))",
                $"TIsa.Subtract(TIsa.Subtract({row}1, {row}2), {row}3)",
            })];
            for (int place = 0; place < sums.Length; place++)
            {
                _code.Line($"TVector sum{place} = {sums[place]};");
                _epilogue.EmitPooling(_code, place, $"sum{place}", "best", "winner");
            }

            _code.Line(_epilogue.Call("pixel + window", "channel + lane", "best", "winner", "turned + (window * 2 * TIsa.Width) + lane"));
        }
    }

    private void EmitProducts(CodeWriter code, string name, int windows)
    {
        code.Line($"// For each of {Places} places [{windows} windows, {_shape.Channels}]·[{_shape.Channels}, two vectors of output channels].");
        code.Line(KernelContext.Optimized);
        using (code.Open($"private static void {name}<TVector, TIsa>(float* patches, float* weight, float* products) {KernelContext.Constraints}"))
        using (code.Open($"for (int place = 0; place < {Places}; place++)"))
        {
            Split wide = Rows(windows, 32);
            Split narrow = Rows(windows, 16);
            if (wide == narrow)
            {
                EmitTiles(code, wide);
            }
            else
            {
                using (code.Open("if (TIsa.Registers == 32)"))
                {
                    EmitTiles(code, wide);
                }

                using (code.Open("else"))
                {
                    EmitTiles(code, narrow);
                }

                code.Line();
            }

            code.Line($"patches += {Room * _shape.Channels};");
            code.Line($"weight += {_shape.Channels * 2} * TIsa.Width;");
            code.Line($"products += {Room * 2} * TIsa.Width;");
        }
    }

    private void EmitTiles(CodeWriter code, Split rows)
    {
        foreach ((int size, int first, int end) in rows.Runs)
        {
            if (end - first == size)
            {
                EmitCall(code, size, $"{first * _shape.Channels}", first == 0 ? "" : $" + ({first * 2} * TIsa.Width)");
                continue;
            }

            using (code.Open($"for (int row = {first}; row < {end}; {(size == 1 ? "row++" : $"row += {size}")})"))
            {
                EmitCall(code, size, $"(row * {_shape.Channels})", " + (row * 2 * TIsa.Width)");
            }

            code.Line();
        }
    }

    private void EmitCall(CodeWriter code, int rows, string offset, string products) =>
        code.Line($"{Tile(rows)}<TVector, TIsa>(patches{(offset == "0" ? "" : " + " + offset)}, weight, products{products});");

    private void EmitTile(CodeWriter code, string name, int rows)
    {
        code.Line(KernelContext.Optimized);
        using (code.Open($"private static void {name}<TVector, TIsa>(float* x, float* weight, float* products) {KernelContext.Constraints}"))
        {
            TileRow[] tile = [.. Enumerable.Range(0, rows).Select(row => new TileRow(row * _shape.Channels, [$"sum{row}a", $"sum{row}b"]))];
            PanelProducts.EmitZeros(code, tile);
            PanelProducts.EmitLoop(code, "x", "weight", _shape.Channels, tile);
            code.Line();
            for (int row = 0; row < rows; row++)
            {
                for (int vector = 0; vector < 2; vector++)
                {
                    code.Line($"TIsa.Store(products{Offsets.Plus(0, (row * 2) + vector)}, {tile[row].Sums[vector]});");
                }
            }
        }
    }
}
