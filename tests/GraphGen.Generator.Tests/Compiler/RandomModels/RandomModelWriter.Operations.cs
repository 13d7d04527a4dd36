namespace GraphGen.Generator.Tests.Compiler.RandomModels;

/// <content>The operations. Each gives an expression and its shape, or nothing where it does not fit.</content>
internal sealed partial class RandomModelWriter
{
    private Value Activation(Value x)
    {
        string y = Pick(
            "Relu({0})", "Tanh({0})", "Sigmoid({0})", "Gelu({0})", "Gelu({0}, tanh: true)", "Abs({0})", "Exp(Tanh({0}))", "Sin({0})", "Cos({0} * 2f)", "Log(Abs({0}) + 0.5f)",
            "Sqrt(Abs({0}) + 0.1f)", "-{0}", "1.5f - {0}", "{0} * 0.7f", "{0} / 1.3f", "2f / (1.5f + Sigmoid({0}))", "Maximum({0}, 0.1f)",
            "Minimum({0}, 0.4f)", "Dropout({0}, 0f)", "Tanh({0}) * Sigmoid({0})", "Relu({0}) - 0.1f * Relu(-{0})");
        return x with { Name = y.Replace("{0}", x.Name, StringComparison.Ordinal) };
    }

    /// <summary>With a parameter that broadcasts to it: some sizes are 1, some leading axes are missing.</summary>
    private Value WithParameter(Value x)
    {
        int[] shape = [.. x.Shape.Select(size => _random.Next(3) == 0 ? 1 : size)];
        shape = _random.Next(3) == 0 ? [1, .. shape] : shape[_random.Next(shape.Length)..];
        return x with { Name = Combined(x.Name, Parameter(shape)) };
    }

    /// <summary>With another value that has the same shape, or a size of 1 in its place.</summary>
    private Value? WithEarlier(Value x)
    {
        Value[] others = [.. _values.Where(other => other.Shape.Length == x.Shape.Length && other.Shape.Zip(x.Shape).All(pair => pair.First == pair.Second || pair.First == 1 || pair.Second == 1))];
        Value other = Pick(others);
        return new Value(
            _random.Next(2) == 0 ? Combined(x.Name, other.Name) : Combined(other.Name, x.Name),
            [.. x.Shape.Zip(other.Shape, Math.Max)]);
    }

    private string Combined(string left, string right) => Pick(
        $"{left} + {right}", $"{left} - {right}", $"{left} * {right}", $"{left} / (1.2f + Abs({right}))", $"Maximum({left}, {right})", $"Minimum({left}, {right})");

    /// <summary>With a statistic of its own over some axes: layer norm, batch norm and their like.</summary>
    private Value Normalized(Value x)
    {
        int[] axes = Axes(x.Rank, withBatch: _random.Next(4) == 0);
        string list = axes.Length == 1 ? $"{Pick(axes[0], axes[0] - x.Rank)}" : $"new[] {{ {string.Join(", ", axes)} }}";
        string y = Pick(
            "{0} - Mean({0}, {1}, true)",
            "{0} / (1f + Mean(Abs({0}), {1}, true))",
            "{0} - Max({0}, {1}, true)",
            "{0} * Sum(Tanh({0}) * 0.1f, {1}, true)",
            "({0} - Mean({0}, {1}, true)) / Sqrt(Mean(({0} - Mean({0}, {1}, true)) * ({0} - Mean({0}, {1}, true)), {1}, true) + 0.1f)");
        return x with { Name = y.Replace("{0}", x.Name, StringComparison.Ordinal).Replace("{1}", list, StringComparison.Ordinal) };
    }

    private Value? Reduced(Value x)
    {
        if (x.Shape.Length < 2)
        {
            return null;
        }

        int[] axes = Axes(x.Rank, withBatch: false);
        bool keep = axes.Length == x.Shape.Length || _random.Next(2) == 0;
        string list = axes.Length == 1 ? $"{axes[0]}" : $"new[] {{ {string.Join(", ", axes.Reverse())} }}";
        string y = $"{Pick("Sum", "Mean", "Max")}({x.Name}, {list}{(keep ? ", keepDim: true" : "")})";
        int[] shape = keep
            ? [.. x.Shape.Select((size, i) => axes.Contains(i + 1) ? 1 : size)]
            : [.. x.Shape.Where((_, i) => !axes.Contains(i + 1))];
        return new Value(y.StartsWith("Sum", StringComparison.Ordinal) ? $"{y} * {Number(0.5 / Math.Sqrt(Elements(x.Shape) / (double)Elements(shape)))}" : y, shape);
    }

