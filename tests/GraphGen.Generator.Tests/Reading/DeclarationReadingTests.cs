using GraphGen.Generator.Definition;
using GraphGen.Generator.Read;
using GraphGen.Generator.Tests.Harness;
using GraphGen.Generator.Tests.Snapshots;

namespace GraphGen.Generator.Tests.Reading;

/// <summary>What is read of the class, its layers, its parameters and its loss.</summary>
public sealed class DeclarationReadingTests
{
    [Fact]
    public void The_model_of_the_design_is_read()
    {
        string printed = ModelPrinter.Print(ReaderProbe.Read(SampleModels.FashionNet));

        Assert.Equal(
            """
            public sealed partial class FashionNet in Samples
            Conv1: Conv2d(outChannels: 32, inChannels: 1, kernel: 3, stride: 1, padding: 0, dilation: 1, groups: 1, bias: 1)
            Conv2: Conv2d(outChannels: 64, inChannels: 32, kernel: 3, stride: 1, padding: 0, dilation: 1, groups: 1, bias: 1)
            Fc1: Linear(outFeatures: 128, inFeatures: 0, bias: 1)
            Drop: Dropout(p: 0.25)
            Fc2: Linear(outFeatures: 10, inFeatures: 0, bias: 1)
            implement method private partial global::GraphGen.Tensor Conv1(global::GraphGen.Tensor x)
            implement method private partial global::GraphGen.Tensor Conv2(global::GraphGen.Tensor x)
            implement method private partial global::GraphGen.Tensor Fc1(global::GraphGen.Tensor x)
            implement method private partial global::GraphGen.Tensor Drop(global::GraphGen.Tensor x)
            implement method private partial global::GraphGen.Tensor Fc2(global::GraphGen.Tensor x)
            implement method private partial global::GraphGen.Tensor Loss(global::GraphGen.Tensor logits, global::GraphGen.IntTensor labels)
            Forward(%0 x: float[-1, 1, 28, 28])
                %1 = Conv2d Conv1(input: %0, outChannels: 32, inChannels: 1, kernel: 3, stride: 1, padding: 0, dilation: 1, groups: 1, bias: 1)
                %2 = Relu(input: %1)
                %3 = MaxPool2d(input: %2, kernel: 2, stride: 0, padding: 0)
                %4 = Conv2d Conv2(input: %3, outChannels: 64, inChannels: 32, kernel: 3, stride: 1, padding: 0, dilation: 1, groups: 1, bias: 1)
                %5 = Relu(input: %4)
                %6 = MaxPool2d(input: %5, kernel: 2, stride: 0, padding: 0)
                %7 = Flatten(input: %6, startDim: 1, endDim: -1)
                %8 = Linear Fc1(input: %7, outFeatures: 128, inFeatures: 0, bias: 1)
                %9 = Relu(input: %8)
                %10 = Dropout Drop(input: %9, p: 0.25)
                %11 = Linear Fc2(input: %10, outFeatures: 10, inFeatures: 0, bias: 1)
                return %11
            Loss(%0 logits: float (output 0), %1 labels: int[-1])
                %2 = CrossEntropyLoss(input: %0, target: %1, labelSmoothing: 0.1, ignoreIndex: -100, weight: none, reduction: 0)
                return %2

            """,
            printed);
    }

    [Fact]
    public void Raw_parameters_and_a_written_loss_are_read()
    {
        ModelDefinition model = ReaderProbe.Read(SampleModels.Regularized);

        Assert.Equal(
            """
            internal partial class Regularized in (global)
            W: Parameter(shape: [784, 10], init: 0)
            B: Parameter(shape: [10], init: 1)
            implement property private partial global::GraphGen.Tensor W
            implement property private partial global::GraphGen.Tensor B
            Forward(%0 x: float[-1, 784])
                %1 = Parameter W(shape: [784, 10], init: 0)
                %2 = MatMul(left: %0, right: %1)
                %3 = Parameter B(shape: [10], init: 1)
                %4 = Add(left: %2, right: %3)
                return %4
            Loss(%0 output: float (output 0), %1 target: float[-1, 10])
                %2 = Subtract(left: %0, right: %1)
                %3 = Multiply(left: %2, right: %2)
                %4 = Mean(input: %3)
                %5 = Parameter W(shape: [784, 10], init: 0)
                %6 = Abs(input: %5)
                %7 = Sum(input: %6)
                %8 = Multiply(left: 0.001, right: %7)
                %9 = Add(left: %4, right: %8)
                return %9

            """,
            ModelPrinter.Print(model));
    }

