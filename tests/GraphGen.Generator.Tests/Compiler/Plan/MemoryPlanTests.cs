using GraphGen.Generator.Compile;
using GraphGen.Generator.Emit;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Lower;
using GraphGen.Generator.Plan;
using GraphGen.Generator.Tests.Compiler.Interpreter;
using Buffer = GraphGen.Generator.Plan.Buffer;

namespace GraphGen.Generator.Tests.Compiler.Plan;

/// <summary>The arena of a training step: what takes whose place, in which order, and that no memory is left unused at the peak.</summary>
public sealed class MemoryPlanTests
{
    private const string PooledNet = """
        [Model]
        public partial class Net
        {
            [Conv2d(3, 16, Kernel = 3)] private partial Tensor Conv1(Tensor x);
            [Conv2d(16, 32, Kernel = 3)] private partial Tensor Conv2(Tensor x);
            [Linear(24)] private partial Tensor Fc1(Tensor x);
            [Linear(10)] private partial Tensor Fc2(Tensor x);

            [Forward]
            private Tensor Forward([Shape(Batch, 3, 30, 30)] Tensor x)
            {
                x = MaxPool2d(Relu(Conv1(x)), 2);
                x = MaxPool2d(Relu(Conv2(x)), 2);
                return Fc2(Relu(Fc1(Flatten(x))));
            }

            [CrossEntropyLoss]
            private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
        }
        """;

    [Fact]
    public void Gradients_of_activations_take_their_place()
    {
        MemoryPlan plan = Plan(PooledNet);

        Assert.Equal(["Fc1Relu", "Conv2MaxPool2d", "Conv1"], plan.Buffers.Select(buffer => buffer.InPlaceOf).OfType<Buffer>().Select(activation => activation.Name));
    }

    [Fact]
    public void The_arena_is_as_large_as_what_lives_at_once()
    {
        MemoryPlan plan = Plan(PooledNet);
        long most = Enumerable.Range(0, plan.Buffers.Max(buffer => buffer.Last) + 1).Max(time => plan.Buffers
            .Where(buffer => buffer.PerSample && buffer.First <= time && time <= buffer.Last)
            .Where(buffer => buffer.InPlaceOf is null || buffer.InPlaceOf.Last < time)
            .Sum(buffer => MemoryPlan.Round(buffer.Floats)));

        Assert.Equal(most, plan.PerSampleFloats);
    }

    [Fact]
    public void Gradients_of_parameters_take_none_of_it() =>
        Assert.DoesNotContain(Plan(PooledNet).Buffers, buffer => buffer.Description == "[24, 1152]");

    [Fact]
    public void The_last_reader_of_an_activation_comes_before_what_takes_its_place()
    {
        PassSet passes = KernelOrder.Arrange(PassBuilder.Build(ModelEvaluation.Type(PooledNet)));
        List<KernelKind> kinds = [.. passes.Backward.Kernels.Select(kernel => kernel.Kind)];

        Assert.True(kinds.IndexOf(KernelKind.ConvolutionWeightGradient) < kinds.IndexOf(KernelKind.ConvolutionInputGradient));
    }

    [Fact]
    public void Values_in_turn_share_memory_and_others_of_the_same_time_do_not()
    {
        Buffer first = new("First", null, "", 64, true, 0, 2);
        Buffer second = new("Second", null, "", 64, true, 2, 4, first);
        Buffer third = new("Third", null, "", 64, true, 4, 5, second);
        Buffer beside = new("Beside", null, "", 64, true, 3, 3);
        Buffer after = new("After", null, "", 64, true, 6, 6);
        MemoryPlan plan = MemoryPlan.Make([first, second, third, beside, after]);

        Assert.Equal(first.Offset, second.Offset);
        Assert.Equal(first.Offset, third.Offset);
        Assert.NotEqual(first.Offset, beside.Offset);
        Assert.Equal(128, plan.PerSampleFloats);
    }

    [Theory]
    [InlineData(64, 3)]
    [InlineData(48, 2)]
    public void A_place_is_taken_by_its_size_when_it_is_read_for_the_last_time(long floats, int first)
    {
        Buffer before = new("Before", null, "", 64, true, 0, 2);
        Buffer after = new("After", null, "", floats, true, first, 4, before);

        Assert.Throws<InvalidOperationException>(() => MemoryPlan.Make([before, after]));
    }

    private static MemoryPlan Plan(string source)
    {
        TypedModel model = ModelEvaluation.Type(source);
        PassSet passes = KernelOrder.Arrange(PassBuilder.Build(model));
        ArenaLayout layout = ArenaLayout.Name([.. passes.Training], Lowering.Lower(passes.Training), new PassFields(model));
        new KernelLibrary().Add(layout);
        layout.Place(passes.Values.OfTraining);
        return layout.Plan!;
    }
}