    private Value Softmax(Value x) =>
        x with { Name = $"{Pick("Softmax", "LogSoftmax")}({x.Name}, {Pick(_random.Next(_random.Next(5) == 0 ? 0 : 1, x.Rank), -1)})" };

    private Value Reshaped(Value x)
    {
        if (x.Shape.Length > 1 && _random.Next(2) == 0)
        {
            int start = _random.Next(1, x.Rank - 1);
            int end = _random.Next(start, x.Rank);
            int merged = Elements(x.Shape[(start - 1)..end]);
            return new Value($"Flatten({x.Name}, {start}, {end})", [.. x.Shape[..(start - 1)], merged, .. x.Shape[end..]]);
        }

        List<int> sizes = [];
        int rest = Elements(x.Shape);
        foreach (int factor in new[] { 2, 3, 5, 7, 2, 3 })
        {
            if (rest % factor == 0 && rest > factor && sizes.Count < 2 && _random.Next(2) == 0)
            {
                sizes.Add(factor);
                rest /= factor;
            }
        }

        sizes.Insert(_random.Next(sizes.Count + 1), rest);
        return new Value($"Reshape({x.Name}, {Dims(sizes)})", [.. sizes]);
    }

    private Value? Permuted(Value x)
    {
        if (x.Shape.Length < 2)
        {
            return null;
        }

        int[] order = [.. Enumerable.Range(1, x.Shape.Length)];
        if (x.Shape.Length == 2 || _random.Next(2) == 0)
        {
            return new Value($"Transpose({x.Name}, -1, -2)", [.. x.Shape[..^2], x.Shape[^1], x.Shape[^2]]);
        }

        _random.Shuffle(order);
        return new Value($"Permute({x.Name}, 0, {string.Join(", ", order)})", [.. order.Select(axis => x.Shape[axis - 1])]);
    }

    private Value Linear(Value x)
    {
        int size = Size();
        return new Value($"{Layer($"Linear({Pick("", $"{x.Shape[^1]}, ")}{size}{Pick("", "", ", Bias = false")})")}({x.Name})", [.. x.Shape[..^1], size]);
    }

    /// <summary>Through a layer and back to its own size: the layer's product meets the value itself.</summary>
    private Value Residual(Value x)
    {
        string inner = $"{Layer($"Linear({x.Shape[^1]})")}({x.Name})";
        return x with { Name = $"{x.Name} {Pick("+", "-", "*")} {Pick(inner, $"Relu({inner})", $"Tanh({inner})")}" };
    }

    private Value? MatMul(Value x)
    {
        int size = Size();
        int last = x.Shape[^1];
        if (x.Shape.Length == 1 || _random.Next(4) == 0)
        {
            return _random.Next(2) == 0
                ? new Value($"MatMul({x.Name}, {Parameter(last, size)})", [.. x.Shape[..^1], size])
                : new Value($"MatMul({x.Name}, Transpose({Parameter(size, last)}, 0, 1))", [.. x.Shape[..^1], size]);
        }

        string scale = Number(1 / Math.Sqrt(last));
        int[] leading = x.Shape[..^2];
        switch (_random.Next(4))
        {
            case 0:
                return new Value($"MatMul({x.Name}, Transpose({x.Name}, -1, -2)) * {scale}", [.. leading, x.Shape[^2], x.Shape[^2]]);
            case 1 when x.Shape.Length == 2:
                return new Value($"MatMul({Parameter(size, x.Shape[^2])}, {x.Name})", [size, last]);
            case 2:
                string q = $"{Layer($"Linear({size})")}({x.Name})";
                string k = $"{Layer($"Linear({size})")}({x.Name})";
                int width = Size();
                return new Value($"MatMul(Softmax(MatMul({q}, Transpose({k}, -1, -2)) * {Number(1 / Math.Sqrt(size))}), {Layer($"Linear({width})")}({x.Name}))", [.. x.Shape[..^1], width]);
            default:
                string rows = $"{Layer($"Linear({size})")}({x.Name})";
                return new Value($"MatMul(Transpose({rows}, -1, -2), {x.Name}) * {Number(1 / Math.Sqrt(x.Shape[^2]))}", [.. leading, size, last]);
        }
    }

