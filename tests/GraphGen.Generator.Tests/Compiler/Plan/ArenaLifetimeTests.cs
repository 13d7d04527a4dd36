using GraphGen.Generator.Compile;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Emit;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;
using GraphGen.Generator.Plan;
using GraphGen.Generator.Tests.Compiler.RandomModels;
using GraphGen.Generator.Tests.Harness;
using GraphGen.Generator.Tests.Snapshots;
using Buffer = GraphGen.Generator.Plan.Buffer;

namespace GraphGen.Generator.Tests.Compiler.Plan;

/// <summary>
/// The arena: what lives at the same time lies apart, and what does not shares. When a value lives is not taken from the plan
/// but from the kernels' code: from the first kernel that names its memory to the last.
/// </summary>
public sealed class ArenaLifetimeTests
{
    private const int Layers = 12;
    private const int Width = 64;

    /// <summary>Layers of one width: in inference only two of them live at a time.</summary>
    private static readonly string Deep = $$"""
        [Model]
        public sealed class Net
        {
            {{string.Join(" ", Enumerable.Range(0, Layers).Select(i => $"[Linear({Width})] private partial Tensor L{i}(Tensor x);"))}}

            [Forward]
            private Tensor Forward([Shape(Batch, {{Width}})] Tensor x) => {{Enumerable.Range(0, Layers).Aggregate("x", (x, i) => $"Tanh(L{i}({x}))")}};

            [MSELoss] private partial Tensor Loss(Tensor output, [Shape(Batch, {{Width}})] Tensor target);
        }
        """;

    public static TheoryData<string> Samples => [SampleModels.Mlp, SampleModels.FashionNet, SampleModels.Regularized, Deep];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1000, 40)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Values_of_a_sample_model_that_live_at_the_same_time_lie_apart(string source) => Verify(Plan(source));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Values_of_a_random_model_that_live_at_the_same_time_lie_apart(int seed) => Verify(Plan(RandomModelWriter.Write(seed)));

    [Fact]
    public void A_deep_model_shares_memory()
    {
        EmissionInput input = Plan(Deep);
        MemoryPlan training = input.Training.Plan!;
        MemoryPlan inference = input.Inference.Plan!;

        Assert.True(training.PerSampleFloats < training.UnsharedPerSampleFloats, $"{training.PerSampleFloats} of {training.UnsharedPerSampleFloats}");
        Assert.True(training.PerSampleFloats >= Layers * Width, $"{training.PerSampleFloats}: the backward pass reads every layer's result");
        Assert.True(inference.PerSampleFloats < 3 * Width, $"{inference.PerSampleFloats}: two layers' results live at a time");
        Assert.True(inference.UnsharedPerSampleFloats >= Layers * Width, $"{inference.UnsharedPerSampleFloats}");
    }

    private static EmissionInput Plan(string source)
    {
        ModelDefinition definition = ReaderProbe.Read(source);
        return ModelCompiler.Plan(definition, Typing.Apply(definition));
    }

    private static void Verify(EmissionInput input)
    {
        PassValues values = input.Passes.Values;
        Verify(input, input.Training, values.OfTraining);
        Verify(input, input.Inference, values.OfInference);
    }

    /// <param name="input">The model.</param>
    /// <param name="layout">One of its arenas.</param>
    /// <param name="results">What is read after the last kernel: outputs, which kernels that come later know as <c>Output</c>, and losses.</param>
    private static void Verify(EmissionInput input, ArenaLayout layout, IEnumerable<Node> results)
    {
        MemoryPlan plan = layout.Plan!;
        List<Kernel> kernels = [.. layout.Passes.SelectMany(pass => pass.Kernels)];
        HashSet<string>[] named = [.. kernels.Select(kernel => input.Kernels.Runs(kernel) ? GivenTo(input, layout, kernel) : [])];
        HashSet<Node> lasting = [.. results.Select(root => root.BehindReshapes)];
        List<(Buffer Buffer, int First, int Last)> lives = [];
        foreach (Buffer buffer in plan.Buffers)
        {
            int first = Array.FindIndex(named, names => names.Contains(buffer.Name));
            bool isLasting = buffer.Node is not null && lasting.Contains(buffer.Node);
            Assert.True(first >= 0 || isLasting, $"no kernel names {buffer.Name}");
            lives.Add((buffer, Math.Max(0, first), isLasting ? kernels.Count : Array.FindLastIndex(named, names => names.Contains(buffer.Name))));
            Assert.True(
                buffer.Offset >= 0 && buffer.Offset + buffer.Floats <= (buffer.PerSample ? plan.PerSampleFloats : plan.FixedFloats),
                $"{buffer.Name} has {buffer.Floats} floats at {buffer.Offset}, not all in the arena");
        }

        foreach ((Buffer buffer, int first, int last) in lives)
        {
            foreach ((Buffer other, int otherFirst, int otherLast) in lives.Where(life => life.Buffer != buffer && life.Buffer.PerSample == buffer.PerSample))
            {
                bool handsOver = (other.InPlaceOf == buffer && otherFirst == last) || (buffer.InPlaceOf == other && first == otherLast);
                bool meet = first <= otherLast && otherFirst <= last && !handsOver;
                bool overlap = buffer.Offset < other.Offset + other.Floats && other.Offset < buffer.Offset + buffer.Floats;
                Assert.False(meet && overlap, $"{buffer.Name} (kernels {first} to {last}) and {other.Name} (kernels {otherFirst} to {otherLast}) overlap");
            }
        }
    }

    /// <summary>The memory that a kernel's code is given: what the code does not name is no field of its routine's struct.</summary>
    private static HashSet<string> GivenTo(EmissionInput input, ArenaLayout layout, Kernel kernel) =>
    [
        .. input.Kernels.CallOf(kernel).Arguments.OfType<CallArgument.Memory>().Select(memory => memory.Place switch
        {
            Place.Scratch scratch => kernel.Name + scratch.Suffix,
            Place.Value value => layout.Parts.FirstOrDefault(part => part.Node == value.Node)?.Whole.Name ?? layout.Memory.Name(value.Node),
            _ => throw new InvalidOperationException($"{memory.Place}"),
        }),
    ];
}
