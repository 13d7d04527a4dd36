using System.Diagnostics;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Tests.Compiler.RandomModels;
using GraphGen.Generator.Tests.Harness;
using Xunit.Abstractions;

namespace GraphGen.Generator.Tests.Compiler;

/// <summary>
/// Models whose values are used more than once at every step, and models of thousands of operations: what they take to compile grows
/// with their size, and nothing else.
/// </summary>
public sealed class DeepModelTests(ITestOutputHelper log)
{
    /// <summary>A model of these takes a tenth of it when nothing else runs; what once doubled at every step took minutes.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static TheoryData<string, string> Large => new()
    {
        { "a chain of 5,000 functions", Chain("x = x * Sigmoid(x);", 2500) },
        { "a chain of layers", Layers(500, i => $"[Linear(8)] private partial Tensor L{i}(Tensor x);", i => $"L{i}", "Relu({0})") },
        { "a chain of convolutions", Layers(120, i => $"[Conv2d(4, 4, Kernel = 3, Padding = 1)] private partial Tensor L{i}(Tensor x);", i => $"L{i}", "Relu({0}) + x", "4, 6, 6") },
        { "one layer again and again", Chain("x = Tanh(L(x));", 400, "[Linear(8)] private partial Tensor L(Tensor x);") },
        { "a norm at every step", Chain("x = x + 0.1f * Tanh(x - Mean(x, 1, true));", 400) },
        { "sums of every step", Chain("y = y + Sum(x, 0, true); x = x * Sigmoid(x) + 1f;", 400, result: "x * y", before: "Tensor y = Sum(x, 0, true);") },
        { "layers of every step", Chain("y = y + L(x); x = x * Sigmoid(x) + 1f;", 300, "[Linear(8)] private partial Tensor L(Tensor x);", result: "y", before: "Tensor y = x;") },
        { "views that double at every step", Chain("x = (x + Transpose(x, 1, 2)) * 0.5f;", 400, shape: "6, 6") },
        { "activations before a pooling", Chain("x = Relu(x);", 3000, "[Conv2d(1, 4, Kernel = 3)] private partial Tensor L(Tensor x);", "1, 8, 8", "MaxPool2d(x, 2)", "x = L(x);") },
    };

    [Theory]
    [MemberData(nameof(Large))]
    public void A_model_of_thousands_of_operations_compiles_in_a_moment(string name, string source)
    {
        ModelDefinition definition = ReaderProbe.Read(source);
        Stopwatch watch = Stopwatch.StartNew();
        Generator.CompiledModel compiled = ModelCompiler.Compile(definition);
        watch.Stop();
        log.WriteLine($"{name}: {definition.Forward.Calls.Count} operations, {compiled.Source.Length / 1000} kB in {watch.ElapsedMilliseconds} ms");

        Assert.Equal([], compiled.Errors.Select(error => $"{error.Id} {string.Join(" | ", error.Arguments)}"));
        Assert.True(watch.Elapsed < Limit, $"{watch.Elapsed}");
        Assert.True(compiled.Source.Length < 4000 * definition.Forward.Calls.Count + 1_000_000, $"{compiled.Source.Length} characters");
    }

    [Theory]
    [InlineData("x = x * Sigmoid(x);", "")]
    [InlineData("x = x * Sigmoid(x) + 0.5f * Tanh(x);", "")]
    [InlineData("x = (x + Transpose(x, 1, 2)) * Sigmoid(x);", "")]
    [InlineData("x = x + Dropout(Tanh(x), 0.2f) - 0.3f * Relu(x);", "x = x * P;")]
    public void A_chain_of_shared_values_computes_what_it_says(string step, string before) =>
        EndToEnd.Verify(Chain(step, 25, "[Parameter(6, 6, Init = Initializer.Normal)] private partial Tensor P { get; }", "6, 6", before: before), seed: 1);

    /// <summary>More values than one kernel takes, so that several hand over to each other, forwards and backwards.</summary>
    [Fact]
    public void A_chain_longer_than_a_kernel_computes_what_it_says() =>
        EndToEnd.Verify(Chain("x = x * Sigmoid(x) + 0.5f;", 200, "[Parameter(7, Init = Initializer.Normal)] private partial Tensor P { get; }", "7", before: "x = x * P;"), seed: 2);

    /// <summary>A value and its transpose, both read through one broadcast: two places in memory.</summary>
    [Fact]
    public void A_value_seen_through_two_chains_of_views_that_end_alike() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net
        {
            [Forward]
            private Tensor Forward([Shape(Batch, 1, 5, 5)] Tensor x, [Shape(Batch, 3, 5, 5)] Tensor y) => y * (x + 2f * Transpose(x, 2, 3));
        }
        """,
        seed: 1);

    private static string Chain(string step, int count, string members = "", string shape = "8", string result = "x", string before = "") => $$"""
        [Model]
        public sealed partial class Net
        {
            {{members}}

            [Forward]
            private Tensor Forward([Shape(Batch, {{shape}})] Tensor x)
            {
                {{before}}
                for (int i = 0; i < {{count}}; i++)
                {
                    {{step}}
                }

                return {{result}};
            }
        }
        """;

    private static string Layers(int count, Func<int, string> layer, Func<int, string> name, string step, string shape = "8") => $$"""
        [Model]
        public sealed partial class Net
        {
            {{string.Join("\n    ", Enumerable.Range(0, count).Select(layer))}}

            [Forward]
            private Tensor Forward([Shape(Batch, {{shape}})] Tensor x)
            {
                {{string.Join("\n        ", Enumerable.Range(0, count).Select(i => $"x = {string.Format(System.Globalization.CultureInfo.InvariantCulture, step, $"{name(i)}(x)")};"))}}
                return x;
            }
        }
        """;
}