    /// <summary>Samples taken apart into rows and put together again.</summary>
    private Value? Rows(Value x)
    {
        if (x.Shape.Length < 2)
        {
            return null;
        }

        int size = Size();
        string rows = $"{Layer($"Linear({size})")}(Reshape({x.Name}, -1, {x.Shape[^1]}))";
        int[] shape = [.. x.Shape[..^1], size];
        return new Value($"Reshape({Pick(rows, $"Relu({rows})", $"Softmax({rows})")}, -1, {string.Join(", ", shape)})", shape);
    }

    /// <summary>Convolutions and pooling, alone and in the sequence that the compiler fuses.</summary>
    private Value? Window(Value x)
    {
        (int channels, int height, int width) = (x.Shape[0], x.Shape[1], x.Shape[2]);
        if (channels % 16 == 0 && height >= 4 && width >= 4 && _random.Next(2) == 0)
        {
            return Pooled(x);
        }

        int kernel = Pick(1, 2, 3, 3, 5);
        int stride = Pick(1, 1, 2, 3);
        int padding = Pick(0, 0, 1, 2);
        if (_random.Next(3) == 0)
        {
            padding = Math.Min(padding, kernel / 2);
            return height + (2 * padding) < kernel || width + (2 * padding) < kernel ? null : new Value(
                Pick($"MaxPool2d({x.Name}, {kernel}, {stride}, {padding})", $"AvgPool2d({x.Name}, {kernel}, {stride}, {padding}, {Pick("true", "false")})"),
                [channels, Out(height, 1), Out(width, 1)]);
        }

        int dilation = kernel > 1 ? Pick(1, 1, 1, 2) : 1;
        int reach = (dilation * (kernel - 1)) + 1;
        if (height + (2 * padding) < reach || width + (2 * padding) < reach)
        {
            return null;
        }

        int groups = Pick([.. Enumerable.Range(1, channels).Where(count => channels % count == 0 && (count == 1 || _random.Next(3) == 0))]);
        int outChannels = groups * (groups > 4 ? Pick(1, 2) : Pick(1, 2, 3, 5, 8, 16));
        int[] shape = [outChannels, Out(height, dilation), Out(width, dilation)];
        string arguments = $"Kernel = {kernel}, Stride = {stride}, Padding = {padding}, Dilation = {dilation}, Groups = {groups}";
        string y = _random.Next(4) == 0
            ? $"Conv2d({x.Name}, {Parameter(outChannels, channels / groups, kernel, kernel)}, null, {stride}, {padding}, {dilation}, {groups}) * {Number(0.5 / kernel)}"
            : $"{Layer($"Conv2d({outChannels}, {arguments}{Pick("", "", ", Bias = false")})")}({x.Name})";
        if (_random.Next(2) == 0)
        {
            y = $"{Pick("Relu", "Tanh", "Sigmoid", "Gelu")}({y})";
        }

        int pool = Pick(2, 2, 3);
        return _random.Next(2) == 0 && shape[1] >= pool && shape[2] >= pool
            ? new Value($"{Pick("MaxPool2d", "MaxPool2d", "AvgPool2d")}({y}, {pool})", [outChannels, shape[1] / pool, shape[2] / pool])
            : new Value(y, shape);

        int Out(int size, int spread) => ((size + (2 * padding) - (spread * (kernel - 1)) - 1) / stride) + 1;
    }

    /// <summary>A convolution of so many channels, so pooled, that the compiler makes it by Winograd's transforms.</summary>
    private Value Pooled(Value x)
    {
        int outChannels = Pick(32, 32, 64);
        int padding = Pick(0, 1);
        string y = $"{Layer($"Conv2d({outChannels}, Kernel = 3, Padding = {padding}{Pick("", "", ", Bias = false")})")}({x.Name})";
        string pooled = Pick($"MaxPool2d(Relu({y}), 2)", $"Relu(MaxPool2d({y}, 2))", $"MaxPool2d({y}, 2)", $"Tanh(MaxPool2d({y}, 2))");
        return new Value(pooled, [outChannels, (x.Shape[1] + (2 * padding) - 2) / 2, (x.Shape[2] + (2 * padding) - 2) / 2]);
    }
}
