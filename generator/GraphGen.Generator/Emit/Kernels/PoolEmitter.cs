using System.Globalization;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>Pooling on its own: vectors of channels, a window at a time. Padding counts as minus infinity for a maximum.</summary>
internal sealed class PoolEmitter : IKernelEmitter
{
    public static PoolEmitter Instance { get; } = new();

    public IEnumerable<Scratch> Scratch(KernelContext context) => [];

    public IEnumerable<Launch> Launches(KernelContext context)
    {
        PoolCode pool = new(context);
        return [new Launch(context.Name, $"{KernelContext.SizeInDriver(context.Kernel.Anchor!.Shape[0])} * {pool.RowTasks}", pool.WorkPerTask.ToString(CultureInfo.InvariantCulture))];
    }

    public void Emit(KernelContext context) => new PoolCode(context).Emit();

    public string Describe(KernelContext context)
    {
        PoolCode pool = new(context);
        Node anchor = context.Kernel.Anchor!;
        string from = context.Memory.Name(context.Operands.Base(anchor.Inputs[0]).Value);
        return $"{ConvolutionEmitter.Target(context)}: {anchor.Shape} = {pool.Sizes} of {from} {anchor.Inputs[0].Shape}";
    }
}

/// <summary>One such kernel while it is being emitted.</summary>
internal sealed class PoolCode
{
    /// <summary>Elements read that are worth a task of their own.</summary>
    private const int ElementsPerTask = 32768;

    private readonly KernelContext _context;
    private readonly CodeWriter _code;
    private readonly PoolGeometry _pool;
    private readonly bool _isMaximum;
    private readonly bool _countsPadding;
    private readonly Node? _winners;

    public PoolCode(KernelContext context)
    {
        _context = context;
        _code = context.Code;
        (_pool, _isMaximum, _countsPadding) = context.Kernel.Anchor!.Op switch
        {
            Op.MaxPool2d pool => (pool.Geometry, true, false),
            Op.AveragePool2d pool => (pool.Geometry, false, pool.CountIncludePad || pool.Geometry.Padding == 0),
            _ => throw new InvalidOperationException($"{context.Name} does not pool."),
        };
        _winners = context.Kernel.Body.FirstOrDefault(node => node.Op is Op.MaxPool2dWinners && context.Kernel.Stores.Contains(node));
    }

    public string Sizes => SizesOf(_pool, _isMaximum);

    /// <summary>Tasks of an image: some rows each.</summary>
    public int RowTasks => (_pool.OutHeight + RowsPerTask - 1) / RowsPerTask;

    public long WorkPerTask => (long)RowsPerTask * RowWork;

    private int RowWork => _pool.OutWidth * _pool.Channels * _pool.Kernel * _pool.Kernel;

    private int RowsPerTask => Math.Max(1, Math.Min(_pool.OutHeight, ElementsPerTask / RowWork));

    private bool StoresValues => _context.Kernel.Stores.Contains(_context.Kernel.Anchor!);

    private string Parameters =>
        "float* x" + (StoresValues ? ", float* y" : "") + (_winners is null ? "" : ", byte* winners");

    public static string SizesOf(PoolGeometry pool, bool isMaximum) =>
        $"{pool.Kernel}x{pool.Kernel} {(isMaximum ? "maximum" : "average")}, stride {pool.Stride}" + (pool.Padding > 0 ? $", padding {pool.Padding}" : "");

    public void Emit()
    {
        int row = _pool.OutWidth * _pool.Channels;
        _code.Line(KernelContext.Optimized);
        using (_code.Open($"{KernelContext.Signature(_context.Name)} {KernelContext.Constraints}"))
        {
            _code.Line(_context.State);
            _code.Line(RowTasks == 1 ? "int image = task;" : $"int image = task / {RowTasks};");
            _code.Line(RowTasks == 1 ? "const int firstRow = 0;" : $"int firstRow = task % {RowTasks} * {RowsPerTask};");
            _code.Line(RowTasks == 1 ? $"const int endRow = {_pool.OutHeight};" : $"int endRow = Math.Min(firstRow + {RowsPerTask}, {_pool.OutHeight});");
            _code.Line($"float* x = {_context.ContiguousPointer(_context.Kernel.Anchor!.Inputs[0])} + ((long)image * {_pool.Height * _pool.Width * _pool.Channels});");
            if (StoresValues)
            {
                _code.Line($"float* y = {_context.Pointer(_context.Kernel.Anchor)} + ((((long)image * {_pool.OutHeight}) + firstRow) * {row});");
            }

            if (_winners is not null)
            {
                _code.Line($"byte* winners = {_context.Pointer(_winners)} + ((((long)image * {_pool.OutHeight}) + firstRow) * {row});");
            }

            using (_code.Open("for (int row = firstRow; row < endRow; row++)"))
            {
                _code.Line(_pool.Padding > 0 ? $"int top = (row * {_pool.Stride}) - {_pool.Padding};" : $"int top = row * {_pool.Stride};");
                using (_code.Open($"for (int column = 0; column < {_pool.OutWidth}; column++)"))
                {
                    EmitPixel();
                }
            }
        }

        _code.Line();
        EmitWindow(isBorder: false);
        if (_pool.Padding > 0)
        {
            EmitWindow(isBorder: true);
        }
    }

