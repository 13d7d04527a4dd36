using System.Globalization;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Lower;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>
/// The gradient of a convolution's input under a pooling: the weights of an output channel are in registers while a block of
/// pooled pixels goes by, each adding its gradient times the weights to the patch of its winner. A task is an image. Where
/// the sums are not the result yet, they are made a band of rows at a time, and swept by the elementwise work on the result
/// once no window adds to them any more.
/// </summary>
internal sealed class WinnerInputGradient
{
    private const string PackedSuffix = "PackedWeight";
    private const string SumSuffix = "Sum";

    /// <summary>Floats of a band of sums: it stays in the L2 cache, and fits on any stack unless a single row of windows does not.</summary>
    private const int BandFloats = 32_768;
    private const int MostStackFloats = 65_536;

    private readonly KernelContext _context;
    private readonly CodeWriter _code;
    private readonly ConvolutionGeometry _geometry;
    private readonly ConvolutionShape _shape;
    private readonly PooledGradient _gradient;
    private readonly MicroKernelTable _micros;
    private readonly Node[] _targets;

    public WinnerInputGradient(KernelContext context)
    {
        Node anchor = context.Kernel.Anchor!;
        _context = context;
        _code = context.Code;
        _geometry = ((Op.Conv2dInputGradient)anchor.Op).Geometry;
        _shape = ConvolutionShape.Of(_geometry, ((Op.MaxPool2dGradient)context.Kernel.Pooling!.Op).Geometry);
        _gradient = PooledGradient.Of(context, anchor.Inputs[0]);
        _micros = new MicroKernelTable(context.Name + "Micro");
        _targets = [.. context.Kernel.Stored];
    }

    private Dim Images => _context.Kernel.Anchor!.Shape[0];

    private PixelBlock Block => PixelBlock.For(_shape, 32, 24_000);

    private string Vectors => RegisterPlan.VectorsPerSegment(_shape);

    private string PackedStride => $"{_shape.Segments} * {Vectors} * TIsa.Width";

    /// <summary>Whether the sums are not the result yet: there is elementwise work to do, padding to cut off, or more than one result.</summary>
    private bool IsSwept => _geometry.Padding > 0 || _targets.Length > 1 || _targets[0] != _context.Kernel.Anchor;

    /// <summary>Rows of windows in a band: whole blocks of them.</summary>
    private int BandRows => Math.Min(_shape.PooledHeight, Math.Max(1, BandFloats / _shape.RowStep / Block.Rows) * Block.Rows);

    /// <summary>From one row of windows to the next, in rows of the image.</summary>
    private int RowsPerWindow => _shape.Pool * _shape.Stride;

    /// <summary>Rows that a band's last windows share with the next band's first.</summary>
    private int SharedRows => Math.Max(0, ((_shape.Pool - 1) * _shape.Stride) + (_shape.Dilation * (_shape.KernelHeight - 1)) + 1 - RowsPerWindow);

    /// <summary>Rows of sums that are held at once: a band's, and those that follow the last band in the image.</summary>
    private int HeldRows => IsSwept ? (BandRows * RowsPerWindow) + Math.Max(0, _shape.Height - (_shape.PooledHeight * RowsPerWindow)) : _shape.Height;

    private int HeldFloats => HeldRows * _shape.InRow;

    public IEnumerable<Scratch> Scratch
    {
        get
        {
            yield return new Scratch(PackedSuffix, $"weights by output channel, [{_shape.OutChannels}, {_shape.K}]", _shape.OutChannels * RegisterPlan.FloatsPerChannel(_shape), false);
            if (IsSwept && HeldFloats > MostStackFloats)
            {
                yield return new Scratch(SumSuffix, $"a band of sums, [{Images}, {HeldRows}, {_shape.Width}, {_shape.Channels}]", (long)HeldFloats * Images.Size, Images.PerSample);
            }
        }
    }

