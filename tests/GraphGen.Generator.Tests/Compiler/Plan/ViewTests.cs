using GraphGen.Generator.Compile;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Tests.Compiler.Interpreter;

namespace GraphGen.Generator.Tests.Compiler.Plan;

/// <summary>Which models need no kernel that only moves elements: what is sliced, permuted or put side by side is read and written where it lies.</summary>
public sealed class ViewTests
{
    private const string Attention = """
        [Model]
        public sealed partial class Net
        {
            [Linear(24, 24)] private partial Tensor Q(Tensor x);
            [Linear(24, 24)] private partial Tensor K(Tensor x);
            [Linear(24, 24)] private partial Tensor V(Tensor x);
            [Linear(24, 24)] private partial Tensor O(Tensor x);

            [Forward]
            private Tensor Forward([Shape(Batch, 5, 24)] Tensor x)
            {
                Tensor q = Transpose(Reshape(Q(x), Batch, 5, 3, 8), 1, 2);
                Tensor k = Transpose(Reshape(K(x), Batch, 5, 3, 8), 1, 2);
                Tensor v = Transpose(Reshape(V(x), Batch, 5, 3, 8), 1, 2);
                Tensor weights = Softmax(MatMul(q, Transpose(k, -1, -2)) * 0.35355338);
                return O(Reshape(Transpose(MatMul(weights, v), 1, 2), Batch, 5, 24)) + x;
            }

            [MSELoss] private partial Tensor Loss(Tensor y, [Shape(Batch, 5, 24)] Tensor target);
        }
        """;

    /// <summary>One layer makes queries, keys and values: their gradients are parts of the gradient of what it makes.</summary>
    private const string AttentionOfSlices = """
        [Model]
        public sealed partial class Net
        {
            [Linear(24, 72)] private partial Tensor Qkv(Tensor x);
            [Linear(24, 24)] private partial Tensor O(Tensor x);

            [Forward]
            private Tensor Forward([Shape(Batch, 5, 24)] Tensor x)
            {
                Tensor heads = Reshape(Qkv(x), Batch, 5, 9, 8);
                Tensor q = Transpose(Slice(heads, 2, 0, 3), 1, 2);
                Tensor k = Transpose(Slice(heads, 2, 3, 6), 1, 2);
                Tensor v = Transpose(Slice(heads, 2, 6), 1, 2);
                Tensor weights = Softmax(MatMul(q, Transpose(k, -1, -2)) * 0.35355338);
                return O(Reshape(Transpose(MatMul(weights, v), 1, 2), Batch, 5, 24)) + x;
            }

            [MSELoss] private partial Tensor Loss(Tensor y, [Shape(Batch, 5, 24)] Tensor target);
        }
        """;

    [Fact]
    public void Attention_over_slices_of_a_layer_copies_nothing() => Assert.Empty(Copies(AttentionOfSlices));

    [Fact]
    public void Attention_over_heads_copies_nothing() => Assert.Empty(Copies(Attention));

    /// <summary>The kernels that move elements and compute nothing. That a pass keeps the caller's arguments for the way back is no move.</summary>
    private static IEnumerable<string> Copies(string source)
    {
        PassSet passes = PassBuilder.Build(ModelEvaluation.Type(source));
        return
        [
            .. passes.Training.Concat(passes.Inference).SelectMany(pass => pass.Kernels.Where(IsCopy).Select(kernel => $"{pass.Role}: {kernel.Kind} {string.Join("; ", kernel.Body)}")),
        ];
    }

    private static bool IsCopy(Kernel kernel) => kernel.Kind switch
    {
        KernelKind.Rows => kernel.Body.All(node => node.Op.IsView || (node.Op.IsCopy && node.Inputs[0].BehindReshapes.Op is not Op.Input) || (node.Op is Op.AddToGradient && node.Inputs[0].Op.IsView)),
        KernelKind.Concat => Enumerable.Range(0, kernel.Anchor!.Inputs.Length).Any(index => kernel.Storage.PlacedPart(kernel.Anchor, index) is null && !kernel.Anchor.Inputs[index].Op.IsConstant),
        _ => false,
    };
}
