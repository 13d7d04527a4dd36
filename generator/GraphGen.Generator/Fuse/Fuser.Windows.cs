using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Fuse;

/// <content>Pooling, and gradients of convolutions, which can go through the winners of a pooling.</content>
internal sealed partial class Fuser
{
    private void PlacePooling(Node node)
    {
        PoolGeometry geometry = ((Op.MaxPool2d)node.Op).Geometry;
        Node input = node.Inputs[0];
        if (geometry is { Tiles: true, Kernel: <= 3 }
            && _graph.KernelOf(input) is { Kind: KernelKind.Convolution, Body.Count: 1 } convolution
            && !_roots.Contains(input)
            && _users[input].All(user => user == node || (user.Op is Op.MaxPool2dWinners winners && winners.Geometry == geometry)))
        {
            convolution.Pooling = node;
            Join(convolution, node);
        }
        else
        {
            PlaceAnchor(node, KernelKind.Pool);
        }
    }

    /// <summary>The winners come out of the kernel that pools.</summary>
    private void PlaceWinners(Node node, Op.MaxPool2dWinners winners)
    {
        Node? pooled = _users[node.Inputs[0]].FirstOrDefault(user => user.Op is Op.MaxPool2d pool && pool.Geometry == winners.Geometry);
        Join((pooled is null ? null : _graph.KernelOf(pooled)) ?? throw new InvalidOperationException($"{node} has no pooling beside it."), node);
    }

    /// <summary>Whether every user of a pooling's gradient is a convolution's gradient that can skip the losers.</summary>
    private bool ReadThroughWinners(Node node) =>
        ((Op.MaxPool2dGradient)node.Op).Geometry.Tiles
        && !_roots.Contains(node)
        && _users[node].All(user => user.Op switch
        {
            Op.Conv2dInputGradient { Geometry: { Groups: 1, Dilation: 1 } } => true,
            Op.Conv2dWeightGradient { Geometry: { Groups: 1, Dilation: 1 } } => user.Inputs[1] == node,
            _ => false,
        });

    private void PlaceConvolutionGradient(Node node, KernelKind kind, Node gradient, Node other)
    {
        Kernel kernel = new(kind, node);
        Materialize(other);
        if (kind == KernelKind.ConvolutionWeightGradient)
        {
            RequirePixels(other);
        }
        else
        {
            RequireRowMajor(other.BehindReshapes);
        }

        if (gradient.Op is Op.MaxPool2dGradient && _graph.KernelOf(gradient) is null && !_graph.IsAvailable(gradient))
        {
            kernel.Pooling = gradient;
            Materialize(gradient.Inputs[1]);
            MaterializeBase(gradient.Inputs[0]);
        }
        else
        {
            Materialize(gradient);
            RequireRowMajor(gradient.BehindReshapes);
        }

        Join(_graph.Add(kernel), node);
    }

    private void MaterializeBase(Node use)
    {
        Sight sight = _graph.Walk(null).Base(use);
        Materialize(sight.ElementsIn(_graph.Storage) is null ? use : sight.Value);
    }

    /// <summary>Images are read where their pixels follow each other.</summary>
    private void RequirePixels(Node images)
    {
        if (_graph.Storage.PixelPitch(images) is null)
        {
            RequireRowMajor(images.BehindReshapes);
        }
    }
}