    [Fact]
    public void Attribute_arguments_are_read_by_name_from_every_constructor()
    {
        ModelDefinition model = ReaderProbe.Read("""
            [Model]
            public partial class Net
            {
                private const int Width = 8;
                [Linear(16, Width * 2, Bias = false)] private partial Tensor A(Tensor x);
                [Conv2d(Width, Kernel = 5, Stride = 2, Padding = 1, Groups = 4, Dilation = 3)] private partial Tensor B(Tensor x);
                [Dropout] private partial Tensor C(Tensor x);
                [Forward] private Tensor Run([Shape(Batch, 16)] Tensor x) => A(x);
                [CrossEntropyLoss(Weight = new[] { 1f, 0.5f }, IgnoreIndex = 3, Reduction = Reduction.Sum)]
                private partial Tensor Loss(Tensor y, [Shape(Batch)] IntTensor t);
            }
            """);

        string printed = ModelPrinter.Print(model);
        Assert.Contains("A: Linear(outFeatures: 16, inFeatures: 16, bias: 0)\n", printed, StringComparison.Ordinal);
        Assert.Contains("B: Conv2d(outChannels: 8, inChannels: 0, kernel: 5, stride: 2, padding: 1, dilation: 3, groups: 4, bias: 1)\n", printed, StringComparison.Ordinal);
        Assert.Contains("C: Dropout(p: 0.5)\n", printed, StringComparison.Ordinal);
        Assert.Contains("labelSmoothing: 0, ignoreIndex: 3, weight: [1, 0.5]f, reduction: 1)\n", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_keep_the_modifiers_and_names_they_are_declared_with()
    {
        ModelDefinition model = ReaderProbe.Read("""
            namespace A.B;
            [Model]
            public partial class @class
            {
                [Linear(4)] public virtual partial Tensor @do(Tensor @in);
                [Parameter(4)] protected internal partial Tensor @base { get; }
                [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor @out) => @do(@out) + @base;
            }
            """);

        Assert.Equal("A.B", model.Namespace);
        Assert.Equal("@class", model.Name);
        Assert.Equal("public partial class @class", model.Declaration);
        Assert.Equal(
            [
                "public virtual partial global::GraphGen.Tensor @do(global::GraphGen.Tensor @in)",
                "protected internal partial global::GraphGen.Tensor @base",
            ],
            model.Members.Select(member => member.Signature));
        Assert.Equal("out", model.Forward.Arguments[0].Name);
    }

    [Fact]
    public void Positions_point_at_the_users_expressions()
    {
        ModelReading reading = Assert.Single(ReaderProbe.ReadAll(SampleModels.FashionNet));
        ModelDefinition model = reading.Model!;

        string TextAt(int position) =>
            SampleModels.FashionNet.Substring(reading.Positions[position].Span.Start, reading.Positions[position].Span.Length);

        Assert.Equal("FashionNet", TextAt(0));
        Assert.Equal("Conv1", TextAt(model.Layers[0].Position));
        Assert.Equal("x", TextAt(model.Forward.Arguments[0].Position));
        Assert.Equal("Relu(Conv1(x))", TextAt(model.Forward.Calls[1].Position));
        Assert.Equal("CrossEntropyLoss(LabelSmoothing = 0.1f)", TextAt(model.Loss!.Calls[0].Position));
        Assert.Equal("Relu(Conv1(x))", model.Forward.Calls[1].Text);
    }

    [Fact]
    public void A_model_is_equal_wherever_it_stands()
    {
        ModelReading here = Assert.Single(ReaderProbe.ReadAll(SampleModels.FashionNet));
        ModelReading there = Assert.Single(ReaderProbe.ReadAll("// moved\n\n" + SampleModels.FashionNet));

        Assert.Equal(here.Model, there.Model);
        Assert.Equal(here.Model!.GetHashCode(), there.Model!.GetHashCode());
        Assert.NotEqual(here.Positions, there.Positions);
    }
}
