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

    [Fact]
    public void Results_that_are_arguments() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Forward]
            private Tensor Forward([Shape(Batch, 2, 3)] Tensor x) => Flatten(x);

            [Loss]
            private Tensor Loss(Tensor output, [Shape(Batch, 6)] Tensor weights) => Sum(output * weights);
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
}