    private void EmitPixel()
    {
        string arguments = $"x + (((top * {_pool.Width}) + left) * {_pool.Channels})" + (StoresValues ? ", y" : "") + (_winners is null ? "" : ", winners");
        if (_pool.Padding == 0)
        {
            _code.Line($"int left = column * {_pool.Stride};");
            _code.Line($"{_context.Name}Window<TVector, TIsa>({arguments});");
        }
        else
        {
            _code.Line($"int left = (column * {_pool.Stride}) - {_pool.Padding};");
            using (_code.Open($"if (top >= 0 && left >= 0 && top + {_pool.Kernel} <= {_pool.Height} && left + {_pool.Kernel} <= {_pool.Width})"))
            {
                _code.Line($"{_context.Name}Window<TVector, TIsa>({arguments});");
            }

            using (_code.Open("else"))
            {
                _code.Line($"{_context.Name}Border<TVector, TIsa>({arguments}, Math.Max(0, -top), Math.Min({_pool.Kernel}, {_pool.Height} - top), Math.Max(0, -left), Math.Min({_pool.Kernel}, {_pool.Width} - left));");
            }

            _code.Line();
        }

        if (StoresValues)
        {
            _code.Line($"y += {_pool.Channels};");
        }

        if (_winners is not null)
        {
            _code.Line($"winners += {_pool.Channels};");
        }
    }

    /// <summary>All channels of one window; at the border, of the part of it that is inside.</summary>
    private void EmitWindow(bool isBorder)
    {
        _code.Line(KernelContext.Optimized);
        using (_code.Open($"private static void {_context.Name}{(isBorder ? "Border" : "Window")}<TVector, TIsa>({Parameters}{(isBorder ? ", int firstY, int endY, int firstX, int endX" : "")}) {KernelContext.Constraints}"))
        {
            if (!_isMaximum)
            {
                string count = !isBorder || _countsPadding ? $"{_pool.Kernel * _pool.Kernel}" : "((endY - firstY) * (endX - firstX))";
                _code.Line($"TVector scale = TIsa.Broadcast(1f / {count});");
            }

            ChannelLoop.Emit(_code, _pool.Channels, count =>
            {
                if (!isBorder && _pool.Kernel <= 3)
                {
                    EmitPlaces(count);
                }
                else
                {
                    EmitPlaceLoop(count, isBorder);
                }

                string suffix = count is null ? "" : "Partial";
                string last = count is null ? "" : $", {count}";
                if (StoresValues)
                {
                    _code.Line($"TIsa.Store{suffix}(y + channel, {(_isMaximum ? "best" : "TIsa.Multiply(sum, scale)")}{last});");
                }

                if (_winners is not null)
                {
                    _code.Line($"TIsa.StoreBytes{suffix}(winners + channel, winner{last});");
                }
            });
        }

        _code.Line();
    }

    private void EmitPlaces(string? count)
    {
        for (int place = 0; place < _pool.Kernel * _pool.Kernel; place++)
        {
            string value = Load(Offsets.Plus(((place / _pool.Kernel * _pool.Width) + (place % _pool.Kernel)) * _pool.Channels), count);
            if (place == 0)
            {
                _code.Line($"TVector {(_isMaximum ? "best" : "sum")} = {value};");
                if (_winners is not null)
                {
                    _code.Line("TVector winner = TIsa.Zero;");
                }
            }
            else
            {
                EmitPlace(value, $"{place}", $"{place}f");
            }
        }
    }

    private void EmitPlaceLoop(string? count, bool isBorder)
    {
        (string firstY, string endY, string firstX, string endX) = isBorder ? ("firstY", "endY", "firstX", "endX") : ("0", $"{_pool.Kernel}", "0", $"{_pool.Kernel}");
        int row = _pool.Width * _pool.Channels;
        if (_isMaximum)
        {
            _code.Line($"TVector best = {Load(isBorder ? $" + (firstY * {row}) + (firstX * {_pool.Channels})" : "", count)};");
            if (_winners is not null)
            {
                _code.Line(isBorder ? $"TVector winner = TIsa.Broadcast((firstY * {_pool.Kernel}) + firstX);" : "TVector winner = TIsa.Zero;");
            }
        }
        else
        {
            _code.Line("TVector sum = TIsa.Zero;");
        }

        using (_code.Open($"for (int placeY = {firstY}; placeY < {endY}; placeY++)"))
        using (_code.Open($"for (int placeX = {firstX}; placeX < {endX}; placeX++)"))
        {
            EmitPlace(Load($" + (placeY * {row}) + (placeX * {_pool.Channels})", count), "", $"(placeY * {_pool.Kernel}) + placeX");
        }
    }

    private void EmitPlace(string value, string suffix, string place)
    {
        if (!_isMaximum)
        {
            _code.Line($"sum = TIsa.Add(sum, {value});");
            return;
        }

        if (_winners is null)
        {
            _code.Line($"best = TIsa.Max({value}, best);");
            return;
        }

        _code.Line($"TVector value{suffix} = {value};");
        _code.Line($"TVector larger{suffix} = TIsa.GreaterThanOrNaN(value{suffix}, best);");
        _code.Line($"winner = TIsa.Select(larger{suffix}, TIsa.Broadcast({place}), winner);");
        _code.Line($"best = TIsa.Select(larger{suffix}, value{suffix}, best);");
    }

    private static string Load(string at, string? count) =>
        count is null ? $"TIsa.Load(x + channel{at})" : $"TIsa.LoadPartial(x + channel{at}, {count})";
}
