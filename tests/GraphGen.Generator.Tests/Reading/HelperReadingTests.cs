using GraphGen.Generator.Read;
using GraphGen.Generator.Tests.Harness;

namespace GraphGen.Generator.Tests.Reading;

/// <summary>Helper methods are read as if they stood in the model, wherever their source is in the project.</summary>
public sealed class HelperReadingTests
{
    [Fact]
    public void Static_and_extension_methods_are_inlined() => ReaderProbe.AssertBody(
        """
        (Tensor a, Tensor b) = x.Block(2).Halves();
        return Blocks.Residual(a + b);
        """,
        """
        %1 = Relu(input: %0)
        %2 = Multiply(left: %1, right: 2)
        %3 = Exp(input: %2)
        %4 = Log(input: %2)
        %5 = Add(left: %3, right: %4)
        %6 = Relu(input: %5)
        %7 = Multiply(left: %6, right: 6)
        %8 = Add(left: %5, right: %7)
        return %8
        """,
        elsewhere: """
            public static partial class Blocks
            {
                private const int Width = 3;
                public static Tensor Block(this Tensor x, int scale = 1) => Relu(x) * scale;
                public static (Tensor, Tensor) Halves(this Tensor x) => (Exp(x), Log(x));
            }
            public static partial class Blocks
            {
                public static Tensor Residual(Tensor x)
                {
                    return x + Inner(x);
                    Tensor Inner(Tensor t) => t.Block(Twice(Width));
                }
                private static int Twice(int value) => value * 2;
            }
            """);

    [Fact]
    public void Methods_of_base_classes_are_inlined_and_overrides_resolved()
    {
        // In files of their own, and generic: what runs is what C# would run.
        ModelReading reading = Assert.Single(ReaderProbe.ReadAll(
            """
            [Model]
            public sealed partial class Net : Middle<int>
            {
                [Linear(3)] protected override partial Tensor Head(Tensor x);
                [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => Network(x, 5);
                protected override Tensor Activation(Tensor x) => Tanh(base.Activation(x));
            }
            """,
            """
            public abstract class Middle<T> : Root<T>
            {
                protected override Tensor Activation(Tensor x) => Relu(base.Activation(x));
                protected override int Steps() => 2;
            }
            """,
            """
            public abstract class Root<T>
            {
                protected Tensor Network(Tensor x, T unused)
                {
                    for (int i = 0; i < Steps(); i++) { x = this.Activation(x); }
                    return Head(Static(x));
                }
                protected static Tensor Static(Tensor x) => Exp(x);
                protected virtual Tensor Activation(Tensor x) => Abs(x);
                protected virtual int Steps() => 100;
                protected abstract Tensor Head(Tensor x);
            }
            """));

        Assert.Empty(reading.Diagnostics);
        Assert.Equal(
            ["Abs", "Relu", "Tanh", "Abs", "Relu", "Tanh", "Exp", "Linear"],
            reading.Model!.Forward.Calls.Select(call => call.Operation));
        Assert.Equal("Model2.cs", reading.Positions[reading.Model.Forward.Calls[0].Position].FilePath);
    }

    [Fact]
    public async Task What_is_wrong_in_a_helper_is_reported_there()
    {
        const string Helpers = """
            public static class Helpers
            {
                public static Tensor Loop(Tensor x) { while (true) { } }
                public static Tensor Sum3(this Tensor x) => Sum(x, 3);
                public static Tensor Again(Tensor x) => Again(x);
            }
            """;
        Assert.Equal(["GG1005 Model1.cs Sum(x, 3)"], await Places("x.Sum3()"));
        Assert.Equal(["GG0020 Model1.cs while"], await Places("Helpers.Loop(x)"));
        Assert.Equal(["GG0025 Model1.cs Again(x)"], await Places("Helpers.Again(x)"));

        async Task<IEnumerable<string>> Places(string call)
        {
            var diagnostics = await DiagnosticVerifier.Diagnose(
                $$"""
                [Model] public partial class Net { [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => {{call}}; }
                """,
                Helpers);
            return diagnostics.Select(diagnostic =>
                $"{diagnostic.Id} {diagnostic.Location.SourceTree!.FilePath} {diagnostic.Location.SourceTree.GetText().ToString(diagnostic.Location.SourceSpan)}");
        }
    }
}
