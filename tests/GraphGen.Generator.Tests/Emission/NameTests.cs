using System.Globalization;
using System.Reflection;
using GraphGen.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Tests.Emission;

/// <summary>Whatever users call their things, the generated code compiles without a warning and means its own by its names.</summary>
public sealed class NameTests
{
    private const string Fc = "[Linear(4)] private partial Tensor Fc(Tensor x);";
    private const string Forward = "[Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => Dropout(Relu(Fc(x)), 0.5f);";
    private const string Loss = "[CrossEntropyLoss] private partial Tensor Loss(Tensor y, [Shape(Batch)] IntTensor t);";

    [Theory]
    [InlineData("private readonly int _training, _inference, _seed, _step, _stage = 1, _samples, _lossSamples, _lossSamples2; public int Sum => _training + _inference + _seed + _step + _stage + _samples + _lossSamples + _lossSamples2;")]
    [InlineData("private readonly int _predictor, _trainingUse, _inferenceUse; public int turn => _predictor + _trainingUse + _inferenceUse; public struct ExclusiveUse { } public struct Turn { } public interface IPredictor { }")]
    [InlineData("public struct Pass { } public void TrainingPass() { } public int InferencePass => 3; public const int RunForward = 1;")]
    [InlineData("public void BackwardFromOutput() { } public void BackwardFromOutput2() { }")]
    [InlineData("public sealed class Guard { } public int Math => 1; public int WorkerPool() => 2; public enum Vector512 { } public enum Avx512Simd { } public enum TrainingStage { None }")]
    [InlineData("public int System => 1; public int GraphGen => 2; public int ReadOnlySpan => 3; public int AlignedBuffer => 4; public int SimdTarget => 5;")]
    [InlineData("public sealed class ParameterBlock { } public sealed class ParameterSpec { } public sealed class MethodImplAttribute : Attribute { } public sealed class Tensor2 { } public sealed class InvalidOperationException { }")]
    [InlineData("public int n => 1; public int pass => 2; public int maxBatch => 3; public int seed => 4; public int i => 5; public int xPointer => 6; public int accumulate => 7; public int outputGradient => 8; public string nameof(object o) => \"\";")]
    [InlineData("public int FcForward => 1; public void FcWeight() { } public int NetKernels => 2;")]
    public void Members_of_the_class(string members) => Compile($$"""
        [Model]
        public sealed partial class Net
        {
            {{Fc}}
            {{Forward}}
            {{Loss}}
            {{members}}
        }
        """);

    [Fact]
    public void Members_of_a_base_class() => Compile($$"""
        public abstract class Named
        {
            protected int _training, _seed, _stage;
            protected void BackwardFromOutput() { }
            protected class Guard { }
        }

        [Model]
        public sealed partial class Net : Named
        {
            {{Fc}}
            {{Forward}}
            {{Loss}}
        }
        """);

    [Theory]
    [InlineData("n")]
    [InlineData("pass")]
    [InlineData("state")]
    [InlineData("task")]
    [InlineData("i")]
    [InlineData("arena")]
    [InlineData("accumulate")]
    [InlineData("outputGradient")]
    [InlineData("output")]
    [InlineData("values")]
    [InlineData("key")]
    [InlineData("fc")]
    [InlineData("fcWeight")]
    [InlineData("_seed")]
    [InlineData("_predictor")]
    [InlineData("_inference")]
    [InlineData("_inferenceUse")]
    [InlineData("turn")]
    [InlineData("Predictor")]
    [InlineData("CreatePredictor")]
    [InlineData("_stage")]
    [InlineData("_1")]
    [InlineData("__")]
    [InlineData("MaxBatch")]
    [InlineData("Parameters")]
    [InlineData("Fc")]
    [InlineData("Guard")]
    [InlineData("Pass")]
    [InlineData("Math")]
    [InlineData("System")]
    [InlineData("TIsa")]
    [InlineData("yPointer")]
    [InlineData("@class")]
    [InlineData("@fixed")]
    [InlineData("@this")]
    [InlineData("var")]
    [InlineData("value")]
    [InlineData("field")]
    [InlineData("större")]
    [InlineData("入力")]
    public void Inputs_and_targets(string name)
    {
        Compile($$"""
            [Model]
            public sealed partial class Net
            {
                [Linear(4)] private partial Tensor Fc(Tensor x);
                [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor {{name}}, [Shape(Batch, 4)] Tensor y) => Relu(this.Fc({{name}})) + y;
                {{Loss}}
            }
            """);
        Compile($$"""
            [Model]
            public sealed partial class Net
            {
                {{Fc}}
                {{Forward}}
                [MSELoss] private partial Tensor Loss(Tensor y, [Shape(Batch, 4)] Tensor {{name}});
            }
            """);
    }