    public IEnumerable<Launch> Launches
    {
        get
        {
            yield return new Launch(_context.Name + "Pack", $"{_shape.OutChannels}", $"{_shape.K}");
            yield return new Launch(_context.Name, KernelContext.SizeInDriver(Images), (_shape.FlopsPerImage / _shape.Window).ToString(CultureInfo.InvariantCulture));
        }
    }

    public void Emit()
    {
        EmitPack();
        EmitTask();
        _code.Line("// Where the patch of each place in a window begins.");
        _code.Line($"private static ReadOnlySpan<int> {_context.Name}WindowOffsets => [{string.Join(", ", Enumerable.Range(0, _shape.Window).Select(_shape.WindowOffset))}];");
        _code.Line();
        EmitBlock();
        _micros.EmitPending();
        if (IsSwept)
        {
            EmitSweep();
        }
    }

    private void EmitPack()
    {
        _code.Line($"// Weights to [output channel][{_shape.Segments} segments of {_shape.SegmentLength}, rounded up to vectors].");
        _code.Line(KernelContext.Optimized);
        using (_code.Open($"{KernelContext.Signature(_context.Name + "Pack")} {KernelContext.Constraints}"))
        {
            _code.Line(_context.State);
            _code.Line($"float* weight = {_context.ContiguousPointer(_context.Kernel.Anchor!.Inputs[1])} + ((long)task * {_shape.K});");
            _code.Line($"float* packed = {_context.ScratchPointer(PackedSuffix)} + ((long)task * {PackedStride});");
            if (_shape.SegmentLength % 16 != 0)
            {
                // Lanes that do not count are multiplied all the same: nothing slow to multiply may be left there.
                _code.Line($"new Span<float>(packed, {PackedStride}).Clear();");
            }

            using (_code.Open($"for (int tap = 0; tap < {_shape.Taps}; tap++)"))
            {
                _code.Line(_shape.SegmentsPerRow > 1 || _shape.KernelWidth == 1
                    ? $"float* to = packed + (tap * {Vectors} * TIsa.Width);"
                    : $"float* to = packed + (tap / {_shape.KernelWidth} * {Vectors} * TIsa.Width) + (tap % {_shape.KernelWidth} * {_shape.Channels});");
                using (_code.Open($"for (int input = 0; input < {_shape.GroupChannels}; input++)"))
                {
                    _code.Line($"to[input] = weight[(input * {_shape.Taps}) + tap];");
                }
            }
        }

        _code.Line();
    }

    private void EmitTask()
    {
        bool isOnStack = IsSwept && HeldFloats <= MostStackFloats;
        _code.Line(KernelContext.Optimized);
        if (isOnStack)
        {
            _code.Line("[SkipLocalsInit]");
        }

        using (_code.Open($"{KernelContext.Signature(_context.Name)} {KernelContext.Constraints}"))
        {
            _code.Line(_context.State);
            _code.Line("int image = task;");
            if (isOnStack)
            {
                _code.Line($"float* sums = stackalloc float[{HeldFloats} + 16]; // [{HeldRows}, {_shape.Width}, {_shape.Channels}]");
                _code.Line("sums = (float*)(((nint)sums + 63) & ~63); // whole cache lines");
            }
            else
            {
                _code.Line($"float* sums = {(IsSwept ? _context.ScratchPointer(SumSuffix) : _context.Pointer(_targets[0]))} + ((long)image * {HeldFloats});");
            }

            _code.Line($"new Span<float>(sums, {HeldFloats}).Clear();");
            _code.Line();
            if (IsSwept)
            {
                EmitBands();
            }
            else
            {
                EmitBlocks("0", $"{_shape.PooledHeight}");
            }
        }

        _code.Line();
    }

