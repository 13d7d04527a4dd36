using GraphGen.Generator.Graph;
using GraphGen.Generator.Tests.Harness;

namespace GraphGen.Generator.Tests.Compiler;

/// <summary>Every value has a type: labels and positions stay integers from the caller to the comparison, also where the way back reads them.</summary>
public sealed class DataTypeTests
{
    private readonly GraphBuilder _graph = new();

    [Fact]
    public void Views_copies_and_what_is_chosen_have_the_type_of_their_operand()
    {
        Shape shape = new(3, 4);
        Node labels = _graph.Add(new Op.Input("labels", DataType.Int32), shape);
        Node values = _graph.Add(new Op.Input("values", DataType.Float), shape);
        Node zero = _graph.IntegerConstant(0, shape);
        Assert.Equal(DataType.Int32, labels.Type);
        Assert.Equal(DataType.Int32, _graph.Reshape(labels, new Shape(12)).Type);
        Assert.Equal(DataType.Int32, _graph.Permute(labels, 1, 0).Type);
        Assert.Equal(DataType.Int32, _graph.Broadcast(labels, new Shape(2, 3, 4)).Type);
        Assert.Equal(DataType.Int32, _graph.Unary(UnaryFunction.Copy, labels).Type);
        Assert.Equal(DataType.Int32, _graph.Broadcast(zero, new Shape(2, 3, 4)).Type);
        Assert.Equal(DataType.Int32, _graph.Select(Comparison.Greater, labels, zero, labels, zero).Type);
        Assert.Equal(DataType.Float, _graph.Select(Comparison.Greater, labels, zero, values, values).Type);
        Assert.Equal(DataType.Float, _graph.Mask(Comparison.Equal, labels, zero).Type);
        Assert.Equal(DataType.Int32, _graph.Add(new Op.Iota(), new Shape(4)).Type);
        Assert.Equal(DataType.Byte, _graph.MaxPool2dWinners(_graph.Add(new Op.Input("x", DataType.Float), new Shape(Dim.Batch, 4, 4, 2)), new PoolGeometry(4, 4, 2, 2, 2, 0)).Type);
    }

    /// <summary>As floats, 16777216 and 16777217 are one number.</summary>
    [Fact]
    public void Labels_are_compared_as_integers()
    {
        string code = Generate("""
            [Model]
            public sealed partial class Net
            {
                [Linear(3)] private partial Tensor Fc(Tensor x);

                [Forward]
                private Tensor Forward([Shape(Batch, 2)] Tensor x) => Fc(x);

                [CrossEntropyLoss(IgnoreIndex = 16777217)]
                private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
            }
            """);
        Assert.Contains("TIsa.EqualsBits", code);
        Assert.Contains("TIsa.BroadcastBits(16777217)", code);
        Assert.DoesNotContain("(float)pass->LabelsInput", code);
    }

    /// <summary>Those of a token sequence are its part from the second on.</summary>
    [Fact]
    public void Parts_of_labels_are_compared_as_integers()
    {
        string code = Generate("""
            [Model]
            public sealed partial class Net
            {
                [Forward]
                private Tensor Forward([Shape(Batch, 3, 4)] Tensor x) => x * 2;

                [Loss]
                private Tensor Loss(Tensor logits, [Shape(Batch, 5)] IntTensor tokens) => CrossEntropy(logits, tokens[.., 1..], ignoreIndex: 16777217);
            }
            """);
        Assert.Contains("TIsa.EqualsBits", code);
        Assert.Contains("TIsa.BroadcastBits(16777217)", code);
        Assert.DoesNotContain("(float)pass->TokensInput", code);
    }

    [Fact]
    public void Labels_that_the_way_back_reads_are_kept_as_integers()
    {
        string code = Generate("""
            [Model]
            public sealed partial class Net
            {
                [Linear(3)] private partial Tensor Fc(Tensor x);

                [Forward]
                private Tensor Forward([Shape(Batch, 2)] Tensor x) => Fc(x);

                [CrossEntropyLoss(Reduction = Reduction.None)]
                private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
            }
            """);
        Assert.Matches(@"int\* labels = .*; // \[n, 1\]", code);
        Assert.Contains("TIsa.BroadcastBits(call->X[row])", code);
    }

    private static string Generate(string source) => ModelCompiler.Compile(ReaderProbe.Read(source)).Source;
}
