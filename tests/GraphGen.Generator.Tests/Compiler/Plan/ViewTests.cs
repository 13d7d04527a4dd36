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

    /// <summary>What the way down made is put beside what the way up makes, twice as large as it was.</summary>
    private const string UNet = """
        [Model]
        public sealed partial class Net
        {
            [Conv2d(3, 16, Kernel = 3, Padding = 1)] private partial Tensor Down(Tensor x);
            [Conv2d(16, 16, Kernel = 3, Padding = 1)] private partial Tensor Bottom(Tensor x);
            [Conv2d(32, 8, Kernel = 3, Padding = 1)] private partial Tensor Up(Tensor x);
            [Parameter(2, 1, 2, 1)] private partial Tensor Larger { get; }

            [Forward]
            private Tensor Forward([Shape(Batch, 3, 8, 8)] Tensor x)
            {
                Tensor skip = Relu(Down(x));
                Tensor bottom = Permute(Relu(Bottom(MaxPool2d(skip, 2))), 0, 2, 3, 1);
                Tensor larger = Permute(Reshape(Reshape(bottom, Batch, 4, 1, 4, 1, 16) * Larger, Batch, 8, 8, 16), 0, 3, 1, 2);
                return Up(Concat([skip, larger], 1));
            }

            [MSELoss] private partial Tensor Loss(Tensor y, [Shape(Batch, 8, 8, 8)] Tensor target);
        }
        """;

    /// <summary>Each layer reads all that those before it made.</summary>
    private const string DenseBlock = """
        [Model]
        public sealed partial class Net
        {
            [Conv2d(16, Kernel = 3, Padding = 1)] private partial Tensor First(Tensor x);
            [Conv2d(16, 8, Kernel = 3, Padding = 1)] private partial Tensor Second(Tensor x);
            [Conv2d(24, 8, Kernel = 3, Padding = 1)] private partial Tensor Third(Tensor x);
            [Conv2d(32, 8, Kernel = 3, Padding = 1)] private partial Tensor Fourth(Tensor x);
            [Linear(10)] private partial Tensor Head(Tensor x);

            [Forward]
            private Tensor Forward([Shape(Batch, 3, 8, 8)] Tensor x)
            {
                x = Relu(First(x));
                x = Concat([x, Relu(Second(x))], 1);
                x = Concat([x, Relu(Third(x))], 1);
                x = Concat([x, Relu(Fourth(x))], 1);
                return Head(Mean(x, [2, 3]));
            }

            [CrossEntropyLoss] private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
        }
        """;

    [Fact]
    public void A_skip_concatenation_is_written_in_place() => Assert.Empty(Copies(UNet));

    [Fact]
    public void A_growing_concatenation_is_written_in_place() => Assert.Empty(Copies(DenseBlock));

    [Fact]
    public void Attention_over_slices_of_a_layer_copies_nothing() => Assert.Empty(Copies(AttentionOfSlices));

    [Fact]
    public void Attention_over_heads_copies_nothing() => Assert.Empty(Copies(Attention));

    /// <summary>The kernels that move elements and compute nothing. That a pass keeps what it is given, in a layout of its own, is no move.</summary>
    private static IEnumerable<string> Copies(string source)
    {
        PassSet passes = PassBuilder.Build(ModelEvaluation.Type(source));
        return
        [
            .. passes.Training.Concat(passes.Inference).SelectMany(pass => pass.Kernels.Where(IsCopy).Select(kernel => $"{pass.Role}: {kernel.Kind} {string.Join("; ", kernel.Body)}")),
        ];
    }

    /// <summary>Whether a value is a view, or a copy of one, of what is there before the first kernel runs.</summary>
    private static bool IsGiven(Node node)
    {
        while (node.Op.IsView || node.Op.IsCopy)
        {
            node = node.Inputs[0];
        }

        return node.Op.IsLeaf;
    }

    private static bool IsCopy(Kernel kernel) => kernel.Kind switch
    {
        KernelKind.Rows => kernel.Body.All(node => ((node.Op.IsView || node.Op.IsCopy) && !IsGiven(node)) || (node.Op is Op.AddToGradient && node.Inputs[0].Op.IsView)),
        KernelKind.Concat => Enumerable.Range(0, kernel.Anchor!.Inputs.Length).Any(index => kernel.Storage.PlacedPart(kernel.Anchor, index) is null && !kernel.Anchor.Inputs[index].Op.IsConstant),
        _ => false,
    };
}
