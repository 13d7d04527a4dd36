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
    /// <summary>These take a tenth of it on a machine that does nothing else; what doubled at every step took minutes.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly Dictionary<string, (int Size, Func<int, string> Source)> Models = new()
    {
        ["a chain of functions"] = (2500, size => Chain("x = x * Sigmoid(x);", size)),
        ["a chain of layers"] = (400, size => Layers(size, i => $"[Linear(8)] private partial Tensor L{i}(Tensor x);", "Relu({0})")),
        ["a chain of convolutions"] = (100, size => Layers(size, i => $"[Conv2d(4, 4, Kernel = 3, Padding = 1)] private partial Tensor L{i}(Tensor x);", "Relu({0}) + x", "4, 6, 6")),
        ["one layer again and again"] = (400, size => Chain("x = Tanh(L(x));", size, "[Linear(8)] private partial Tensor L(Tensor x);")),
        ["a norm at every step"] = (400, size => Chain("x = x + 0.1f * Tanh(x - Mean(x, 1, true));", size)),
        ["sums of every step"] = (400, size => Chain("y = y + Sum(x, 0, true); x = x * Sigmoid(x) + 1f;", size, result: "x * y", before: "Tensor y = Sum(x, 0, true);")),
        ["layers of every step"] = (300, size => Chain("y = y + L(x); x = x * Sigmoid(x) + 1f;", size, "[Linear(8)] private partial Tensor L(Tensor x);", result: "y", before: "Tensor y = x;")),
        ["views that double at every step"] = (400, size => Chain("x = (x + Transpose(x, 1, 2)) * 0.5f;", size, shape: "6, 6")),
        ["activations before a pooling"] = (3000, size => Chain("x = Relu(x);", size, "[Conv2d(1, 4, Kernel = 3)] private partial Tensor L(Tensor x);", "1, 8, 8", "MaxPool2d(x, 2)", "x = L(x);")),
        ["dropout at every step"] = (500, size => Chain("x = x + 0.1f * H(x) * H(x);", size, "private Tensor H(Tensor x) => Dropout(x, 0.1f);")),
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_model_of_thousands_of_operations_takes_twice_what_one_of_half_of_them_takes(string name)
    {
        (int size, Func<int, string> source) = Models[name];
        (int half, _) = Compile(source(size / 2));
        (int whole, TimeSpan elapsed) = Compile(source(size));

        Assert.True(elapsed < Limit, $"{elapsed}");
        Assert.True(whole < 2.2 * half, $"{half} characters, then {whole}");
    }

    private (int Characters, TimeSpan Elapsed) Compile(string source)
    {
        ModelDefinition definition = ReaderProbe.Read(source);
        Stopwatch watch = Stopwatch.StartNew();
        Generator.CompiledModel compiled = ModelCompiler.Compile(definition);
        log.WriteLine($"{definition.Forward.Calls.Count} operations, {compiled.Source.Length / 1000} kB in {watch.ElapsedMilliseconds} ms");
        Assert.Equal([], compiled.Errors.Select(error => $"{error.Id} {string.Join(" | ", error.Arguments)}"));
        return (compiled.Source.Length, watch.Elapsed);
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

    private static string Layers(int count, Func<int, string> layer, string step, string shape = "8") => $$"""
        [Model]
        public sealed partial class Net
        {
            {{string.Join("\n    ", Enumerable.Range(0, count).Select(layer))}}

            [Forward]
            private Tensor Forward([Shape(Batch, {{shape}})] Tensor x)
            {
                {{string.Join("\n        ", Enumerable.Range(0, count).Select(i => $"x = {step.Replace("{0}", $"L{i}(x)", StringComparison.Ordinal)};"))}}
                return x;
            }
        }
        """;
}
