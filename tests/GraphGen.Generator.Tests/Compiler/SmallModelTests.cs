using GraphGen.Generator.Tests.Compiler.RandomModels;

namespace GraphGen.Generator.Tests.Compiler;

/// <summary>Models that the compiler has got wrong, as small as they get.</summary>
public sealed class SmallModelTests
{
    [Fact]
    public void Two_poolings_of_one_convolution() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Conv2d(8, Kernel = 3, Padding = 1)] private partial Tensor Conv(Tensor x);
            [Linear(4)] private partial Tensor Fine(Tensor x);
            [Linear(4)] private partial Tensor Coarse(Tensor x);
            [MSELoss] private partial Tensor Loss(Tensor output, [Shape(Batch, 4)] Tensor target);

            [Forward]
            private Tensor Forward([Shape(Batch, 3, 12, 12)] Tensor x)
            {
                Tensor y = Conv(x);
                return Fine(Flatten(MaxPool2d(y, 2))) + Coarse(Flatten(MaxPool2d(y, 3)));
            }
        }
        """,
        seed: 1);

    /// <summary>A value that reads a number a row, in a kernel that goes on with the value under another shape.</summary>
    [Fact]
    public void Rows_seen_under_another_shape() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Linear(7)] private partial Tensor Inner(Tensor x);
            [Linear(2)] private partial Tensor Outer(Tensor x);
            [CrossEntropyLoss] private partial Tensor Loss(Tensor output, [Shape(Batch)] IntTensor labels);

            [Forward]
            private Tensor Forward([Shape(Batch, 9, 1, 3)] Tensor x)
            {
                Tensor y = Inner(x);
                return Outer(Flatten(Abs(1.5f - (y - Max(y, 3, true)))));
            }
        }
        """,
        seed: 1);

    /// <summary>The gradient of a mean is one number in every element, and a product reads it in memory, whose lifetime has to be known.</summary>
    [Fact]
    public void A_product_of_a_constant_gradient() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Parameter(6, 6)] private partial Tensor A { get; }
            [Parameter(6, 6)] private partial Tensor B { get; }
            [Linear(6)] private partial Tensor Fc(Tensor x);

            [Forward]
            private Tensor Forward([Shape(Batch, 6)] Tensor x) => Fc(x);

            [Loss]
            private Tensor Loss(Tensor y, [Shape(Batch, 6)] Tensor target) => Mean(Abs(y - target)) + Mean(MatMul(A, B)) + Mean(MatMul(Tanh(A), B));
        }
        """,
        seed: 1);

    [Fact]
    public void Results_that_are_arguments() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Parameter(6)] private partial Tensor Unused { get; }

            [Forward]
            private Tensor Forward([Shape(Batch, 2, 3)] Tensor x) => Flatten(x);

            [Loss]
            private Tensor Loss(Tensor output, [Shape(Batch, 6)] Tensor weights) => Sum(output * weights);
        }
        """,
        seed: 1);

    /// <summary>Gradients that the loss sends to parameters itself, beside those that come back through the network.</summary>
    [Fact]
    public void Penalties_on_parameters() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Conv2d(3, Kernel = 2)] private partial Tensor Conv(Tensor x);
            [Linear(7)] private partial Tensor Inner(Tensor x);
            [Linear(7, Bias = false)] private partial Tensor Outer(Tensor x);
            [Parameter(5, 3)] private partial Tensor Apart { get; }

            [Forward]
            private Tensor Forward([Shape(Batch, 2, 5, 4)] Tensor x) => MatMul(Outer(Tanh(Inner(Flatten(Conv(x))))), WeightOf(nameof(Outer))) + Sum(Apart);

            [Loss]
            private Tensor Loss(Tensor output, [Shape(Batch, 7)] Tensor target) =>
                SmoothL1Loss(output, target) + 0.01 * Sum(Abs(WeightOf(nameof(Inner)))) + 0.1 * Norm(BiasOf(nameof(Conv))) + 0.001 * L1Penalty() + 0.002 * L2Penalty();
        }
        """,
        seed: 1);

    /// <summary>The gradients of a weight that come from several calls of its layer are summed before they are added to those of before.</summary>
    [Theory]
    [InlineData("Tanh(Conv(x))")]
    [InlineData("MaxPool2d(Relu(Conv(x)), 2)")]
    [InlineData("Relu(Conv(1.5f * MaxPool2d(Relu(Conv(x)), 2)))")]
    [InlineData("MaxPool2d(Relu(Conv(Tanh(Conv(x)))), 2)")]
    public void A_convolution_that_is_called_again(string body) => EndToEnd.Verify(
        $$"""
        [Model]
        public sealed partial class Net
        {
            [Conv2d(1, Kernel = 3)] private partial Tensor Conv(Tensor x);
            [Linear(6)] private partial Tensor Fc(Tensor x);
            [MSELoss] private partial Tensor Loss(Tensor y, [Shape(Batch, 6)] Tensor target);

            [Forward]
            private Tensor Forward([Shape(Batch, 1, 12, 12)] Tensor first, [Shape(Batch, 1, 12, 12)] Tensor second, [Shape(Batch, 1, 12, 12)] Tensor third) =>
                Embed(first) + 2 * Embed(second) + 3 * Embed(third);

            private Tensor Embed(Tensor x) => Fc(Flatten({{body}}));
        }
        """,
        seed: 1);

    /// <summary>What is given to a loss and belongs to no sample: weights of classes, a number.</summary>
    [Theory]
    [InlineData("[CrossEntropyLoss(LabelSmoothing = 0.1f)] private partial Tensor Loss(Tensor output, [Shape(Batch)] IntTensor labels, [Shape(19)] Tensor weight);")]
    [InlineData("[CrossEntropyLoss] private partial Tensor Loss(Tensor output, [Shape(Batch, 19)] Tensor target, [Shape(19)] Tensor weight);")]
    [InlineData("[Loss] private Tensor Loss(Tensor output, [Shape(Batch, 19)] Tensor target, [Shape(1)] Tensor share, [Shape(19)] Tensor center) => MseLoss(output * share, target) + Mean(Abs(output - center));")]
    public void A_loss_of_what_belongs_to_no_sample(string loss) => EndToEnd.Verify(
        $$"""
        [Model]
        public sealed partial class Net
        {
            [Linear(19)] private partial Tensor Fc(Tensor x);

            [Forward] private Tensor Forward([Shape(Batch, 5)] Tensor x) => Fc(x);

            {{loss}}
        }
        """,
        seed: 1);

    [Theory]
    [InlineData("")]
    [InlineData("(Swap = true, Margin = 0.5)")]
    [InlineData("(Distance = nameof(Far), Margin = 2)")]
    [InlineData("(Distance = nameof(Far), Swap = true, Reduction = Reduction.None)")]
    public void A_triplet_loss_by_a_distance(string options) => EndToEnd.Verify(
        $$"""
        [Model]
        public sealed partial class Net
        {
            [Linear(6)] private partial Tensor Fc(Tensor x);

            [Forward] private (Tensor A, Tensor P) Forward([Shape(Batch, 5)] Tensor x, [Shape(Batch, 5)] Tensor y) => (Fc(x), Fc(y));

            [TripletMarginWithDistanceLoss{{options}}] private partial Tensor Loss(Tensor a, Tensor p, [Shape(Batch, 6)] Tensor n);

            private static Tensor Far(Tensor x1, Tensor x2) => 1 - CosineSimilarity(x1, x2);
        }
        """,
        seed: 1);

    /// <summary>The masks of a loss are of its step, like those of the network.</summary>
    [Fact]
    public void Dropout_in_the_loss() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Linear(6)] private partial Tensor Fc(Tensor x);

            [Forward] private Tensor Forward([Shape(Batch, 5)] Tensor x) => Dropout(Fc(x), 0.3f);

            [Loss] private Tensor Loss(Tensor output, [Shape(Batch, 6)] Tensor target) => MseLoss(Dropout(output, 0.5f), target);
        }
        """,
        seed: 1);

    /// <summary>Forward reads the parameter through its broadcast; Backward needs that broadcast under another shape, so that it copies it.</summary>
    [Fact]
    public void A_view_that_a_later_pass_copies() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Parameter(7, 9, Init = Initializer.Normal)] private partial Tensor Least { get; }
            [Linear(3)] private partial Tensor Inner(Tensor x);

            [Forward]
            private Tensor Forward([Shape(Batch, 7, 9)] Tensor x)
            {
                Tensor rows = Reshape(Minimum(x, Least), Batch, 21, 3);
                Tensor centred = rows - Mean(rows, 2, true);
                Tensor under = centred - Max(centred, 1, true);
                return under + Relu(Inner(under));
            }

            [MSELoss] private partial Tensor Loss(Tensor output, [Shape(Batch, 21, 3)] Tensor target);
        }
        """,
        seed: 1);

    /// <summary>A mask of one number a row, alone and in a kernel that goes on with the row: all lanes drop alike.</summary>
    [Fact]
    public void Dropout_of_a_number_a_row() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Linear(19)] private partial Tensor Wide(Tensor x);
            [Linear(1)] private partial Tensor Narrow(Tensor x);
            [MSELoss] private partial Tensor Loss(Tensor output, [Shape(Batch, 19)] Tensor target);

            [Forward]
            private Tensor Forward([Shape(Batch, 7)] Tensor x)
            {
                x = Wide(x);
                return x * Dropout(Mean(x, 1, true), 0.4f) + Dropout(Narrow(Dropout(x, 0.3f)), 0.5f);
            }
        }
        """,
        seed: 2);

    /// <summary>Masks between convolutions, and behind the last of them, where the user's order of elements is not that in memory.</summary>
    [Fact]
    public void Dropout_of_images() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Conv2d(6, Kernel = 3)] private partial Tensor First(Tensor x);
            [Conv2d(5, Kernel = 2)] private partial Tensor Second(Tensor x);
            [Linear(4)] private partial Tensor Fc(Tensor x);
            [CrossEntropyLoss] private partial Tensor Loss(Tensor output, [Shape(Batch)] IntTensor labels);

            [Forward]
            private Tensor Forward([Shape(Batch, 2, 9, 8)] Tensor x)
            {
                x = Twice(AvgPool2d(Relu(First(x)), 2));
                x = Twice(Second(x));
                return Fc(Flatten(Twice(x) * Dropout(x)));
            }

            private Tensor Twice(Tensor x) => Dropout(x, 0.2f) + 0.5f * Dropout(Tanh(x), 0.3f);
        }
        """,
        seed: 2);

    /// <summary>A maximum down an axis, whose result meets a vector that repeats along what would be one loop otherwise.</summary>
    [Fact]
    public void Columns_whose_result_meets_a_repeated_vector() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Parameter(1, 1, 1, 9, Init = Initializer.Normal)] private partial Tensor P { get; }

            [Forward]
            private Tensor Forward([Shape(Batch, 4, 8, 9)] Tensor x) => Max(Relu(x), 1, keepDim: true) / (1.2f + Abs(P));
        }
        """,
        seed: 1);
}
