using GraphGen.Generator.Compile;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Tests.Compiler.RandomModels;
using GraphGen.Generator.Tests.Harness;

namespace GraphGen.Generator.Tests.Compiler;

/// <summary>What bodies compute, to the bit, when the C# in them is more than operations: the generated code, run.</summary>
public sealed class BodyValueTests
{
    private static readonly float[] Input = [0.3f, -1.7f, 2, 1e-3f];

    [Fact]
    public void Doubles_are_the_floats_nearest_to_them()
    {
        Assert.Equal(Input.Select(x => x * 0.1f), Predict("x * 0.1"));
        Assert.Equal(Input.Select(x => (float)(1.0 / 3) - x), Predict("1.0 / 3 - x"));
        Assert.Equal(Input.Select(x => Math.Max(x, 0.7f)), Predict("Maximum(x, 0.7)"));
        Assert.Equal(Input.Select(x => x + 16777216f), Predict("x + 16777217L"));
    }

    [Fact]
    public void Helpers_patterns_and_arrays_compute_what_csharp_would() => Assert.Equal(
        Input.Select(x => (x * 2) + (x * 4) + (x * 8) + Math.Abs(x)),
        Predict(
            "Powers(x, 3).Total() + Pick(x, Mode)",
            members: """
                private const int Mode = 3;
                private Tensor Pick(Tensor x, int mode) => mode is 2 or 3 ? Head(x) : x;
                private static Tensor[] Powers(Tensor x, int count)
                {
                    Tensor[] l = new Tensor[count];
                    for (int i = 0; i < count; i++)
                    {
                        l[i] = (i == 0 ? x : l[i - 1]) * 2;
                    }
                    return l;
                }
                """,
            elsewhere: """
                public abstract class Base { protected Tensor Head(Tensor x) => Abs(x); }
                public static class Helpers
                {
                    public static Tensor Total(this Tensor[] parts)
                    {
                        Tensor sum = parts[0];
                        for (int i = 1; i < parts.Length; i++) { sum += parts[i]; }
                        return sum;
                    }
                }
                """));

    /// <summary>Training too: gradients through helpers in other classes, arrays, and samples that are made rows.</summary>
    [Fact]
    public void Helpers_elsewhere_are_trained_through() => EndToEnd.Verify(
        """
        [Model]
        public sealed partial class Net : Base
        {
            [Linear(6)] private partial Tensor First(Tensor x);
            [Linear(4)] protected override partial Tensor Output(Tensor x);
            [Forward] private Tensor Forward([Shape(Batch, 2, 3, 5)] Tensor x) => Head(First(x).Blend(3));
            [CrossEntropyLoss(LabelSmoothing = 0.1)] private partial Tensor Loss(Tensor y, [Shape(Batch)] IntTensor labels);
        }
        public abstract class Base
        {
            protected Tensor Head(Tensor x) => Output(Reshape(x, Batch, -1));
            protected abstract Tensor Output(Tensor x);
        }
        public static class Helpers
        {
            public static Tensor Blend(this Tensor x, int count)
            {
                Tensor[] parts = new Tensor[count];
                for (int i = 0; i < count; i++)
                {
                    parts[i] = i switch { 0 => x, > 0 and < 2 => Tanh(x), _ => Sigmoid(parts[i - 1] * 0.7) };
                }
                return parts[0] / 3.0 + parts[1] - parts[^1];
            }
        }
        """,
        seed: 1);

    private static float[] Predict(string expression, string members = "", string elsewhere = "public abstract class Base;")
    {
        string source = $$"""
            [Model]
            public sealed partial class Net : Base
            {
                {{members}}
                [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => {{expression}};
            }
            {{elsewhere}}
            """;
        ModelDefinition definition = ReaderProbe.Read(source);
        return RandomModels.CompiledModel.Compile(source, Typing.Apply(definition)).New(maxBatch: 1, seed: 1).Predict([Input])[0];
    }
}
