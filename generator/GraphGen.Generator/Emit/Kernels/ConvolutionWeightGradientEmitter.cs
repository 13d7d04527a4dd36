using System.Globalization;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Lower;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>
/// The gradient of a convolution's weight. Parts of the batch, as many whatever the threads, make partial sums; a second
/// kernel adds them in order and turns them into OIHW.
/// </summary>
internal sealed class ConvolutionWeightGradientEmitter : IKernelEmitter
{
    public static ConvolutionWeightGradientEmitter Instance { get; } = new();

    public IEnumerable<Scratch> Scratch(KernelContext context) => new WeightGradientCode(context).Scratch;

    public IEnumerable<Launch> Launches(KernelContext context) => new WeightGradientCode(context).Launches;

    public void Emit(KernelContext context) => new WeightGradientCode(context).Emit();

    public string Describe(KernelContext context)
    {
        Node anchor = context.Kernel.Anchor!;
        string from = context.Memory.Name(context.Operands.Base(anchor.Inputs[0]).Value);
        Node gradient = context.Kernel.Pooling is { } pooling ? pooling.Inputs[0] : anchor.Inputs[1];
        string through = context.Kernel.Pooling is null ? "" : ", through the winners of its pooling";
        return $"{ConvolutionEmitter.Target(context)}: {anchor.Shape} = gradient of the weight of a {ConvolutionWords.Of(((Op.Conv2dWeightGradient)anchor.Op).Geometry)} convolution, from {from} {anchor.Inputs[0].Shape} and {gradient.Shape}{through}";
    }
}

/// <summary>One such kernel while it is being emitted.</summary>
internal sealed class WeightGradientCode
{
    private const string PaddedSuffix = "Padded";
    private const string LastImageSuffix = "LastImage";
    private const string PartialSuffix = "Partial";

    /// <summary>Floats of partial sums in all, above which the batch is cut into fewer parts and the channels into more.</summary>
    private const long MostPartialFloats = 4_000_000;

    private readonly KernelContext _context;
    private readonly CodeWriter _code;
    private readonly Node _input;
    private readonly ConvolutionShape _shape;
    private readonly ImageLayout _layout;
    private readonly PooledGradient _gradient;
    private readonly WeightGradientBlocks _blocks;

    public WeightGradientCode(KernelContext context)
    {
        Node anchor = context.Kernel.Anchor!;
        ConvolutionGeometry geometry = ((Op.Conv2dWeightGradient)anchor.Op).Geometry;
        _context = context;
        _code = context.Code;
        _input = anchor.Inputs[0];
        _shape = ConvolutionShape.Of(geometry, (context.Kernel.Pooling?.Op as Op.MaxPool2dGradient)?.Geometry);
        _layout = ImageLayout.InputOf(geometry) with { Pitch = context.Operands.PixelPitch(_input) };
        _gradient = PooledGradient.Of(context, anchor.Inputs[1]);
        _blocks = new WeightGradientBlocks(context.Name, _code, _shape, _gradient);
    }

    /// <summary>Parts of the batch with sums of their own.</summary>
    private int Parts => (int)Math.Max(1, Math.Min(8, MostPartialFloats / FloatsPerPart));

    /// <summary>Where these are few, what a task takes is also a part of the output channels: a multiple of all that go together.</summary>
    private int ChannelsPerTask => _shape.Groups > 1 || Parts >= 4 ? _shape.OutChannels : ((_shape.OutChannels * Parts / 8) + 23) / 24 * 24;

    private int ChannelTasks => (_shape.OutChannels + ChannelsPerTask - 1) / ChannelsPerTask;

    private long FloatsPerPart => _shape.OutChannels * RegisterPlan.FloatsPerChannel(_blocks.Seen);

    private string Images => KernelContext.Size(_input.Shape[0]);

    /// <summary>Whole vectors are loaded, past the end of the last image: of memory that is the caller's, that image is copied.</summary>
    private bool CopiesLastImage => _layout.IsIdentity && _blocks.ReadsBeyond && _context.Operands.Base(_input).Value.Op is Op.Input or Op.ConstantVector;

    private string Source => _layout.IsIdentity ? _context.ContiguousPointer(_input) : _context.ScratchPointer(PaddedSuffix);

