using System.Globalization;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>
/// The gradient of pooling on its own. Windows that tile the input write each of its pixels once; others are gathered: each
/// pixel of the input adds, in order, what it gets from the windows it lies in.
/// </summary>
internal sealed class PoolGradientEmitter : IKernelEmitter
{
    public static PoolGradientEmitter Instance { get; } = new();

    public IEnumerable<Scratch> Scratch(KernelContext context) => [];

    public IEnumerable<Launch> Launches(KernelContext context)
    {
        PoolGradientCode pool = new(context);
        return [new Launch(context.Name, $"{KernelContext.SizeInDriver(context.Kernel.Anchor!.Shape[0])} * {pool.RowTasks}", pool.WorkPerTask.ToString(CultureInfo.InvariantCulture))];
    }

    public void Emit(KernelContext context) => new PoolGradientCode(context).Emit();

    public string Describe(KernelContext context)
    {
        Node anchor = context.Kernel.Anchor!;
        return $"{ConvolutionEmitter.Target(context)}: {anchor.Shape} = gradient of a {new PoolGradientCode(context).Sizes}, from {context.Memory.Name(context.Operands.Base(anchor.Inputs[0]).Value)} {anchor.Inputs[0].Shape}";
    }
}

/// <summary>One such kernel while it is being emitted.</summary>
internal sealed class PoolGradientCode
{
    /// <summary>Elements of the input's gradient that are worth a task of their own.</summary>
    private const int ElementsPerTask = 16384;

    private readonly KernelContext _context;
    private readonly CodeWriter _code;
    private readonly PoolGeometry _pool;
    private readonly bool _isMaximum;
    private readonly bool _countsPadding;

    public PoolGradientCode(KernelContext context)
    {
        _context = context;
        _code = context.Code;
        (_pool, _isMaximum, _countsPadding) = context.Kernel.Anchor!.Op switch
        {
            Op.MaxPool2dGradient pool => (pool.Geometry, true, false),
            Op.AveragePool2dGradient pool => (pool.Geometry, false, pool.CountIncludePad || pool.Geometry.Padding == 0),
            _ => throw new InvalidOperationException($"{context.Name} is no gradient of pooling."),
        };
    }

    public string Sizes => PoolCode.SizesOf(_pool, _isMaximum);

    /// <summary>Tasks of an image: some rows of windows each where these tile it, else some rows of the input.</summary>
    public int RowTasks => (Rows + RowsPerTask - 1) / RowsPerTask;

    public long WorkPerTask => (long)RowsPerTask * RowWork;

    private int InRow => _pool.Width * _pool.Channels;

    private int OutRow => _pool.OutWidth * _pool.Channels;

    private int Rows => _pool.Tiles ? (_pool.Height + _pool.Kernel - 1) / _pool.Kernel : _pool.Height;

    private int RowWork => InRow * _pool.Kernel;

    private int RowsPerTask => Math.Max(1, Math.Min(Rows, ElementsPerTask / RowWork));

    private string Gradient => _context.ContiguousPointer(_context.Kernel.Anchor!.Inputs[0]);

    public void Emit()
    {
        _code.Line(KernelContext.Optimized);
        using (_code.Open($"{KernelContext.Signature(_context.Name)} {KernelContext.Constraints}"))
        {
            _code.Line(_context.State);
            _code.Line(RowTasks == 1 ? "int image = task;" : $"int image = task / {RowTasks};");
            string first = RowTasks == 1 ? "0" : $"task % {RowTasks} * {RowsPerTask}";
            _code.Line(RowTasks == 1 ? $"const int endRow = {Rows};" : $"int endRow = Math.Min(((task % {RowTasks}) + 1) * {RowsPerTask}, {Rows});");
            using (_code.Open($"for (int row = {first}; row < endRow; row++)"))
            {
                if (_pool.Tiles)
                {
                    EmitTiledRow();
                }
                else
                {
                    EmitGatheredRow();
                }
            }
        }
    }

    private void EmitPointers(string outRow)
    {
        _code.Line($"float* gradient = {Gradient} + ({outRow} * {OutRow});");
        if (_isMaximum)
        {
            _code.Line($"byte* winners = {_context.ContiguousPointer(_context.Kernel.Anchor!.Inputs[1])} + ({outRow} * {OutRow});");
        }
    }

    private void EmitTiledRow()
    {
        int kernel = _pool.Kernel;
        _code.Line($"float* to = {_context.Pointer(_context.Kernel.Anchor!)} + ((((long)image * {_pool.Height}) + (row * {kernel})) * {InRow});");
        if (_pool.Height % kernel != 0)
        {
            // Below the last row of windows.
            using (_code.Open($"if (row == {_pool.OutHeight})"))
            {
                _code.Line($"new Span<float>(to, {_pool.Height % kernel * InRow}).Clear();");
                _code.Line("continue;");
            }

            _code.Line();
        }

        EmitPointers($"(((long)image * {_pool.OutHeight}) + row)");
        using (_code.Open($"for (int column = 0; column < {_pool.OutWidth}; column++)"))
        {
            ChannelLoop.Emit(_code, _pool.Channels, EmitTiledWindow);
            _code.Line($"to += {kernel * _pool.Channels};");
            _code.Line($"gradient += {_pool.Channels};");
            if (_isMaximum)
            {
                _code.Line($"winners += {_pool.Channels};");
            }
        }

        int rest = _pool.Width - (_pool.OutWidth * kernel);
        if (rest > 0)
        {
            _code.Line();
            using (_code.Open($"for (int y = 0; y < {kernel}; y++)"))
            {
                _code.Line($"new Span<float>(to + (y * {InRow}), {rest * _pool.Channels}).Clear();");
            }
        }
    }