    private void EmitBands()
    {
        if (BandRows == _shape.PooledHeight)
        {
            EmitBlocks("0", $"{_shape.PooledHeight}");
            _code.Line();
            _code.Line($"{_context.Name}Finish<TVector, TIsa>(call, image, sums, 0, {_shape.Height});");
            return;
        }

        using (_code.Open($"for (int band = 0; band < {_shape.PooledHeight}; band += {BandRows})"))
        {
            _code.Line($"int endOfBand = Math.Min(band + {BandRows}, {_shape.PooledHeight});");
            EmitBlocks("band", "endOfBand");
            _code.Line();
            _code.Line("// No later window adds to these rows; the sums of the others go on.");
            _code.Line($"int first = band * {RowsPerWindow};");
            _code.Line($"int end = endOfBand == {_shape.PooledHeight} ? {_shape.Height} : endOfBand * {RowsPerWindow};");
            _code.Line($"{_context.Name}Finish<TVector, TIsa>(call, image, sums, first, end);");
            int shared = SharedRows * _shape.InRow;
            if (shared > 0)
            {
                _code.Line($"new Span<float>(sums + {BandRows * _shape.RowStep}, {shared}).CopyTo(new Span<float>(sums, {shared}));");
            }

            _code.Line($"new Span<float>(sums{Offsets.Plus(shared)}, {BandRows * _shape.RowStep}).Clear();");
        }
    }

    /// <summary>Some rows of windows, the first of which adds to where <c>sums</c> begins.</summary>
    private void EmitBlocks(string first, string end)
    {
        PixelBlock block = Block;
        bool isOneRow = block.Rows == _shape.PooledHeight;
        using (_code.Open(isOneRow ? "" : $"for (int row = {first}; row < {end}; row += {block.Rows})"))
        {
            if (isOneRow)
            {
                _code.Line("const int row = 0;");
            }

            _code.Line(_shape.PooledHeight % block.Rows == 0 ? $"const int rows = {block.Rows};" : $"int rows = Math.Min({block.Rows}, {_shape.PooledHeight} - row);");
            _code.Line($"float* to = sums + ({(first == "0" ? "row" : $"(row - {first})")} * {_shape.RowStep});");
            _gradient.EmitPointers(_code, _shape);
            foreach ((int size, int at, int stop) in block.Columns.Runs)
            {
                if (stop - at == size)
                {
                    EmitBlockCall(size, $"{at}");
                    continue;
                }

                using (_code.Open($"for (int column = {at}; column < {stop}; column += {size})"))
                {
                    EmitBlockCall(size, "column");
                }
            }
        }
    }

    private void EmitBlockCall(int size, string column)
    {
        string to = column == "0" ? "to" : $"to + ({column} * {_shape.PixelStep})";
        _code.Line($"{_context.Name}Block<TVector, TIsa>({to}, {_gradient.Arguments(_shape, column, "0")}, {_context.ScratchPointer(PackedSuffix)}, rows, {size});");
    }

    private void EmitBlock()
    {
        using (_code.Open($"private static void {_context.Name}Block<TVector, TIsa>(float* to, {_gradient.Parameters}, float* weight, int rows, int columns) {KernelContext.Constraints}"))
        {
            RegisterPlan.ForEachMachine(_code, (lanes, registers) => RegisterPlan.For(_shape, lanes, registers == 32 ? 24 : 13, 1), plan =>
            {
                using (_code.Open($"for (int channel = 0; channel < {_shape.OutChannels}; channel++)"))
                {
                    int rest = _shape.SegmentLength % plan.Lanes;
                    foreach (WeightChunk chunk in plan.Chunks)
                    {
                        string name = _micros.Name(1, chunk, $"{rest}", micro => EmitMicro(micro, chunk, rest));
                        _code.Line($"{name}<TVector, TIsa>(to{Offsets.Plus(chunk.Offset)}, {_gradient.Arguments(_shape, "0", "channel")}, weight + (channel * {PackedStride}){Offsets.Plus(0, chunk.FirstVector)}, rows, columns);");
                    }
                }
            });
        }

        _code.Line();
    }

