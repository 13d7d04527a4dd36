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

    /// <summary>Losses that are outputs: their labels and probabilities are inputs, which are checked, and kept for the way back.</summary>
    [Fact]
    public void Outputs_that_are_losses_of_inputs() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Linear(4)] private partial Tensor Fc(Tensor x);
            [MSELoss] private partial Tensor Loss(Tensor probabilities, [Shape(Batch, 4)] Tensor target);

            [Forward]
            private (Tensor Probabilities, Tensor Each, Tensor OfClass) Forward(
                [Shape(Batch, 5)] Tensor x, [Shape(Batch, 4)] Tensor wanted, [Shape(Batch)] IntTensor labels)
            {
                Tensor y = Fc(x);
                return (Sigmoid(y), BinaryCrossEntropy(Sigmoid(y), wanted, reduction: Reduction.None), CrossEntropy(y, labels, reduction: Reduction.None));
            }
        }
        """,
        seed: 1);

    [Fact]
    public void Values_of_parameters_alone_that_network_and_loss_share() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Parameter(4, 4)] private partial Tensor P { get; }

            [Forward] private (Tensor Y, Tensor Z) Forward([Shape(Batch, 4)] Tensor x) => (MatMul(x, Exp(P)), x * P.Row());

            [Loss] private Tensor Loss(Tensor y, Tensor z, [Shape(Batch, 4)] Tensor target) => MseLoss(MatMul(y, Exp(P)), target) + Mean(z);
        }

        internal static class Rows
        {
            public static Tensor Row(this Tensor p) => Sum(p, 0);
        }
        """,
        seed: 1);

    /// <summary>More than seven: a tuple within a tuple, as C# has it. In the global namespace nothing has a short name.</summary>
    [Fact]
    public void Nine_outputs() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Linear(3)] private partial Tensor Fc(Tensor x);

            [Forward]
            private (Tensor A, Tensor B, Tensor C, Tensor D, Tensor E, Tensor F, Tensor G, Tensor H, Tensor I) Forward([Shape(Batch, 5)] Tensor x)
            {
                Tensor y = Fc(x);
                return (y, -y, y + 1, 2 * y, Relu(y), Tanh(y), Abs(y), Exp(y), Sum(y, 1));
            }

            [Loss] private Tensor Loss(Tensor i, Tensor a, Tensor h) => Mean(i) + Mean(a * h);
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
