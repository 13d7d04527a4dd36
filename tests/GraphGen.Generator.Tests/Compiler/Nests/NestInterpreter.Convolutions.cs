using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Tests.Compiler.Nests;

/// <content>Convolutions: plain sums over taps and channels, from weights as the packing left them.</content>
internal sealed partial class NestInterpreter
{
    /// <summary>Winograd's transforms of three weights and of four products.</summary>
    private static readonly double[][] WeightTransform = [[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]];
    private static readonly double[][] InputTransform = [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]];
    private static readonly double[][] ResultTransform = [[1, 1, 1, 0], [0, 1, -1, -1]];

    /// <summary>Each pixel of the rows: that of the image which comes to it, or zero.</summary>
    private void LayOut(Statement.LayOut layOut)
    {
        ImageLayout layout = layOut.Layout;
        Memory to = _memory[layOut.To.Place];
        for (long row = Of(layOut.FirstRow); row < Of(layOut.EndRow); row++)
        {
            (long image, long y) = Math.DivRem(row, layout.ToHeight);
            for (int x = 0; x < layout.ToWidth; x++)
            {
                (long fromY, long fromX) = (y - layout.Top, x - layout.Left);
                bool isThere = fromY >= 0 && fromX >= 0 && fromY % layout.Spread == 0 && fromX % layout.Spread == 0 && fromY / layout.Spread < layout.Height && fromX / layout.Spread < layout.Width;
                for (int channel = 0; channel < layout.Channels; channel++)
                {
                    long from = (((((image * layout.Height) + (fromY / layout.Spread)) * layout.Width) + (fromX / layout.Spread)) * layout.Pitch) + channel;
                    to.Write(Of(layOut.To.Offset) + (((row * layout.ToWidth) + x) * layout.Channels) + channel, isThere ? Read(layOut.From, from) : 0, _task);
                }
            }
        }
    }

    private void PackWeights(Statement.PackWeights pack)
    {
        ConvolutionShape shape = pack.Shape;
        int places = pack.Order == WeightOrder.Transformed ? 16 : shape.Taps;
        long panels = (shape.GroupOut + (2 * width) - 1) / (2 * width);
        long number = Of(pack.Number);
        (long group, long panel) = Math.DivRem(number, panels);
        for (int place = 0; place < places; place++)
        {
            for (int input = 0; input < shape.GroupChannels; input++)
            {
                for (int lane = 0; lane < 2 * width; lane++)
                {
                    long output = (panel * 2 * width) + lane;
                    double weight = output >= shape.GroupOut ? 0
                        : pack.Order == WeightOrder.Transformed ? Transformed(output, input, place)
                        : Weight(output, input, place);
                    long at = (((((number * places) + place) * shape.GroupChannels) + input) * 2 * width) + lane;
                    _memory[pack.Panels.Place].Write(Of(pack.Panels.Offset) + at, weight, _task);
                }
            }
        }

        double Weight(long output, int input, int tap) => pack.Order == WeightOrder.Flipped
            ? Read(pack.Weight, (((((group * shape.GroupChannels) + input) * shape.GroupOut) + output) * shape.Taps) + shape.Taps - 1 - tap)
            : Read(pack.Weight, (((((group * shape.GroupOut) + output) * shape.GroupChannels) + input) * shape.Taps) + tap);

        double Transformed(long output, int input, int place) => Enumerable.Range(0, 9).Sum(tap =>
            WeightTransform[place / 4][tap / 3] * WeightTransform[place % 4][tap % 3] * Weight(output, input, tap));
    }

    private void Convolve(Statement.Convolve convolve)
    {
        ConvolutionShape shape = convolve.Shape;
        bool isWinograd = convolve.Method == ConvolutionMethod.Winograd;
        (long first, long end) = Of(convolve.Results);
        (long firstChannel, long endChannel) = Of(convolve.Channels);
        Assert.True(firstChannel % (2 * width) == 0, $"a block begins at channel {firstChannel}");
        Assert.True(endChannel % (2 * width) == 0 || endChannel == shape.OutChannels, $"a block ends at channel {endChannel} of {shape.OutChannels}");
        Assert.True(shape.Groups == 1 || (firstChannel, endChannel) == (0, shape.OutChannels), "groups are cut");
        long row = isWinograd ? 1 : shape.PooledWidth;
        for (long result = first * row; result < end * row; result++)
        {
            for (int group = 0; group < shape.Groups; group++)
            {
                long endOfGroup = shape.Groups == 1 ? endChannel : (group + 1) * shape.GroupOut;
                for (long channel = shape.Groups == 1 ? firstChannel : group * shape.GroupOut; channel < endOfGroup; channel += width)
                {
                    Convolve(convolve, Of(convolve.Image), result, group, channel, (int)Math.Min(width, endOfGroup - channel));
                }
            }
        }
    }

    /// <summary>A vector of results: the largest of each window, and the first place that has it.</summary>
    private void Convolve(Statement.Convolve convolve, long image, long result, int group, long channel, int count)
    {
        ConvolutionShape shape = convolve.Shape;
        (long row, long column) = Math.DivRem(result, shape.PooledWidth);
        double[][] places = new double[count][];
        for (int lane = 0; lane < count; lane++)
        {
            places[lane] = convolve.Method == ConvolutionMethod.Winograd
                ? ByTransforms(convolve, image, row, column, channel + lane)
                : [.. Enumerable.Range(0, shape.Window).Select(place => Sum(
                    convolve, image, ((row * shape.Pool) + (place / shape.Pool)) * shape.Stride, ((column * shape.Pool) + (place % shape.Pool)) * shape.Stride, group, channel + lane))];
        }

        RunEpilogue(
            [("pixel", (image * shape.Plane) + result), ("channel", channel)],
            [
                (ConvolutionResult.Value, Lanes(lane => lane < count ? places[lane].Max() : double.NaN)),
                (ConvolutionResult.Winner, Lanes(lane => lane < count ? Array.IndexOf(places[lane], places[lane].Max()) : double.NaN)),
            ],
            count);
    }

    /// <summary>An output: the sum over taps and channels of the patch that begins at a pixel.</summary>
    private double Sum(Statement.Convolve convolve, long image, long top, long left, int group, long channel)
    {
        ConvolutionShape shape = convolve.Shape;
        double sum = 0;
        for (int tap = 0; tap < shape.Taps; tap++)
        {
            (long y, long x) = (top + (tap / shape.KernelWidth * shape.Dilation), left + (tap % shape.KernelWidth * shape.Dilation));
            for (int input = 0; input < shape.GroupChannels; input++)
            {
                sum += Pixel(convolve, image, y, x, (group * shape.GroupChannels) + input) * InPanel(convolve, shape.Taps, group, channel - (group * shape.GroupOut), tap, input);
            }
        }

        return sum;
    }

    /// <summary>The four outputs of a window of the pooling.</summary>
    private double[] ByTransforms(Statement.Convolve convolve, long image, long row, long column, long channel)
    {
        double[] products = new double[16];
        for (int place = 0; place < 16; place++)
        {
            for (int input = 0; input < convolve.Shape.Channels; input++)
            {
                double patch = Enumerable.Range(0, 16).Sum(pixel =>
                    InputTransform[place / 4][pixel / 4] * InputTransform[place % 4][pixel % 4] * Pixel(convolve, image, (2 * row) + (pixel / 4), (2 * column) + (pixel % 4), input));
                products[place] += patch * InPanel(convolve, 16, 0, channel, place, input);
            }
        }

        return [.. Enumerable.Range(0, 4).Select(output => Enumerable.Range(0, 16).Sum(place =>
            ResultTransform[output / 2][place / 4] * ResultTransform[output % 2][place % 4] * products[place]))];
    }

    private double Pixel(Statement.Convolve convolve, long image, long y, long x, int channel) =>
        Read(convolve.Input, (((((image * convolve.Shape.Height) + y) * convolve.Shape.Width) + x) * convolve.Shape.Channels) + channel);

    /// <summary>A weight in the panels [places][input channels][two vectors of output channels], of an output channel of a group.</summary>
    private double InPanel(Statement.Convolve convolve, int places, int group, long output, int place, int input)
    {
        ConvolutionShape shape = convolve.Shape;
        (long panel, long lane) = Math.DivRem(output, 2 * width);
        panel += group * ((shape.GroupOut + (2 * width) - 1) / (2 * width));
        return Read(convolve.Panels, (((((panel * places) + place) * shape.GroupChannels) + input) * 2 * width) + lane);
    }
}
