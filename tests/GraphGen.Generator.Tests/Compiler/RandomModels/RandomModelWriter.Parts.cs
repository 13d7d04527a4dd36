using System.Globalization;
using System.Text.RegularExpressions;

namespace GraphGen.Generator.Tests.Compiler.RandomModels;

/// <content>
/// Parts of tensors, tensors side by side, and products by named axes: of values that are used elsewhere too, of one value twice, nested, and
/// along different axes.
/// </content>
internal sealed partial class RandomModelWriter
{
    /// <summary>Every so many steps values are drawn together, so that they neither grow nor vanish.</summary>
    private const int StepsBetweenBounds = 4;

    private string WritePartsBody()
    {
        int inputs = _random.Next(2) == 0 ? 2 : 1;
        for (int i = 0; i < inputs; i++)
        {
            _values.Add(new Value($"x{i}", InputShape()));
        }

        string arguments = string.Join(", ", _values.Select(input => $"[Shape({Dims(input.Shape)})] Tensor {input.Name}"));
        int steps = _random.Next(3, 41);
        for (int step = 1; step <= steps; step++)
        {
            if (_random.Next(3) == 0)
            {
                Step();
            }
            else
            {
                PartStep();
            }

            if (step % StepsBetweenBounds == 0)
            {
                Define(_values[^1] with { Name = $"Tanh({_values[^1].Name}) * 1.3f" });
            }
        }

        Gather();
        return arguments;
    }

    /// <summary>Makes a last value of all that nothing was made of: what no result depends on is not compiled.</summary>
    private void Gather()
    {
        string body = _body.ToString();
        Value[] ends = [.. _values.Where(value => Regex.Count(body, $@"\b{value.Name}\b") < (value.Name[0] == 'v' ? 2 : 1) && value != _values[^1])];
        if (ends.Length == 0)
        {
            return;
        }

        Value last = _values[^1];
        Define(_random.Next(2) == 0
            ? new Value($"Concat([{string.Join(", ", ends.Append(last).Select(end => $"Flatten({end.Name})"))}])", [ends.Append(last).Sum(end => Elements(end.Shape))])
            : last with
            {
                Name = $"{last.Name} + Reshape({string.Join(" - ", ends.Select(end => $"Mean(Flatten({end.Name}), 1)"))}, Batch{string.Concat(Enumerable.Repeat(", 1", last.Shape.Length))})",
            });
    }

    private void PartStep()
    {
        Value x = _random.Next(3) == 0 ? Pick(_values) : _values[^1];
        Value? made = null;
        while (made is null || Elements(made.Shape) > _largest || made.Shape.Length > 5)
        {
            made = _random.Next(10) switch
            {
                0 => Sliced(x),
                1 or 2 => Ranges(x),
                3 => Flipped(x),
                4 => Padded(x),
                5 or 6 => Concatenated(x, depth: 0),
                7 => Stacked(x),
                8 => Split(x),
                _ => Einsum(x),
            };
        }

        Define(made);
    }

    private Value Sliced(Value x)
    {
        int axis = _random.Next(x.Shape.Length);
        int size = x.Shape[axis];
        int start = _random.Next(size);
        int end = _random.Next(start + 1, size + 1);
        int step = Pick(1, 1, 2, 2, 3, 5);
        string from = $"{Pick(start, start - size)}";
        string to = end == size ? "" : $", {Pick(end, end - size)}";
        string apart = step == 1 ? "" : $", step: {step}";
        return new Value($"Slice({x.Name}, {Axis(axis, x)}, {from}{to}{apart})", With(x.Shape, axis, ((end - start - 1) / step) + 1));
    }

    private Value Ranges(Value x)
    {
        List<string> indices = [".."];
        List<int> shape = [];
        for (int axis = 0; axis < x.Shape.Length; axis++)
        {
            int size = x.Shape[axis];
            int start = _random.Next(size);
            int end = _random.Next(start + 1, size + 1);
            bool isLeft = shape.Count == 0 && axis == x.Shape.Length - 1;
            switch (_random.Next(isLeft ? 1 : 0, 4))
            {
                case 0:
                    indices.Add(Pick($"{start}", $"^{size - start}"));
                    break;
                case 1:
                    indices.Add("..");
                    shape.Add(size);
                    break;
                case 2:
                    indices.Add($"{Pick($"{start}", $"^{size - start}")}..");
                    shape.Add(size - start);
                    break;
                default:
                    indices.Add($"{Pick($"{start}", $"^{size - start}")}..{Pick($"{end}", $"^{size - end}")}");
                    shape.Add(end - start);
                    break;
            }
        }

        return new Value($"{x.Name}[{string.Join(", ", indices)}]", [.. shape]);
    }

    private Value Flipped(Value x) => x with { Name = $"Flip({x.Name}, {string.Join(", ", Axes(x.Rank, withBatch: false).Select(axis => Pick(axis, axis - x.Rank)))})" };

    private Value? Padded(Value x)
    {
        int[] shape = [.. x.Shape];
        List<int> pad = [];
        for (int axis = shape.Length - 1; axis >= Math.Max(0, shape.Length - 3); axis--)
        {
            (int before, int after) = (Pick(0, 0, 1, 2, 3, -1), Pick(0, 0, 1, 2, -1, -2));
            if (shape[axis] + Math.Min(before, 0) + Math.Min(after, 0) < 1)
            {
                return null;
            }

            pad.AddRange([before, after]);
            shape[axis] += before + after;
        }

        return new Value($"Pad({x.Name}, [{string.Join(", ", pad)}]{Pick("", "", ", 0.5", ", -0.7")})", shape);
    }