    public IEnumerable<Scratch> Scratch
    {
        get
        {
            Dim images = _input.Shape[0];
            if (!_layout.IsIdentity)
            {
                yield return new Scratch(PaddedSuffix, $"[{images}, {_shape.Height}, {_shape.Width}, {_shape.Channels}]", _layout.Floats * images.Size, images.PerSample);
            }

            if (CopiesLastImage)
            {
                yield return new Scratch(LastImageSuffix, $"[{_shape.Height}, {_shape.Width}, {_shape.Channels}], with room behind it", _shape.InImage + 16, false);
            }

            yield return new Scratch(PartialSuffix, $"sums of {Parts} parts of the batch, [{Parts}, {_shape.OutChannels}, {_shape.K}]", Parts * FloatsPerPart, false);
        }
    }

    public IEnumerable<Launch> Launches
    {
        get
        {
            if (!_layout.IsIdentity)
            {
                yield return _layout.Launch(_context.Name + "Pad", KernelContext.SizeInDriver(_input.Shape[0]));
            }

            if (CopiesLastImage)
            {
                yield return new Launch(_context.Name + "CopyLast", "1", $"{_shape.InImage}");
            }

            long perImage = _shape.FlopsPerImage / (_gradient.IsPooled ? _shape.Window : 1) / Parts / ChannelTasks;
            yield return new Launch(_context.Name, $"{Parts * ChannelTasks}", $"{perImage}L * {KernelContext.SizeInDriver(_input.Shape[0])}");
            yield return new Launch(_context.Name + "Reduce", $"{_shape.OutChannels}", (2L * Parts * _shape.K).ToString(CultureInfo.InvariantCulture));
        }
    }

    public void Emit()
    {
        if (!_layout.IsIdentity)
        {
            _layout.Emit(_context, "Pad", _context.ContiguousPointer(_input), Source, Images);
        }

        if (CopiesLastImage)
        {
            EmitCopyLast();
        }

        EmitTask();
        _blocks.Emit();
        EmitReduce();
    }

    private void EmitCopyLast()
    {
        _code.Line("// The last image to where there is room behind it: whole vectors are loaded, and the caller's memory may end with the image.");
        using (_code.Open($"{KernelContext.Signature(_context.Name + "CopyLast")} {KernelContext.Constraints}"))
        {
            _code.Line(_context.State);
            _code.Line($"new Span<float>({Source} + ((long)({Images} - 1) * {_shape.InImage}), {_shape.InImage}).CopyTo(new Span<float>({_context.ScratchPointer(LastImageSuffix)}, {_shape.InImage}));");
        }

        _code.Line();
    }

    private void EmitTask()
    {
        PixelBlock block = _blocks.Block;
        int units = _blocks.UnitsPerImage;
        _code.Line(KernelContext.Optimized);
        using (_code.Open($"{KernelContext.Signature(_context.Name)} {KernelContext.Constraints}"))
        {
            _code.Line(_context.State);
            string channels = "";
            string first = "0";
            string count = $"{_shape.OutChannels}";
            if (ChannelTasks > 1)
            {
                _code.Line($"int firstChannel = task % {ChannelTasks} * {ChannelsPerTask};");
                _code.Line($"int endChannel = Math.Min(firstChannel + {ChannelsPerTask}, {_shape.OutChannels});");
                _code.Line($"task /= {ChannelTasks};");
                channels = ", firstChannel, endChannel";
                (first, count) = ("firstChannel", "(endChannel - firstChannel)");
            }

            _code.Line($"int stride = {_blocks.ChannelStride};");
            string work = units == 1 ? $"(long){Images}" : $"(long){Images} * {units}";
            _code.Line($"int first = (int)({work} * task / {Parts});");
            _code.Line($"int end = (int)({work} * (task + 1) / {Parts});");
            _code.Line($"float* partial = {_context.ScratchPointer(PartialSuffix)} + ((long)task * {_shape.OutChannels} * stride);");
            _code.Line(ChannelTasks == 1
                ? $"new Span<float>(partial, {count} * stride).Clear();"
                : $"new Span<float>(partial + ((long){first} * stride), {count} * stride).Clear();");
            if (_blocks.IsGathered)
            {
                _code.Line($"float* patches = stackalloc float[({block.Rows * block.Columns.Size} * {_blocks.GatheredPixel}) + {_blocks.Seen.SegmentLength} + 32];");
                _code.Line("patches = (float*)(((nint)patches + 63) & ~63); // whole cache lines");
            }

            _code.Line();
            using (_code.Open("for (int unit = first; unit < end; unit++)"))
            {
                _code.Line(units > 1 ? $"int image = unit / {units};" : "int image = unit;");
                _code.Line(units > 1 ? $"int row = unit % {units} * {block.Rows};" : "const int row = 0;");
                _code.Line(_shape.PooledHeight % block.Rows == 0 ? $"const int rows = {block.Rows};" : $"int rows = Math.Min({block.Rows}, {_shape.PooledHeight} - row);");
                string image = CopiesLastImage
                    ? $"(image == {Images} - 1 ? {_context.ScratchPointer(LastImageSuffix)} : {Source} + ((long)image * {_shape.InImage}))"
                    : $"{Source} + ((long)image * {_shape.InImage})";
                _code.Line($"float* x = {image} + (row * {_shape.RowStep});");
                _gradient.EmitPointers(_code, _shape);
                foreach ((int size, int at, int stop) in block.Columns.Runs)
                {
                    if (stop - at == size)
                    {
                        EmitBlock(size, $"{at}", channels);
                        continue;
                    }

                    using (_code.Open($"for (int column = {at}; column < {stop}; column += {size})"))
                    {
                        EmitBlock(size, "column", channels);
                    }
                }
            }
        }

        _code.Line();
    }

