using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Lower;

/// <summary>
/// Convolutions, and those that make an input's gradient where the whole gradient of the result is there: the input is laid out, if it
/// cannot be read as it lies, and the weights are packed for the method that fits. The elementwise work on the results, which are pooled
/// if pooling follows, is the epilogue.
/// </summary>
internal sealed class ConvolutionLowering
{
    private const string LayoutSuffix = "Padded";
    private const string PanelsSuffix = "PackedWeight";
    private const string TransformedSuffix = "TransformedWeight";

    /// <summary>Floating point operations that moving a float takes as long as, more or less.</summary>
    private const long WorkPerFloat = 8;

    private readonly KernelOperands _operands;
    private readonly bool _isFlipped;
    private readonly ConvolutionGeometry _geometry;
    private readonly ConvolutionShape _shape;
    private readonly ImageLayout _layout;
    private readonly Node _input;
    private readonly Dim _images;

    private ConvolutionLowering(KernelOperands operands)
    {
        _operands = operands;
        Node anchor = operands.Kernel.Anchor!;
        _input = anchor.Inputs[0];
        _images = _input.Shape[0];
        switch (anchor.Op)
        {
            case Op.Conv2d convolution:
                _geometry = convolution.Geometry;
                _shape = ConvolutionShape.Of(_geometry, (operands.Kernel.Pooling?.Op as Op.MaxPool2d)?.Geometry);
                _layout = ImageLayout.InputOf(_geometry) with { Pitch = operands.PixelPitch(_input) };
                break;
            case Op.Conv2dInputGradient gradient:
                _isFlipped = true;
                _geometry = gradient.Geometry;
                _shape = ConvolutionShape.InputGradientOf(_geometry);
                _layout = ImageLayout.GradientOf(_geometry) with { Pitch = operands.PixelPitch(_input) };
                break;
            default:
                throw new InvalidOperationException($"{anchor} is no convolution.");
        }
    }

    private ConvolutionMethod Method => !_isFlipped && WinogradTasks.Suits(_shape) ? ConvolutionMethod.Winograd : ConvolutionMethod.Direct;

    private WeightOrder Order => _isFlipped ? WeightOrder.Flipped : Method == ConvolutionMethod.Winograd ? WeightOrder.Transformed : WeightOrder.Straight;

    private Address Panels => new(new Place.Scratch(Method == ConvolutionMethod.Winograd ? TransformedSuffix : PanelsSuffix), 0);

    private Address Images => _layout.IsIdentity ? First(_input) : new Address(new Place.Scratch(LayoutSuffix), 0);

    public static Nest Lower(KernelOperands operands)
    {
        ConvolutionLowering lowering = new(operands);
        bool isLaidOut = !lowering._layout.IsIdentity;
        return new Nest(
            lowering.Words(),
            new(isLaidOut ? [lowering.PanelScratch(), lowering.LayoutScratch()] : [lowering.PanelScratch()]),
            new(isLaidOut ? [lowering.LayOut(), lowering.Pack(), lowering.Convolve()] : [lowering.Pack(), lowering.Convolve()]),
            operands.CallsFunctions)
        {
            // The runtime takes results from memory, one after the other.
            Epilogue = new Epilogue(new(lowering.EpilogueBody()), IsLong: true, operands.IsCalledEpilogue),
        };
    }

    private string Words() =>
        (Method == ConvolutionMethod.Winograd ? "by Winograd's transforms" : "tiles of pixels and channels")
        + (_layout.IsIdentity ? "" : $", the images laid out as [{_images}, {_shape.Height}, {_shape.Width}, {_shape.Channels}] first");

    private Scratch LayoutScratch() =>
        new(LayoutSuffix, $"[{_images}, {_shape.Height}, {_shape.Width}, {_shape.Channels}]", _layout.Floats * _images.Size, _images.PerSample);

    /// <summary>What the panels take whatever the width of a vector.</summary>
    private Scratch PanelScratch() => Method == ConvolutionMethod.Winograd
        ? new Scratch(
            TransformedSuffix,
            $"transformed weights in panels of two vectors of output channels, [{_shape.OutChannels}, {WinogradTasks.Places}, {_shape.Channels}]",
            (long)_shape.OutChannels * WinogradTasks.Places * _shape.Channels,
            false,
            IsWorthKeeping: true)
        : new Scratch(
            PanelsSuffix,
            $"weights in panels of two vectors of output channels, [{_shape.OutChannels}, {_shape.K}]",
            (long)_shape.Groups * ImageTasks.Panels(_shape.GroupOut) * 2 * Statement.WidestVector * _shape.K,
            false,
            IsWorthKeeping: true);