    private void EmitTiledWindow(string? count)
    {
        _code.Line($"TVector value = {Load("", "gradient + channel", count)};");
        if (_isMaximum)
        {
            _code.Line($"TVector winner = {Load("Bytes", "winners + channel", count)};");
        }
        else
        {
            _code.Line($"value = TIsa.Multiply(value, TIsa.Broadcast(1f / {_pool.Kernel * _pool.Kernel}));");
        }

        if (_pool.Kernel > 3)
        {
            using (_code.Open($"for (int place = 0; place < {_pool.Kernel * _pool.Kernel}; place++)"))
            {
                EmitTiledPlace($" + (place / {_pool.Kernel} * {InRow}) + (place % {_pool.Kernel} * {_pool.Channels})", "place", count);
            }

            return;
        }

        for (int place = 0; place < _pool.Kernel * _pool.Kernel; place++)
        {
            EmitTiledPlace(Offsets.Plus((place / _pool.Kernel * InRow) + (place % _pool.Kernel * _pool.Channels)), $"{place}f", count);
        }
    }

    private void EmitTiledPlace(string offset, string place, string? count)
    {
        string value = _isMaximum ? $"TIsa.And(TIsa.Equals(winner, TIsa.Broadcast({place})), value)" : "value";
        _code.Line(count is null ? $"TIsa.Store(to + channel{offset}, {value});" : $"TIsa.StorePartial(to + channel{offset}, {value}, {count});");
    }

    private void EmitGatheredRow()
    {
        string First(string index) => _pool.Kernel > _pool.Stride
            ? $"{index} < {_pool.Kernel} ? 0 : ({index} - {_pool.Kernel - _pool.Stride}) / {_pool.Stride}"
            : $"{index} < {_pool.Kernel} ? 0 : ({index} + {_pool.Stride - _pool.Kernel}) / {_pool.Stride}";
        _code.Line($"float* to = {_context.Pointer(_context.Kernel.Anchor!)} + ((((long)image * {_pool.Height}) + row) * {InRow});");
        EmitPointers($"(long)image * {_pool.OutHeight}");
        _code.Line(_pool.Padding > 0 ? $"int y = row + {_pool.Padding}; // with the padding" : "int y = row;");
        _code.Line($"int firstY = {First("y")}; // the windows that y lies in");
        _code.Line($"int lastY = Math.Min({_pool.OutHeight - 1}, y / {_pool.Stride});");
        using (_code.Open($"for (int x = {_pool.Padding}; x < {_pool.Width + _pool.Padding}; x++)"))
        {
            _code.Line($"int firstX = {First("x")};");
            _code.Line($"int lastX = Math.Min({_pool.OutWidth - 1}, x / {_pool.Stride});");
            ChannelLoop.Emit(_code, _pool.Channels, count =>
            {
                _code.Line("TVector sum = TIsa.Zero;");
                using (_code.Open("for (int windowY = firstY; windowY <= lastY; windowY++)"))
                using (_code.Open("for (int windowX = firstX; windowX <= lastX; windowX++)"))
                {
                    EmitGatheredWindow(count);
                }

                _code.Line(count is null ? "TIsa.Store(to + channel, sum);" : $"TIsa.StorePartial(to + channel, sum, {count});");
            });
            _code.Line($"to += {_pool.Channels};");
        }
    }

    private void EmitGatheredWindow(string? count)
    {
        _code.Line($"int at = (((windowY * {_pool.OutWidth}) + windowX) * {_pool.Channels}) + channel;");
        _code.Line($"TVector value = {Load("", "gradient + at", count)};");
        if (_isMaximum)
        {
            _code.Line($"TVector place = TIsa.Broadcast(((y - (windowY * {_pool.Stride})) * {_pool.Kernel}) + x - (windowX * {_pool.Stride}));");
            _code.Line($"sum = TIsa.Add(sum, TIsa.And(TIsa.Equals({Load("Bytes", "winners + at", count)}, place), value));");
            return;
        }

        if (_countsPadding)
        {
            _code.Line($"sum = TIsa.FusedMultiplyAdd(value, TIsa.Broadcast(1f / {_pool.Kernel * _pool.Kernel}), sum);");
            return;
        }

        // What of the window is inside.
        string Inside(string window, int size) =>
            $"Math.Min(({window} * {_pool.Stride}) + {_pool.Kernel}, {size + _pool.Padding}) - Math.Max({window} * {_pool.Stride}, {_pool.Padding})";
        _code.Line($"int height = {Inside("windowY", _pool.Height)};");
        _code.Line($"int width = {Inside("windowX", _pool.Width)};");
        _code.Line("sum = TIsa.FusedMultiplyAdd(value, TIsa.Broadcast(1f / (height * width)), sum);");
    }

    private static string Load(string what, string at, string? count) =>
        count is null ? $"TIsa.Load{what}({at})" : $"TIsa.Load{what}Partial({at}, {count})";
}
