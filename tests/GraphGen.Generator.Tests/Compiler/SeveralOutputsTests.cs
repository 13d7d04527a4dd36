using GraphGen.Generator.Tests.Compiler.RandomModels;

namespace GraphGen.Generator.Tests.Compiler;

/// <summary>Models that return a tuple, through the whole compiler: each output, each gradient, given and of a loss.</summary>
public sealed class SeveralOutputsTests
{
    [Fact]
    public void Two_heads_and_a_loss_by_attribute() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Linear(9)] private partial Tensor Body(Tensor x);
            [Linear(3)] private partial Tensor MeanHead(Tensor x);
            [Linear(3)] private partial Tensor VarianceHead(Tensor x);
            [GaussianNLLLoss] private partial Tensor Loss(Tensor mean, [Shape(Batch, 3)] Tensor target, Tensor variance);

            [Forward]
            private (Tensor Mean, Tensor Variance) Forward([Shape(Batch, 5)] Tensor x)
            {
                Tensor h = Tanh(Body(x));
                return (MeanHead(h), Softplus(VarianceHead(h)));
            }
        }
        """,
        seed: 1);

    [Fact]
    public void One_network_called_three_times() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Conv2d(4, Kernel = 3)] private partial Tensor Conv(Tensor x);
            [Linear(6)] private partial Tensor Fc(Tensor x);
            [TripletMarginLoss(Margin = 0.5f, Swap = true)] private partial Tensor Loss(Tensor anchor, Tensor positive, Tensor negative);

            [Forward]
            private (Tensor Anchor, Tensor Positive, Tensor Negative) Forward(
                [Shape(Batch, 1, 8, 8)] Tensor first, [Shape(Batch, 1, 8, 8)] Tensor second, [Shape(Batch, 1, 8, 8)] Tensor third) =>
                (Embed(first), Embed(second), Embed(third));

            private Tensor Embed(Tensor x) => Fc(Flatten(MaxPool2d(Relu(Conv(x)), 2)));
        }
        """,
        seed: 1);

    /// <summary>Outputs of other shapes, one of them seen in two ways, one the input itself, one that the loss does not use; in another order there.</summary>
    [Fact]
    public void Outputs_that_share_their_values() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Linear(12)] private partial Tensor Fc(Tensor x);
            [Dropout(0.5f)] private partial Tensor Drop(Tensor x);

            [Forward]
            private (Tensor rows, Tensor same, Tensor _turned, Tensor given, Tensor Unused) Forward([Shape(Batch, 5)] Tensor x)
            {
                Tensor rows = Reshape(Drop(Fc(x)), Batch, 3, 4);
                return (rows, rows, Permute(rows, 0, 2, 1), x, Exp(rows));
            }

            [Loss]
            private Tensor Loss([Shape(Batch, 4, 3)] Tensor target, Tensor turned, Tensor given, Tensor same, Tensor rows) =>
                MseLoss(Dropout(turned, 0.5f), target) + Mean(rows * same) + Sum(given);
        }
        """,
        seed: 1);

    /// <summary>The gradients of both outputs, and of the sum of each sample, are one value; each is in memory of its own.</summary>
    [Fact]
    public void Outputs_whose_gradients_are_equal() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Linear(1)] private partial Tensor A(Tensor x);
            [Linear(1)] private partial Tensor B(Tensor x);

            [Forward]
            private (Tensor A, Tensor B) Forward([Shape(Batch, 5)] Tensor x) => (A(x), B(x));

            [Loss]
            private Tensor Loss(Tensor a, Tensor b) => Sum(Exp(a + b));
        }
        """,
        seed: 1);

    [Fact]
    public void Outputs_without_a_loss() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Linear(7)] private partial Tensor Fc(Tensor x);

            [Forward]
            private (Tensor Output, Tensor OutputGradient, Tensor Fc, Tensor N) Forward([Shape(Batch, 5)] Tensor x)
            {
                Tensor y = Relu(Fc(x));
                return (y, Sigmoid(y), Sum(y, 1), Tanh(y * y));
            }
        }
        """,
        seed: 1);
}