    [Theory]
    [InlineData("x", "X")]
    [InlineData("x", "_x")]
    [InlineData("x", "xPointer")]
    [InlineData("xInput", "x")]
    [InlineData("@class", "Class")]
    public void Two_inputs_of_similar_names_are_two(string first, string second)
    {
        Assembly assembly = Compile($$"""
            [Model]
            public sealed partial class Net
            {
                [Forward] private Tensor Forward([Shape(Batch, 1)] Tensor {{first}}, [Shape(Batch, 1)] Tensor {{second}}) => {{first}} - {{second}} * 10f;
            }

            public static class User
            {
                public static float Run() => new Net(1).Forward([1f], [2f])[0] + new Net(1).Predict([1f], [2f])[0];
            }
            """);

        Assert.Equal(-38f, assembly.GetType("User")!.GetMethod("Run")!.Invoke(null, null));
    }

    [Theory]
    [InlineData("Run")]
    [InlineData("Pass")]
    [InlineData("N")]
    [InlineData("Key")]
    [InlineData("Values")]
    [InlineData("Gradients")]
    [InlineData("Accumulate")]
    [InlineData("Output")]
    [InlineData("OutputGradient")]
    [InlineData("X")]
    [InlineData("XInput")]
    [InlineData("Fc")]
    [InlineData("Guard")]
    [InlineData("Math")]
    [InlineData("Span")]
    [InlineData("Vector512")]
    [InlineData("WorkerPool")]
    [InlineData("TVector")]
    [InlineData("GraphGen")]
    [InlineData("_training")]
    [InlineData("_predictor")]
    [InlineData("IPredictor")]
    [InlineData("_1")]
    [InlineData("MaxBatch2")]
    [InlineData("NetKernels")]
    [InlineData("GetHashCode")]
    [InlineData("@event")]
    [InlineData("@await")]
    [InlineData("@required")]
    [InlineData("Schicht_ä")]
    public void Layers_and_raw_parameters(string name)
    {
        Compile($$"""
            [Model]
            public sealed partial class Net
            {
                [Linear(4)] private partial Tensor {{name}}(Tensor x);
                [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => Dropout(Relu({{name}}(x)), 0.5f);
                {{Loss}}
            }
            """);
        if (name is not "GetHashCode")
        {
            Compile($$"""
                [Model]
                public sealed partial class Net
                {
                    [Parameter(4)] private partial Tensor {{name}} { get; }
                    [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => Dropout(Relu(x * {{name}}), 0.5f);
                    {{Loss}}
                }
                """);
        }
    }

    [Theory]
    [InlineData("Fc", "_fc")]
    [InlineData("Fc", "FcWeight")]
    [InlineData("Fc", "FcGradient")]
    [InlineData("Fc", "FcForward")]
    [InlineData("Fc", "XInput")]
    [InlineData("Fc", "Fc2")]
    [InlineData("Forward1", "Forward2")]
    public void Two_layers_of_similar_names(string first, string second) => Compile($$"""
        [Model]
        public sealed partial class Net
        {
            [Linear(4)] private partial Tensor {{first}}(Tensor x);
            [Linear(4)] private partial Tensor {{second}}(Tensor x);
            [Parameter(4)] private partial Tensor {{first}}Weight2 { get; }
            [Parameter(4)] private partial Tensor {{first}}BiasGradient { get; }
            [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => {{first}}(Relu({{second}}(x * {{first}}Weight2) + {{first}}BiasGradient));
            {{Loss}}
        }
        """);

