using GraphGen.Generator.Tests.Compiler.RandomModels;

namespace GraphGen.Generator.Tests.Compiler;

/// <summary>Models of parts and joins that went wrong once, and what is special about them.</summary>
public sealed class PartModelTests
{
    /// <summary>As in PyTorch, the weight has a gradient, of zeros: an optimizer decays it.</summary>
    [Fact]
    public void A_weight_of_which_a_slice_leaves_nothing_has_a_gradient_of_zeros() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Linear(4)] private partial Tensor First(Tensor x);
            [Linear(5)] private partial Tensor Second(Tensor x);

            [Forward]
            private Tensor Forward([Shape(Batch, 3)] Tensor x) => Concat([First(x), Second(x)])[.., 5..8];
        }
        """,
        seed: 1);

    [Fact]
    public void A_penalty_of_which_a_slice_leaves_nothing_has_a_gradient_of_zeros() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Parameter(3)] private partial Tensor P { get; }
            [Parameter(3)] private partial Tensor Q { get; }

            [Forward]
            private Tensor Forward([Shape(Batch, 3)] Tensor x) => x * 2;

            [Loss]
            private Tensor Loss(Tensor y, [Shape(Batch, 3)] Tensor target) => MseLoss(y, target) + Sum(Concat([P * P, Q * Q], 0)[..3]);
        }
        """,
        seed: 2);

    /// <summary>Parts of one element are no rows with gaps between their elements.</summary>
    [Theory]
    [InlineData("Stack([x, Exp(x), x], -1)")]
    [InlineData("Pad(x, [1, 1])")]
    [InlineData("Concat([x[.., .., ..1], x, x[.., .., ^1..]], -1)")]
    public void Parts_of_one_column(string result) => EndToEnd.Verify(
        $$"""
        [Model]
        public sealed partial class Net
        {
            [Parameter(7)] private partial Tensor P { get; }

            [Forward]
            private Tensor Forward([Shape(Batch, 6, 7)] Tensor x)
            {
                x *= P;
                return {{result}};
            }
        }
        """,
        seed: 3);
}
