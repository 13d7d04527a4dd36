using GraphGen.Generator.Compile;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Tests.Compiler.Gradients;
using GraphGen.Generator.Tests.Compiler.Interpreter;

namespace GraphGen.Generator.Tests.Compiler;

/// <summary>
/// What the simplifier makes of a model, before and after its gradients are taken, computes what was written: the cases of the
/// gradient tests, in double precision, so that a difference is an error and not rounding.
/// </summary>
public sealed class RewritingTests
{
    // Constants are folded in single precision, as the generated code would compute them.
    private const double Tolerance = 1e-6;

    public static TheoryData<string> Names => FiniteDifferenceTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Rewritten_graphs_compute_what_was_written(string name)
    {
        GradientCase @case = GradientCases.All.Single(each => each.Name == name);
        foreach (int samples in new[] { 1, 3 })
        {
            // A mask is drawn by position, and rewriting may reorder positions: the masks here are the same everywhere.
            foreach (double drawn in name.Contains("Dropout", StringComparison.Ordinal) ? new[] { 0.1, 0.9 } : [0])
            {
                TypedModel model = ModelEvaluation.Type(@case.Source);
                Bindings bindings = CaseBindings.Of(@case, model, samples, (_, _) => drawn);
                ModelValues written = ModelEvaluation.AsWritten(model, bindings);

                PassSet passes = PassBuilder.Build(model);
                KernelVerifier.Verify(passes);
                ModelValues rewritten = ModelEvaluation.AsRewritten(model, passes, bindings);

                foreach (((string what, double[]? expected), (_, double[]? actual)) in written.Named(Parameters(model)).Zip(rewritten.Named(Parameters(model))))
                {
                    Assert.True(expected is null == actual is null, $"{what} is {(actual is null ? "missing" : "there, but should not be")}");
                    Near.Assert($"{what} of {samples}", expected ?? [], actual ?? [], Tolerance, floor: 0.1);
                }
            }
        }
    }

    [Fact]
    public void Permutations_between_convolutions_cancel()
    {
        PassSet passes = PassBuilder.Build(ModelEvaluation.Type("""
            [Model]
            public partial class Net
            {
                [Conv2d(3, Kernel = 3)] private partial Tensor First(Tensor x);
                [Conv2d(4, Kernel = 3)] private partial Tensor Second(Tensor x);

                [Forward]
                private Tensor Forward([Shape(Batch, 2, 12, 12)] Tensor x) => Second(Sigmoid(MaxPool2d(Relu(First(x)), 2)));
            }
            """));

        // One permutation into channels-last order at the start, one back at the end; none between.
        Assert.Equal(2, Node.Reachable(passes.Values.InferenceOutputs).Count(node => node.Op is Op.Permute));
    }

    [Fact]
    public void Pooling_comes_before_bias_and_activation()
    {
        PassSet passes = PassBuilder.Build(ModelEvaluation.Type("""
            [Model]
            public partial class Net
            {
                [Conv2d(3, Kernel = 3)] private partial Tensor Conv(Tensor x);

                [Forward]
                private Tensor Forward([Shape(Batch, 2, 8, 8)] Tensor x) => MaxPool2d(Relu(Conv(x)), 2);
            }
            """));

        Node pooled = Assert.Single(Node.Reachable(passes.Values.InferenceOutputs), node => node.Op is Op.MaxPool2d);
        Assert.IsType<Op.Conv2d>(pooled.Inputs[0].Op);
    }

    private static IEnumerable<string> Parameters(TypedModel model) => model.Parameters.Select(parameter => parameter.Name);
}
