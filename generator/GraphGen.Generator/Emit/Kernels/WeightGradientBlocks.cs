using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>
/// What a weight's gradient does with a block of results: for some output channels at a time their weights' sums are in
/// registers while the block goes by. Under a pooling only the winners have a gradient, so each channel has patches of its
/// own; else the channels share them.
/// </summary>
internal sealed class WeightGradientBlocks
{
    private readonly string _name;
    private readonly CodeWriter _code;
    private readonly ConvolutionShape _shape;
    private readonly PooledGradient _gradient;
    private readonly MicroKernelTable _micros;

    public WeightGradientBlocks(string name, CodeWriter code, ConvolutionShape shape, PooledGradient gradient)
    {
        _name = name;
        _code = code;
        _shape = shape;
        _gradient = gradient;
        _micros = new MicroKernelTable(name + "Micro");

        // With few channels a patch is many short segments: copied side by side, the K floats of one are contiguous.
        IsGathered = shape.Groups == 1 && shape.Segments > 1 && shape.K <= 64 && shape.SegmentLength % 16 != 0 && shape.Pool <= 3;
        Seen = IsGathered ? new ConvolutionShape(shape.K, 1, 1, shape.OutChannels, 1, 1, 1, 1, 1, 1) : shape;
        Block = gradient.IsPooled
            ? PixelBlock.For(shape, 32, 24_000)
            : PixelBlock.For(shape, (long)shape.OutChannels * shape.K > 100_000 ? 256 : 128, int.MaxValue);
    }

    /// <summary>Whether patches are copied before they are used.</summary>
    public bool IsGathered { get; }

    /// <summary>Whether whole vectors are loaded past the end of a patch.</summary>
    public bool ReadsBeyond => _shape.SegmentLength % 16 != 0;

    /// <summary>The convolution as the micro-kernels see it: with gathered patches, of K contiguous floats.</summary>
    public ConvolutionShape Seen { get; }

    public PixelBlock Block { get; }

    public int UnitsPerImage => (_shape.PooledHeight + Block.Rows - 1) / Block.Rows;

    /// <summary>Floats from one output channel's sums to the next, as an expression.</summary>
    public string ChannelStride => Seen.Segments == 1 ? $"{Vectors} * TIsa.Width" : $"{Seen.Segments} * {Vectors} * TIsa.Width";

    /// <summary>Floats of a gathered pixel: a patch for each place in the window.</summary>
    public string GatheredPixel => _shape.Window == 1 ? $"({Vectors} * TIsa.Width)" : $"({_shape.Window} * {Vectors} * TIsa.Width)";

    /// <summary>Where the weights of a tap begin in an output channel's sums.</summary>
    public string TapOffset =>
        IsGathered || _shape.Segments == 1 ? $"(tap * {_shape.Channels})"
        : _shape.SegmentsPerRow > 1 || _shape.KernelWidth == 1 ? $"(tap * {Vectors} * TIsa.Width)"
        : $"(tap / {_shape.KernelWidth} * {Vectors} * TIsa.Width) + (tap % {_shape.KernelWidth} * {_shape.Channels})";

    private string Vectors => RegisterPlan.VectorsPerSegment(Seen);

    public void Emit()
    {
        if (IsGathered)
        {
            EmitGather();
            _code.Line();
        }
        else if (_gradient.IsPooled)
        {
            _code.Line("// Where the patch of each place in a window begins.");
            _code.Line($"private static ReadOnlySpan<int> {_name}WindowOffsets => [{string.Join(", ", Enumerable.Range(0, _shape.Window).Select(_shape.WindowOffset))}];");
            _code.Line();
        }

        using (_code.Open($"private static void {_name}Block<TVector, TIsa>(float* x, {_gradient.Parameters}, float* partial, int rows, int columns, int firstChannel, int endChannel) {KernelContext.Constraints}"))
        {
            _code.Line($"int stride = {ChannelStride};");
            RegisterPlan.ForEachMachine(_code, PlanFor, EmitChannels);
        }

        _code.Line();
        _micros.EmitPending();
    }