    private void EmitBlock(int size, string column, string channels)
    {
        string from = column == "0" ? "x" : $"x + ({column} * {_shape.PixelStep})";
        if (_blocks.IsGathered)
        {
            _code.Line($"{_context.Name}Gather<TVector, TIsa>({from}, patches, rows, {size});");
            from = "patches";
        }

        _code.Line($"{_context.Name}Block<TVector, TIsa>({from}, {_gradient.Arguments(_shape, column, "0")}, partial, rows, {size}{(channels.Length == 0 ? $", 0, {_shape.OutChannels}" : channels)});");
    }

    /// <summary>Adds the parts in order and turns [tap][input channel] into OIHW: stored, or added to the gradient there is.</summary>
    private void EmitReduce()
    {
        _code.Line($"// The sums of an output channel, added up in order, from [tap][input channel] to [input channel][tap].");
        _code.Line(KernelContext.Optimized);
        using (_code.Open($"{KernelContext.Signature(_context.Name + "Reduce")} {KernelContext.Constraints}"))
        {
            _code.Line(_context.State);
            _code.Line($"int stride = {_blocks.ChannelStride};");
            _code.Line($"float* sum = {_context.ScratchPointer(PartialSuffix)} + ((long)task * stride);");
            if (Parts > 1)
            {
                // The first part's memory takes the sum: no other task reads it.
                using (_code.Open($"for (int part = 1; part < {Parts}; part++)"))
                {
                    _code.Line($"float* partial = sum + ((long)part * {_shape.OutChannels} * stride);");
                    using (_code.Open("for (int k = 0; k < stride; k += TIsa.Width)"))
                    {
                        _code.Line("TIsa.Store(sum + k, TIsa.Add(TIsa.Load(sum + k), TIsa.Load(partial + k)));");
                    }
                }

                _code.Line();
            }

            Node[] targets = [.. _context.Kernel.Stored];
            for (int i = 0; i < targets.Length; i++)
            {
                EmitTarget(targets[i], targets.Length > 1 ? $"{i}" : "");
            }
        }

        _code.Line();
    }

    private void EmitTarget(Node target, string suffix)
    {
        string pointer = $"target{suffix}";
        _code.Line($"float* {pointer} = {_context.Pointer(target)} + ((long)task * {_shape.K});");
        string value = "from[input]";
        if (target.Op is Op.AddToGradient gradient)
        {
            _code.Line($"bool accumulate = {_context.Fields.HasBegun(gradient.Index)};");
            value = $"accumulate ? {pointer}[(input * {_shape.Taps}) + tap] + from[input] : from[input]";
        }

        using (_code.Open($"for (int tap = 0; tap < {_shape.Taps}; tap++)"))
        {
            _code.Line($"float* from = sum + {_blocks.TapOffset};");
            using (_code.Open($"for (int input = 0; input < {_shape.GroupChannels}; input++)"))
            {
                _code.Line($"{pointer}[(input * {_shape.Taps}) + tap] = {value};");
            }
        }
    }
}