    private Value Concatenated(Value x, int depth)
    {
        int axis = _random.Next(x.Shape.Length);
        Value[] others = [.. _values.Where(other => other.Shape.Length == x.Shape.Length && other.Shape.Where((size, i) => i != axis && size != x.Shape[i]).Take(1).Count() == 0)];
        List<Value> parts = [x];
        int count = _random.Next(2, 5);
        while (parts.Count < count)
        {
            Value other = others.Length > 0 && _random.Next(2) == 0 ? Pick(others) : x;
            switch (_random.Next(6))
            {
                case 0:
                    parts.Add(Activation(other));
                    break;
                case 1 when depth < 2:
                    Value nested = Concatenated(other, depth + 1);
                    bool fits = nested.Shape.Where((size, i) => i != axis && size != x.Shape[i]).Take(1).Count() == 0;
                    parts.Add(fits ? nested : other);
                    break;
                case 2:
                    int size = _random.Next(1, other.Shape[axis] + 1);
                    parts.Add(new Value($"Slice({other.Name}, {axis + 1}, 0, {size})", With(other.Shape, axis, size)));
                    break;
                default:
                    parts.Insert(_random.Next(parts.Count + 1), other);
                    break;
            }
        }

        return new Value($"Concat([{string.Join(", ", parts.Select(part => part.Name))}], {Axis(axis, x)})", With(x.Shape, axis, parts.Sum(part => part.Shape[axis])));
    }

    private Value Stacked(Value x)
    {
        Value[] others = [.. _values.Where(other => other.Shape.SequenceEqual(x.Shape)).Append(x)];
        Value[] parts = [.. Enumerable.Range(0, _random.Next(2, 4)).Select(_ => Pick(others)).Select(part => _random.Next(3) == 0 ? Activation(part) : part)];
        int axis = _random.Next(x.Rank);
        return new Value($"Stack([{string.Join(", ", parts.Select(part => part.Name))}], {Pick(axis + 1, axis - x.Rank)})", [.. x.Shape[..axis], parts.Length, .. x.Shape[axis..]]);
    }

    private Value? Split(Value x)
    {
        int axis = _random.Next(x.Shape.Length);
        int size = x.Shape[axis];
        switch (_random.Next(3))
        {
            case 0:
                int first = _random.Next(1, size + 1);
                int[] sizes = first == size ? [size] : [first, size - first];
                int part = _random.Next(sizes.Length);
                return new Value($"Split({x.Name}, [{string.Join(", ", sizes)}], {Axis(axis, x)})[{part}]", With(x.Shape, axis, sizes[part]));
            case 1:
                int length = _random.Next(1, size + 1);
                int count = ((size - 1) / length) + 1;
                int index = _random.Next(count);
                return new Value(
                    $"Split({x.Name}, {length}, {Axis(axis, x)})[{Pick($"{index}", $"^{count - index}")}]", With(x.Shape, axis, Math.Min(length, size - (index * length))));
            default:
                if (size % 2 != 0)
                {
                    return null;
                }

                // A gated unit: both halves of one value meet again.
                string halves = $"Chunk({x.Name}, 2, {Axis(axis, x)})";
                return new Value($"{halves}[0] * Sigmoid({halves}[1])", With(x.Shape, axis, size / 2));
        }
    }

    /// <summary>A product of two operands by a random equation: one is a value, the other a value or a parameter.</summary>
    private Value? Einsum(Value x)
    {
        Dictionary<char, int> sizes = [];
        string left = "n" + string.Concat(x.Shape.Select((size, i) => Letter((char)('a' + i), size)));
        Value? other = _random.Next(2) == 0 ? Pick(_values) : null;
        string right = other is null ? "" : "n";
        List<int> shape = [];
        foreach (int given in other?.Shape ?? [.. Enumerable.Range(0, _random.Next(1, 4))])
        {
            char[] shared = [.. sizes.Keys.Where(letter => !right.Contains(letter) && (other is null || sizes[letter] == given || given == 1))];
            char letter = shared.Length > 0 && _random.Next(3) != 0 ? Pick(shared) : Letter((char)('p' + shape.Count), other is null ? Pick(2, 3, 5) : given);
            bool isRepeated = other is null && left.Contains(letter) && _random.Next(6) == 0;
            right += letter;
            shape.Add(isRepeated ? 1 : other is null ? sizes[letter] : given);
        }

        char[] letters = [.. sizes.Keys];
        _random.Shuffle(letters);
        char[] kept = [.. letters.Where((_, i) => i == 0 || _random.Next(2) == 0)];
        double summed = letters.Except(kept).Aggregate(1.0, (product, letter) => product * sizes[letter]);
        string operand = other?.Name ?? Parameter([.. shape]);
        bool isSwapped = _random.Next(2) == 0;
        string equation = isSwapped ? $"{right},{left}->n{string.Concat(kept)}" : $"{left},{right}->n{string.Concat(kept)}";
        string operands = isSwapped ? $"{operand}, {x.Name}" : $"{x.Name}, {operand}";
        return new Value(string.Create(CultureInfo.InvariantCulture, $"Einsum(\"{equation}\", {operands}) * {Number(1 / Math.Sqrt(summed))}"), [.. kept.Select(letter => sizes[letter])]);

        char Letter(char letter, int size)
        {
            sizes.Add(letter, size);
            return letter;
        }
    }

    private int Axis(int axis, Value x) => Pick(axis + 1, axis - x.Shape.Length);

    private static int[] With(int[] shape, int axis, int size) => [.. shape.Select((old, i) => i == axis ? size : old)];
}
