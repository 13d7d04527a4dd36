namespace GraphGen.Generator.Tests.Snapshots;

/// <summary>The models whose generated code is kept as snapshots.</summary>
internal static class SampleModels
{
    /// <summary>Two fully connected layers with mean squared error.</summary>
    public const string Mlp = """
        namespace Samples;

        [Model]
        public sealed partial class Mlp
        {
            [Linear(32)] private partial Tensor Hidden(Tensor x);
            [Linear(4)]  private partial Tensor Output(Tensor x);

            [Forward]
            private Tensor Forward([Shape(Batch, 20)] Tensor x) => Output(Tanh(Hidden(x)));

            [MSELoss]
            private partial Tensor Loss(Tensor output, [Shape(Batch, 4)] Tensor target);
        }
        """;

    /// <summary>The network of the design document.</summary>
    public const string FashionNet = """
        namespace Samples;

        [Model]
        public sealed partial class FashionNet
        {
            [Conv2d(1, 32, Kernel = 3)]   private partial Tensor Conv1(Tensor x);
            [Conv2d(32, 64, Kernel = 3)]  private partial Tensor Conv2(Tensor x);
            [Linear(128)]                 private partial Tensor Fc1(Tensor x);   // in-features inferred
            [Dropout(0.25f)]              private partial Tensor Drop(Tensor x);
            [Linear(10)]                  private partial Tensor Fc2(Tensor x);

            [Forward]
            private Tensor Forward([Shape(Batch, 1, 28, 28)] Tensor x)
            {
                x = MaxPool2d(Relu(Conv1(x)), 2);
                x = MaxPool2d(Relu(Conv2(x)), 2);
                return Fc2(Drop(Relu(Fc1(Flatten(x)))));
            }

            [CrossEntropyLoss(LabelSmoothing = 0.1f)]
            private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
        }
        """;

    /// <summary>Raw parameters, and a loss written out with L1 regularisation.</summary>
    public const string Regularized = """
        [Model]
        internal partial class Regularized
        {
            private const float Strength = 1e-3f;

            [Parameter(784, 10)]                     private partial Tensor W { get; }
            [Parameter(10, Init = Initializer.Zeros)] private partial Tensor B { get; }

            [Forward]
            private Tensor Forward([Shape(Batch, 784)] Tensor x) => MatMul(x, W) + B;

            [Loss]
            private Tensor Loss(Tensor output, [Shape(Batch, 10)] Tensor target)
            {
                Tensor difference = output - target;
                return Mean(difference * difference) + Strength * Sum(Abs(W));
            }
        }
        """;

    /// <summary>The names of the snapshots, with their models.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["Mlp"] = Mlp,
        ["FashionNet"] = FashionNet,
        ["Regularized"] = Regularized,
    };
}
