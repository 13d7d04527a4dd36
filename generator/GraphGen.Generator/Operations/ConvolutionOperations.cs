using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>
/// Convolution and pooling. Users see [n, channels, height, width]; the primitives take channels last, between two
/// permutations that the simplifier cancels against their neighbours'.
/// </summary>
internal static class ConvolutionOperations
{
    private static readonly int[] ToChannelsLast = [0, 2, 3, 1];
    private static readonly int[] ToChannelsFirst = [0, 3, 1, 2];

    /// <summary>torch.nn.Conv2d where the call is to a layer, torch.nn.functional.conv2d where it is to the function.</summary>
    public static Node Conv2d(OperationContext context) => context.Call.Layer is null ? Function(context) : Layer(context);

    public static Node MaxPool2d(OperationContext context)
    {
        Node x = context.Tensor("input");
        PoolGeometry geometry = PoolGeometry(context, x);
        return ToUsers(context.Graph, context.Graph.MaxPool2d(ToPrimitive(context.Graph, x), geometry));
    }

    public static Node AvgPool2d(OperationContext context)
    {
        Node x = context.Tensor("input");
        PoolGeometry geometry = PoolGeometry(context, x);
        return ToUsers(context.Graph, context.Graph.AveragePool2d(ToPrimitive(context.Graph, x), geometry, context.Boolean("countIncludePad")));
    }

    private static Node Layer(OperationContext context)
    {
        Node x = context.Tensor("input");
        context.RequireRank(x, 4, "[n, channels, height, width]");
        int expected = context.AtLeast("inChannels", 0);
        Dim channels = x.Shape[1];
        if (expected != 0 && channels != expected)
        {
            throw context.Refuse("GG1003", $"expects {expected} channels in the second dimension but was given {x.Shape}");
        }

        int outChannels = context.AtLeast("outChannels", 1);
        int kernel = context.AtLeast("kernel", 1);
        int groups = Groups(context, channels.Size, outChannels);
        string layer = context.Call.Layer!;
        float bound = ContractionOperations.Bound((long)(channels.Size / groups) * kernel * kernel);
        Node weight = context.Parameters.GetOrAdd(
            context,
            Identifiers.Camel(layer) + ".weight",
            Identifiers.Pascal(layer) + "Weight",
            new Shape(outChannels, channels.Size / groups, kernel, kernel),
            ParameterInitializer.Uniform,
            bound);
        Node? bias = context.Boolean("bias")
            ? context.Parameters.GetOrAdd(
                context, Identifiers.Camel(layer) + ".bias", Identifiers.Pascal(layer) + "Bias", new Shape(outChannels), ParameterInitializer.Uniform, bound)
            : null;
        return Convolve(context, x, weight, bias, groups);
    }

    private static Node Function(OperationContext context)
    {
        Node x = context.Tensor("input");
        Node weight = context.Tensor("weight");
        context.RequireRank(x, 4, "[n, channels, height, width]");
        context.RequireRank(weight, 4, "a weight [out, in / groups, height, width]");
        if (weight.Shape.IsPerSample)
        {
            throw context.Refuse("GG1010", $"its weight {weight.Shape} would be another one for each batch, but filters are the same for all samples");
        }

        int groups = Groups(context, x.Shape[1].Size, weight.Shape[0].Size);
        if (weight.Shape[1].Size * groups != x.Shape[1].Size)
        {
            throw context.Refuse("GG1003", $"the weight {weight.Shape} with {groups} groups expects {weight.Shape[1].Size * groups} channels but was given {x.Shape}");
        }

        Node? bias = context.OptionalTensor("bias");
        if (bias is not null && bias.Shape != new Shape(weight.Shape[0]))
        {
            throw context.Refuse("GG1003", $"expects a bias [{weight.Shape[0]}] but was given {bias.Shape}");
        }

        return Convolve(context, x, weight, bias, groups);
    }

    private static Node Convolve(OperationContext context, Node x, Node weight, Node? bias, int groups)
    {
        ConvolutionGeometry geometry = new(
            x.Shape[2].Size,
            x.Shape[3].Size,
            x.Shape[1].Size,
            weight.Shape[0].Size,
            weight.Shape[2].Size,
            weight.Shape[3].Size,
            context.AtLeast("stride", 1),
            Padding(context, x),
            context.AtLeast("dilation", 1),
            groups);
        long reachHeight = ((long)geometry.Dilation * (geometry.KernelHeight - 1)) + 1;
        long reachWidth = ((long)geometry.Dilation * (geometry.KernelWidth - 1)) + 1;
        if (geometry.Height + (2 * geometry.Padding) < reachHeight || geometry.Width + (2 * geometry.Padding) < reachWidth)
        {
            throw context.Refuse("GG1007", $"the kernel reaches over {reachHeight}x{reachWidth}, more than the padded input {x.Shape}");
        }

        GraphBuilder graph = context.Graph;
        Node y = graph.Conv2d(ToPrimitive(graph, x), weight, geometry);
        y.Name ??= context.Call.Layer is { } layer ? Identifiers.Pascal(layer) : null;
        return ToUsers(graph, bias is null ? y : graph.Sum(y, bias));
    }

    private static int Groups(OperationContext context, int inChannels, int outChannels)
    {
        int groups = context.AtLeast("groups", 1);
        return inChannels % groups == 0 && outChannels % groups == 0
            ? groups
            : throw context.Refuse("GG1008", $"{groups} groups do not divide {inChannels} input and {outChannels} output channels");
    }

    private static PoolGeometry PoolGeometry(OperationContext context, Node x)
    {
        context.RequireRank(x, 4, "[n, channels, height, width]");
        int kernel = context.AtLeast("kernel", 1);
        int stride = context.AtLeast("stride", 0);
        int padding = Padding(context, x);
        if (padding > kernel / 2)
        {
            throw context.Refuse("GG1007", $"padding {padding} is more than half of the kernel {kernel}");
        }

        PoolGeometry geometry = new(x.Shape[2].Size, x.Shape[3].Size, x.Shape[1].Size, kernel, stride == 0 ? kernel : stride, padding);
        return geometry.Height + (2 * padding) < kernel || geometry.Width + (2 * padding) < kernel
            ? throw context.Refuse("GG1007", $"the kernel {kernel}x{kernel} is larger than the padded input {x.Shape}")
            : geometry;
    }

    /// <summary>The zeros on each side; the padded plane's sizes are counted like any other.</summary>
    private static int Padding(OperationContext context, Node x)
    {
        int padding = context.AtLeast("padding", 0);
        return Math.Max(x.Shape[2].Size, x.Shape[3].Size) + (2L * padding) <= Shape.MaximumElements
            ? padding
            : throw context.RefuseOption("padding", $"padding {padding} makes a side of {x.Shape} longer than {Shape.MaximumElements} elements, the most that a tensor can have");
    }

    private static Node ToPrimitive(GraphBuilder graph, Node x) => graph.Permute(x, ToChannelsLast);

    private static Node ToUsers(GraphBuilder graph, Node x) => graph.Permute(x, ToChannelsFirst);
}