    private RegisterPlan PlanFor(int lanes, int registers)
    {
        int most = registers == 32 ? 24 : 12;
        if (_gradient.IsPooled)
        {
            return RegisterPlan.For(Seen, lanes, most, 4);
        }

        // A pixel takes vectors + outputs loads for vectors * outputs multiplications: keep the two near each other.
        RegisterPlan plan = RegisterPlan.For(Seen, lanes, most / 4, 1);
        return plan with { Outputs = Math.Min(_shape.GroupOut, Math.Min(8, most / plan.Widest)) };
    }

    /// <summary>
    /// Chunks outermost where their patches are shared by all output channels; output channels outermost where each has its
    /// own winners, and all chunks of a patch lie in the L1 cache.
    /// </summary>
    private void EmitChannels(RegisterPlan plan)
    {
        CodeWriter.Block? groups = _shape.Groups > 1 ? _code.Open($"for (int group = 0; group < {_shape.Groups}; group++)") : null;
        string first = _shape.Groups > 1 ? $"group * {_shape.GroupOut}" : "firstChannel";
        int whole = _shape.GroupOut / plan.Outputs * plan.Outputs;
        string end = _shape.Groups > 1 ? $"(group * {_shape.GroupOut}) + {whole}"
            : whole == _shape.GroupOut ? "endChannel"
            : $"Math.Min(endChannel, {whole})";
        IEnumerable<WeightChunk[]> rounds = _gradient.IsPooled ? [[.. plan.Chunks]] : plan.Chunks.Select(chunk => new[] { chunk });
        foreach (WeightChunk[] chunks in rounds)
        {
            if (whole > 0)
            {
                using (_code.Open($"for (int channel = {first}; channel < {end}; {(plan.Outputs == 1 ? "channel++" : $"channel += {plan.Outputs}")})"))
                {
                    EmitCalls(chunks, plan.Outputs, "channel");
                }
            }

            if (whole < _shape.GroupOut)
            {
                // The channels left over; those of the last task, where tasks share them.
                using (_code.Open(_shape.Groups > 1 ? "" : $"if (endChannel == {_shape.GroupOut})"))
                {
                    _code.Line(_shape.Groups > 1 ? $"int channel = (group * {_shape.GroupOut}) + {whole};" : $"const int channel = {whole};");
                    EmitCalls(chunks, _shape.GroupOut - whole, "channel");
                }
            }
        }

        groups?.Dispose();
    }

    private void EmitCalls(IEnumerable<WeightChunk> chunks, int outputs, string channel)
    {
        foreach (WeightChunk chunk in chunks)
        {
            string name = _micros.Name(outputs, chunk, "", micro => EmitMicro(micro, chunk, outputs));
            string group = _shape.Groups > 1 ? $" + (group * {_shape.GroupChannels})" : "";
            _code.Line($"{name}<TVector, TIsa>(x{group}{Offsets.Plus(chunk.Offset)}, {_gradient.Arguments(_shape, "0", channel)}, partial + ({channel} * stride){Offsets.Plus(0, chunk.FirstVector)}, rows, columns);");
        }
    }

    private void EmitMicro(string name, WeightChunk chunk, int outputs)
    {
        _code.Line(KernelContext.Optimized);
        using (_code.Open($"private static void {name}<TVector, TIsa>(float* x, {_gradient.Parameters}, float* sums, int rows, int columns) {KernelContext.Constraints}"))
        {
            if (_gradient.IsPooled && !IsGathered)
            {
                _code.Line($"int* offsets = (int*)Unsafe.AsPointer(ref MemoryMarshal.GetReference({_name}WindowOffsets));");
            }

            if (outputs > 1)
            {
                _code.Line($"int stride = {ChannelStride};");
            }

            EmitSums(chunk, outputs, (sum, at) => $"TVector {sum} = TIsa.Load({at});");
            using (_code.Open("for (int row = 0; row < rows; row++)"))
            {
                using (_code.Open("for (int column = 0; column < columns; column++)"))
                {
                    if (_gradient.IsPooled)
                    {
                        EmitWinners(chunk, outputs);
                    }
                    else
                    {
                        EmitDense(chunk, outputs);
                    }

                    _code.Line($"x += {(IsGathered ? GatheredPixel : $"{_shape.PixelStep}")};");
                    _gradient.EmitColumnStep(_code, _shape);
                }

                _code.Line();
                if (!IsGathered)
                {
                    _code.Line($"x += {_shape.RowStep} - (columns * {_shape.PixelStep});");
                }

                _gradient.EmitRowStep(_code, _shape);
            }

            _code.Line();
            EmitSums(chunk, outputs, (sum, at) => $"TIsa.Store({at}, {sum});");
        }

        _code.Line();
    }

