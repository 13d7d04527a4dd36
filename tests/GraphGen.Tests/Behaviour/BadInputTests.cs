using System.Globalization;
using System.Text.RegularExpressions;
using GraphGen.Tests.Golden;
using Xunit;
using static GraphGen.Dim;

namespace GraphGen.Tests.Behaviour;

/// <summary>Bad input is one exception that names the argument, what was expected and what came; nothing is changed by it.</summary>
public sealed class BadInputTests
{
    private const int Width = 11;
    private const int Classes = 7;
    private const int MaxBatch = 4;

    private readonly CrossEntropyNet _net = new(MaxBatch, seed: 1);

    [Theory]
    [InlineData(Width * (MaxBatch + 1), "x", "5", "4")]
    [InlineData(Width + 1, "x", "12", "11")]
    [InlineData(0, "x", "0", "11")]
    public void Inputs_of_a_wrong_length_are_refused(int length, string argument, string actual, string expected)
    {
        AssertRefused<ArgumentException>(() => _net.Forward(new float[length]), argument, actual, expected);
        AssertRefused<ArgumentException>(() => _net.Predict(new float[length]), argument, actual, expected);
        AssertRefused<ArgumentException>(() => _net.Evaluate(new float[length], new int[1]), argument, actual, expected);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(0)]
    public void Labels_of_another_number_than_the_samples_are_refused(int count)
    {
        _net.Forward(new float[3 * Width]);
        AssertRefused<ArgumentException>(() => _net.Loss(new int[count]), "labels", $"{count}", "3");
        AssertRefused<ArgumentException>(() => _net.Evaluate(new float[3 * Width], new int[count]), "labels", $"{count}", "3");
    }

    [Theory]
    [InlineData(Classes)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void Labels_out_of_range_are_refused(int label)
    {
        _net.Forward(new float[3 * Width]);
        AssertRefused<ArgumentOutOfRangeException>(() => _net.Loss([0, 1, label]), "labels", "2", $"{label}");
        AssertRefused<ArgumentOutOfRangeException>(() => _net.Evaluate(new float[3 * Width], [0, 1, label]), "labels", "2", $"{label}");
    }

    [Fact]
    public void The_ignore_index_is_a_label()
    {
        var net = new CrossEntropyAllNet(MaxBatch);
        net.Forward(new float[2 * Width]);

        Assert.True(float.IsFinite(net.Loss([-1, 6])));
        Assert.Equal(0, net.LossValues[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => net.Loss([-2, 6]));
    }

    [Fact]
    public void The_mean_over_labels_that_are_all_ignored_is_not_a_number()
    {
        var net = new CrossEntropyIgnoreNet(MaxBatch);
        net.Forward(new float[2 * Width]);

        Assert.True(float.IsNaN(net.Loss([3, 3])));
    }

    [Fact]
    public void Calls_out_of_order_are_refused()
    {
        AssertRefused<InvalidOperationException>(() => _net.Loss([1]), "Forward");
        AssertRefused<InvalidOperationException>(() => _net.Backward(), "Loss");
        AssertRefused<InvalidOperationException>(() => _net.Backward(new float[Classes]), "Forward");
        Assert.True(_net.LossValues.IsEmpty);

        // Prediction is no training pass.
        _net.Predict(new float[Width]);
        AssertRefused<InvalidOperationException>(() => _net.Loss([1]), "Forward");

        // A loss belongs to the pass before it.
        _net.Forward(new float[Width]);
        _net.Loss([1]);
        _net.Forward(new float[Width]);
        AssertRefused<InvalidOperationException>(() => _net.Backward(), "Loss");
    }

    [Fact]
    public void An_output_gradient_of_a_wrong_length_is_refused()
    {
        _net.Forward(new float[2 * Width]);

        AssertRefused<ArgumentException>(() => _net.Backward(new float[Classes]), "outputGradient", "7", "14");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void A_capacity_below_one_is_refused(int maxBatch)
    {
        AssertRefused<ArgumentOutOfRangeException>(() => new CrossEntropyNet(maxBatch), "maxBatch", $"{maxBatch}");
    }

    [Fact]
    public void A_capacity_that_no_block_of_memory_holds_is_refused_with_the_largest_that_fits()
    {
        ArgumentOutOfRangeException exception = Assert.Throws<ArgumentOutOfRangeException>("maxBatch", () => new WideNet(maxBatch: 30_000));

        Assert.Equal(30_000, exception.ActualValue);
        Match largest = Regex.Match(exception.Message, @"the largest maxBatch that fits is (\d+)\.");
        Assert.True(largest.Success, exception.Message);
        Assert.InRange(int.Parse(largest.Groups[1].Value, CultureInfo.InvariantCulture), 1, 29_999);

        // Nothing was allocated for it.
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ArgumentOutOfRangeException>(() => new WideNet(maxBatch: 30_000));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void A_refused_call_leaves_the_pass_before_it_as_it_was()
    {
        float[] inputs = new float[3 * Width];
        GoldenStream.Fill(inputs, stream: 1, 0, -1, 1);
        float[] expected = GradientsAfter(() => { });

        Assert.Equal(expected, GradientsAfter(() => _net.Forward(new float[1])));
        Assert.Equal(expected, GradientsAfter(() => _net.Forward(new float[Width * (MaxBatch + 1)])));
        Assert.Equal(expected, GradientsAfter(() => _net.Loss([0, 0, Classes])));
        Assert.Equal(expected, GradientsAfter(() => _net.Loss([0])));
        Assert.Equal(expected, GradientsAfter(() => _net.Backward(new float[1])));
        Assert.Equal(expected, GradientsAfter(() => _net.Predict(new float[1])));

        float[] GradientsAfter(Action refused)
        {
            _net.Parameters.ZeroGrad();
            _net.Forward(inputs);
            _net.Loss([0, 1, 2]);
            Record.Exception(refused);
            _net.Backward();
            return [.. _net.Parameters.SelectMany(parameter => parameter.Gradients.ToArray())];
        }
    }

    private void AssertRefused<TException>(Action call, params string[] said)
        where TException : Exception
    {
        float[] before = _net.Parameters.Values.ToArray();

        TException exception = Assert.Throws<TException>(call);

        foreach (string part in said)
        {
            Assert.Contains(part, exception.Message);
        }

        Assert.Equal(before, _net.Parameters.Values.ToArray());
    }
}

/// <summary>One number in, a hundred thousand out.</summary>
[Model]
public sealed partial class WideNet
{
    [Linear(100_000)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 1)] Tensor x) => Fc(x);

    [MSELoss]
    private partial Tensor Loss(Tensor y, [Shape(Batch, 100_000)] Tensor target);
}