    /// <summary>A task is some rows of the images that are laid into.</summary>
    private Routine LayOut()
    {
        Integer rows = (Integer)_images * _layout.ToHeight;
        Integer first = Integer.Task * _layout.RowsPerTask;
        return new Routine(
            "Pad",
            Integer.Pieces(rows, _layout.RowsPerTask),
            (long)_layout.RowsPerTask * _layout.ToRow,
            new([new Statement.LayOut(_layout, First(_input), Images, first, Integer.Min(first + _layout.RowsPerTask, rows))]));
    }

    /// <summary>A task is a panel.</summary>
    private Routine Pack()
    {
        Integer width = 2 * Integer.Lanes;
        Integer panels = _shape.GroupOut % (2 * Statement.WidestVector) == 0 ? _shape.GroupOut / width : ((_shape.GroupOut - 1) + width) / width;
        long places = Method == ConvolutionMethod.Winograd ? WinogradTasks.Places : _shape.Taps;
        return new Routine(
            "Pack",
            _shape.Groups * panels,
            WorkPerFloat * Math.Min(2 * Statement.WidestVector, _shape.GroupOut) * places * _shape.GroupChannels,
            new([new Statement.PackWeights(Order, _shape, First(_operands.Kernel.Anchor!.Inputs[1]), Panels, Integer.Task)]));
    }

    private Routine Convolve()
    {
        (ImageTasks tasks, long flops) = Method == ConvolutionMethod.Winograd
            ? (WinogradTasks.Of(_shape, _images), WinogradTasks.Flops(_shape))
            : (DirectTasks.Of(_shape, _images), _shape.FlopsPerImage);
        List<Statement> body = [];
        (Integer image, IntegerRange results, IntegerRange channels) = tasks.Define(body);
        body.Add(new Statement.Convolve(Method, _shape, Images, Panels, image, results, channels));
        return new Routine("", tasks.Count, tasks.Choose(blocks => flops / blocks.Count), new(body));
    }

    /// <summary>The elementwise work and the stores: channels last, then what is stored plane by plane, then the winners.</summary>
    private IReadOnlyList<Statement> EpilogueBody()
    {
        Shape shape = _operands.Kernel.ResultShape;
        ElementLowering results = new(_operands, [new LoopIndex("pixel", Shape.Product(shape.Dims.Take(3))), new LoopIndex("channel", shape[3])]);
        Node? pooling = _isFlipped ? null : _operands.Kernel.Pooling;
        results.Define(pooling ?? _operands.Kernel.Anchor!, new Vector.Register(ConvolutionResult.Value));
        Node[] stored = [.. _operands.Kernel.Stored];
        foreach (Node node in stored.Where(node => node.Op is not Op.MaxPool2dWinners and not Op.Permute))
        {
            results.Store(node);
        }

        List<Statement> body = [];
        foreach (Node node in stored.Where(node => node.Op is Op.Permute))
        {
            Vector value = results.Value(node.Inputs[0]);
            body.AddRange(results.Take());
            body.Add(new Statement.StorePlanes(new Address(new Place.Value(node), PlaneOffset()), _shape.Plane, value));
        }

        body.AddRange(results.Take());
        foreach (Node node in stored.Where(node => node.Op is Op.MaxPool2dWinners))
        {
            Address target = new(new Place.Value(node), (PixelPosition(shape) * shape[3].Size) + ConvolutionResult.Channel);
            body.Add(new Statement.Store(target, new Vector.Register(ConvolutionResult.Winner)));
        }

        return body;
    }

    /// <summary>Where the result lies in the plane of its first channel.</summary>
    private Integer PlaneOffset()
    {
        Integer pixel = PixelPosition(_operands.Kernel.ResultShape);
        return ((((pixel / _shape.Plane) * _shape.OutChannels) + ConvolutionResult.Channel) * _shape.Plane) + (pixel % _shape.Plane);
    }

    private static Integer PixelPosition(Shape shape) => Shape.Product(shape.Dims.Take(3)).IsOne ? Integer.Zero : ConvolutionResult.Pixel;

    /// <summary>The first element of an operand that lies in memory row-major.</summary>
    private Address First(Node use) => new(new Place.Value(_operands.Base(use).Value), 0);
}