    private void EmitSums(WeightChunk chunk, int outputs, Func<string, string, string> statement)
    {
        for (int output = 0; output < outputs; output++)
        {
            string row = output switch { 0 => "", 1 => " + stride", _ => $" + ({output} * stride)" };
            for (int vector = 0; vector < chunk.Vectors.Count; vector++)
            {
                _code.Line(statement($"sum{output}_{vector}", $"sums{row}{Offsets.Plus(0, vector)}"));
            }
        }
    }

    /// <summary>Each output channel adds its gradient times the patch of its winner.</summary>
    private void EmitWinners(WeightChunk chunk, int outputs)
    {
        for (int output = 0; output < outputs; output++)
        {
            using CodeWriter.Block? rest = _gradient.OpenUnlessZero(_code, output, chunk.Vectors.Count);
            _code.Line(IsGathered ? $"float* patch{output} = x + (winners[{output}] * {Vectors} * TIsa.Width);" : $"float* patch{output} = x + offsets[winners[{output}]];");
            _code.Line($"TVector gradient{output} = TIsa.Broadcast({_gradient.Element(output)});");
            for (int vector = 0; vector < chunk.Vectors.Count; vector++)
            {
                WeightVector at = chunk.Vectors[vector];
                _code.Line($"sum{output}_{vector} = TIsa.FusedMultiplyAdd(TIsa.Load(patch{output}{Offsets.Plus(at.Offset, at.Vector)}), gradient{output}, sum{output}_{vector});");
            }
        }
    }

    /// <summary>All output channels add their gradient times the same patch.</summary>
    private void EmitDense(WeightChunk chunk, int outputs)
    {
        for (int vector = 0; vector < chunk.Vectors.Count; vector++)
        {
            WeightVector at = chunk.Vectors[vector];
            _code.Line($"TVector x{vector} = TIsa.Load(x{Offsets.Plus(at.Offset, at.Vector)});");
        }

        for (int output = 0; output < outputs; output++)
        {
            _code.Line($"TVector gradient{output} = TIsa.Broadcast({_gradient.Element(output)});");
            for (int vector = 0; vector < chunk.Vectors.Count; vector++)
            {
                _code.Line($"sum{output}_{vector} = TIsa.FusedMultiplyAdd(x{vector}, gradient{output}, sum{output}_{vector});");
            }
        }
    }

    /// <summary>[pixel][place in the window][K]; segments in order, so that what one writes too much the next repairs.</summary>
    private void EmitGather()
    {
        _code.Line("// Copies patches side by side: [pixel][place in the window][tap][input channel].");
        _code.Line(KernelContext.Optimized);
        using (_code.Open($"private static void {_name}Gather<TVector, TIsa>(float* x, float* patches, int rows, int columns) {KernelContext.Constraints}"))
        using (_code.Open("for (int row = 0; row < rows; row++)"))
        {
            using (_code.Open("for (int column = 0; column < columns; column++)"))
            {
                for (int place = 0; place < _shape.Window; place++)
                {
                    EmitGatherPatch(place);
                    _code.Line($"patches += {Vectors} * TIsa.Width;");
                }

                _code.Line($"x += {_shape.PixelStep};");
            }

            _code.Line();
            _code.Line($"x += {_shape.RowStep} - (columns * {_shape.PixelStep});");
        }
    }

    private void EmitGatherPatch(int place)
    {
        for (int segment = 0; segment < _shape.Segments; segment++)
        {
            string from = "x" + Offsets.Plus(_shape.WindowOffset(place) + _shape.SegmentOffset(segment));
            string to = "patches" + Offsets.Plus(segment * _shape.SegmentLength);
            if (_shape.SegmentLength <= 4)
            {
                _code.Line($"Vector128.Store(Vector128.Load({from}), {to});");
                continue;
            }

            using (_code.Open($"for (int k = 0; k < {_shape.SegmentLength}; k += TIsa.Width)"))
            {
                _code.Line($"TIsa.Store({to} + k, TIsa.Load({from} + k));");
            }
        }
    }
}