    private void EmitMicro(string name, WeightChunk chunk, int rest)
    {
        _code.Line(KernelContext.Optimized);
        using (_code.Open($"private static void {name}<TVector, TIsa>(float* to, {_gradient.Parameters}, float* weight, int rows, int columns) {KernelContext.Constraints}"))
        {
            _code.Line($"int* offsets = (int*)Unsafe.AsPointer(ref MemoryMarshal.GetReference({_context.Name}WindowOffsets));");
            for (int vector = 0; vector < chunk.Vectors.Count; vector++)
            {
                _code.Line($"TVector weight{vector} = TIsa.Load(weight{Offsets.Plus(0, vector)});");
            }

            using (_code.Open("for (int row = 0; row < rows; row++)"))
            {
                using (_code.Open("for (int column = 0; column < columns; column++)"))
                {
                    using (_gradient.OpenUnlessZero(_code, 0, chunk.Vectors.Count))
                    {
                        EmitAdd(chunk, rest);
                    }

                    _code.Line($"to += {_shape.PixelStep};");
                    _gradient.EmitColumnStep(_code, _shape);
                }

                _code.Line();
                _code.Line($"to += {_shape.RowStep} - (columns * {_shape.PixelStep});");
                _gradient.EmitRowStep(_code, _shape);
            }
        }

        _code.Line();
    }

    /// <summary>Adds a winner's gradient times the weights to its patch.</summary>
    private void EmitAdd(WeightChunk chunk, int rest)
    {
        _code.Line("float* patch = to + offsets[*winners];");
        _code.Line("TVector value = TIsa.Broadcast(*gradient);");
        for (int vector = 0; vector < chunk.Vectors.Count; vector++)
        {
            WeightVector at = chunk.Vectors[vector];
            string target = "patch" + Offsets.Plus(at.Offset, at.Vector);
            _code.Line(at.IsLast && rest != 0
                ? $"TIsa.StorePartial({target}, TIsa.FusedMultiplyAdd(weight{vector}, value, TIsa.LoadPartial({target}, {rest})), {rest});"
                : $"TIsa.Store({target}, TIsa.FusedMultiplyAdd(weight{vector}, value, TIsa.Load({target})));");
        }
    }

    /// <summary>One sweep over rows of sums while they are in cache: cuts the padding off and does the elementwise work.</summary>
    private void EmitSweep()
    {
        int padding = _geometry.Padding;
        _code.Line($"// The elementwise work on rows of an image's sums{(padding > 0 ? ", counted with the padding" : "")}.");
        _code.Line(KernelContext.Optimized);
        using (_code.Open($"private static void {_context.Name}Finish<TVector, TIsa>({_context.CallParameter}, int image, float* sums, int first, int end) {KernelContext.Constraints}"))
        using (_code.Open(padding == 0
            ? "for (int y = first; y < end; y++)"
            : $"for (int y = Math.Max(first, {padding}); y < Math.Min(end, {padding + _geometry.Height}); y++)"))
        using (_code.Open($"for (int x = 0; x < {_geometry.Width}; x++)"))
        {
            _code.Line($"int pixel = (((image * {_geometry.Height}) + y{(padding == 0 ? "" : $" - {padding}")}) * {_geometry.Width}) + x;");
            _code.Line($"float* sum = sums + ((((y - first) * {_shape.Width}) + x{Offsets.Plus(padding)}) * {_shape.Channels});");
            ChannelLoop.Emit(_code, _shape.Channels, count =>
            {
                _code.Line(count is null ? "TVector value = TIsa.Load(sum + channel);" : $"TVector value = TIsa.LoadPartial(sum + channel, {count});");
                Shape shape = _context.Kernel.ResultShape;
                ElementEmitter results = new(_context, [new LoopIndex("pixel", Shape.Product(shape.Dims.Take(3))), new LoopIndex("channel", shape[3])], count);
                results.Define(_context.Kernel.Anchor!, "value");
                foreach (Node target in _targets)
                {
                    results.Store(target);
                }
            });
        }

        _code.Line();
    }
}