    [Fact]
    public void Layers_named_as_the_memory_of_kernels() => Compile($$"""
        [Model]
        public sealed partial class Net
        {
            [Conv2d(1, 8, Kernel = 3)] private partial Tensor Conv(Tensor x);
            [Linear(4)] private partial Tensor ConvForwardPackedWeight(Tensor x);
            [Linear(4)] private partial Tensor ConvWinners(Tensor x);
            [Linear(4)] private partial Tensor ConvWeightGradientBackwardPartial(Tensor x);
            [Forward] private Tensor Forward([Shape(Batch, 1, 8, 8)] Tensor x) =>
                ConvWeightGradientBackwardPartial(ConvForwardPackedWeight(ConvWinners(Flatten(MaxPool2d(Relu(Conv(x)), 2)))));
            {{Loss}}
        }
        """);

    [Theory]
    [InlineData("namespace GraphGen;", "public static class Guard { } public static class WorkerPool { } public static class Generated2 { }")]
    [InlineData("namespace GraphGen.Something;", "public static class Guard { } public static class Math { }")]
    [InlineData("namespace My.GraphGen.System;", "public static class Vector512 { } public static class Vector256 { } public static class Avx2Simd { } public static class Span { } public static class ReadOnlySpan { } public interface ISimd { }")]
    [InlineData("namespace My;", "public static class Parameter { } public sealed class ParameterBlock { } public sealed class ParameterSpec { } public sealed class AlignedBuffer { } public struct Pass { } public enum TrainingStage { } public static class SimdTarget { } public struct ExclusiveUse { } public interface IPredictor { } public interface IModel { } public class Predictor { }")]
    [InlineData("namespace My;", "public sealed class MethodImplAttribute : Attribute { } public sealed class MethodImpl : Attribute { } public static class Unsafe { } public static class MemoryMarshal { } public static class SimdMath { } public static class Transposition { } public static class ArgumentOutOfRangeException { }")]
    [InlineData("", "public static class Guard { } public static class Math { } public struct Pass { } public static class NetKernels { } public static class WorkerPool { }")]
    [InlineData("namespace @class.@event.record;", "")]
    [InlineData("namespace Net;", "")]
    public void Namespaces_and_their_types(string space, string types) => Compile($$"""
        {{space}}

        [Model]
        public sealed partial class Net
        {
            {{Fc}}
            {{Forward}}
            {{Loss}}
        }

        {{types}}
        """);

    [Theory]
    [InlineData("@class")]
    [InlineData("@record")]
    [InlineData("@await")]
    [InlineData("@required")]
    [InlineData("@file")]
    [InlineData("Guard")]
    [InlineData("Pass")]
    [InlineData("Tensor2")]
    [InlineData("_training")]
    [InlineData("ExclusiveUse")]
    [InlineData("BackwardFromOutput")]
    [InlineData("Netz_ä")]
    public void Names_of_the_class(string name) => Compile($$"""
        [Model]
        internal sealed partial class {{name}}
        {
            {{Fc}}
            {{Forward}}
            {{Loss}}
        }
        """);

    [Fact]
    public void Models_whose_names_differ_in_case_alone_have_files_of_their_own() => Compile(string.Join("\n", new[] { "A", "a" }.SelectMany(space => new[] { "Net", "net", "NET" }.Select(name => $$"""
        namespace {{space}}
        {
            #pragma warning disable CS8981
            [Model]
            public sealed partial class {{name}}
            {
                {{Fc}}
                {{Forward}}
                {{Loss}}
            }
        }
        """))));

    /// <summary>The assembly of a source whose generated code compiles without a warning.</summary>
    private static Assembly Compile(string source)
    {
        (GeneratorDriverRunResult result, Compilation compilation) = TestCompilation.RunGenerator(
            TestCompilation.Create(source).WithAssemblyName("Names" + Guid.NewGuid().ToString("n", CultureInfo.InvariantCulture)));
        Assert.Null(result.Results[0].Exception);
        using MemoryStream image = new();
        IEnumerable<string> found = result.Diagnostics.Concat(compilation.Emit(image).Diagnostics)
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && diagnostic.Location.SourceTree?.FilePath != "Model0.cs")
            .Select(diagnostic => $"{diagnostic} at: {diagnostic.Location.SourceTree?.GetText().Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line]}");
        Assert.True(!found.Any(), string.Join("\n", found.Take(5)));
        return Assembly.Load(image.ToArray());
    }
}
