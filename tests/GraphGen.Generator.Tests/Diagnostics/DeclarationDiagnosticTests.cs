using GraphGen.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GraphGen.Generator.Tests.Diagnostics;

/// <summary>What can be wrong with the declaration of a model, each with one diagnostic and without follow-on errors.</summary>
public sealed class DeclarationDiagnosticTests
{
    private const string User = """

        public static class User
        {
            public static float Use(float[] x)
            {
                var net = new Net(8, seed: 1);
                _ = net.Forward(x);
                net.RandomState = new RandomState(1, 2);
                IModel model = net;
                Net.Predictor predictor = net.CreatePredictor(maxBatch: 2);
                IPredictor<float> other = predictor;
                IPredictor any = model.CreatePredictor(2);
                return predictor.Predict(x)[0] + other.Predict(x)[0] + any.MaxBatch + predictor.Parameters.Count + net.Predict(x)[0] + net.MaxBatch + (model.Parameters is null ? 1 : 0);
            }
        }
        """;

    private const string Fc = "[Linear(4)] private partial Tensor Fc(Tensor x);";
    private const string Forward = "[Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => Relu(x);";

    [Fact]
    public async Task A_class_that_is_not_partial()
    {
        // The compiler's CS0260 says the same at the same place; its errors about each partial member are gone.
        IReadOnlyList<string> messages = await DiagnosticVerifier.Verify($$"""
            [Model]
            public class {|CS0260:{|GG0001:Net|}|}
            {
                {{Fc}}
                [Parameter(4)] private partial Tensor W { get; }
                [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => Fc(x) + W;
            }
            {{User}}
            """);

        Assert.Equal(["The model 'Net' must be partial, because GraphGen generates the other part of it; add the modifier 'partial'"], messages);
    }

    [Theory]
    [InlineData("public sealed partial record {|GG0002:Net|}", "it is a record")]
    [InlineData("public abstract partial class {|GG0002:Net|}", "it is abstract")]
    [InlineData("file partial class {|GG0002:Net|}", "it is local to its file")]
    [InlineData("public partial class {|GG0002:Net|}<T>", "it is generic")]
    [InlineData("public partial class {|GG0002:Net|} : Named", "it is derived from 'Named'")]
    [InlineData("public partial class {|GG0002:Net|} : OtherNet", "it is derived from 'OtherNet'")]
    [InlineData("public partial struct {|GG0002:Net|}", "it is a struct")]
    [InlineData("public readonly partial struct {|GG0002:Net|}", "it is a struct")]
    [InlineData("public readonly ref partial struct {|GG0002:Net|}", "it is a struct")]
    [InlineData("public partial record struct {|GG0002:Net|}", "it is a record")]
    public async Task A_class_of_the_wrong_kind(string declaration, string message)
    {
        // The members of a file-local class cannot be implemented from elsewhere, so that one gets no layer here.
        string layer = declaration.StartsWith("file", StringComparison.Ordinal) ? "" : Fc;
        IReadOnlyList<string> messages = await DiagnosticVerifier.Verify($$"""
            [Model]
            {{declaration}}
            {
                {{layer}}
                {{Forward}}
            }
            public class Named(string name) { public string Name => name; }
            [Model] public partial class OtherNet { {{Forward}} }
            """);

        Assert.Contains(message, Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_nested_class() => await DiagnosticVerifier.Verify($$"""
        namespace A;
        public static partial class Models
        {
            [Model]
            public sealed partial class {|GG0002:Net|}
            {
                {{Fc}}
                {{Forward}}
            }
            public static Net Make() => new Net(1);
        }
        """);

    [Fact]
    public async Task A_static_class() => await DiagnosticVerifier.Verify("""
        [Model]
        public static partial class {|GG0002:Net|}
        {
            [Forward] private static Tensor Forward([Shape(Batch, 4)] Tensor x) => Relu(x);
        }
        """);

    [Fact]
    public async Task No_forward() => await DiagnosticVerifier.Verify($$"""
        [Model]
        public partial class {|GG0003:Net|}
        {
            {{Fc}}
            [MSELoss] private partial Tensor Loss(Tensor y, [Shape(Batch, 4)] Tensor t);
        }
        {{User}}
        """);

    [Fact]
    public async Task Two_forwards() => await DiagnosticVerifier.Verify($$"""
        [Model]
        public partial class Net
        {
            {{Forward}}
            [Forward] private Tensor {|GG0004:Other|}([Shape(Batch, 4)] Tensor x) => x;
        }
        {{User}}
        """);

    [Fact]
    public async Task Two_losses() => await DiagnosticVerifier.Verify($$"""
        [Model]
        public partial class Net
        {
            {{Forward}}
            [MSELoss] private partial Tensor Loss(Tensor y, [Shape(Batch, 4)] Tensor t);
            [Loss] private Tensor {|GG0005:Other|}(Tensor y, [Shape(Batch, 4)] Tensor t) => Mean(y - t);
        }
        {{User}}
        """);

    [Theory]
    [InlineData("[Forward] private Tensor {|GG0006:Run|}() => null!;", "takes no input")]
    [InlineData("[Forward] private IntTensor {|GG0006:Run|}([Shape(Batch, 4)] Tensor x) => null!;", "does not return a Tensor")]
    [InlineData("[Forward] private Tensor {|GG0006:Run|}([Shape(Batch, 4)] Tensor x, int depth) => x;", "takes 'depth', which is no Tensor or IntTensor")]
    [InlineData("[Forward] private Tensor {|GG0006:Run|}([Shape(Batch, 4)] ref Tensor x) => x;", "takes 'x' by reference")]
    [InlineData("[Forward] private Tensor {|GG0006:Run|}<T>([Shape(Batch, 4)] Tensor x) => x;", "is generic")]
    [InlineData("[Forward] private partial Tensor {|GG0006:Run|}([Shape(Batch, 4)] Tensor x);", "has no body")]
    [InlineData("[Forward] private Tensor Run(Tensor {|GG0007:x|}) => x;", "has no [Shape]")]
    [InlineData("[Forward] private Tensor Run([Shape] Tensor {|GG0007:x|}) => x;", "has the shape []")]
    [InlineData("[Forward] private Tensor Run([Shape(4, Batch)] Tensor {|GG0007:x|}) => x;", "has the shape [4, Batch]")]
    [InlineData("[Forward] private Tensor Run([Shape(Batch, 0)] Tensor {|GG0007:x|}) => x;", "has the shape [Batch, 0]")]
    public async Task A_forward_of_the_wrong_signature(string forward, string message) => await VerifyMembers(forward, message);

    [Theory]
    [InlineData("[Linear(4)] private Tensor {|GG0008:L|}(Tensor x) => x;", "is not partial; write it as '[Linear(...)] private partial Tensor L(Tensor x);'")]
    [InlineData("[Linear(4)] private static partial Tensor {|GG0008:L|}(Tensor x);", "is static")]
    [InlineData("[Linear(4)] private partial Tensor {|GG0008:L|}<T>(Tensor x);", "is generic")]
    [InlineData("[Linear(4)] private partial float {|GG0008:L|}(Tensor x);", "does not return a Tensor")]
    [InlineData("[Linear(4)] private partial Tensor {|GG0008:L|}(Tensor x, Tensor y);", "does not take exactly one Tensor")]
    [InlineData("[Linear(4)] private partial Tensor {|GG0008:L|}(float x);", "does not take a Tensor")]
    [InlineData("[Linear(4)] private partial Tensor {|GG0008:L|}(ref Tensor x);", "takes its input by reference")]
    [InlineData("[Linear(4)] private partial Tensor {|GG0008:L|}(Tensor x); private partial Tensor L(Tensor x) => x;", "has a body")]
    [InlineData("[Parameter(4)] private Tensor {|GG0009:W|} { get; } = null!;", "is not a partial property")]
    [InlineData("[Parameter(4)] private static partial Tensor {|GG0009:W|} { get; }", "is static")]
    [InlineData("[Parameter(4)] private partial Tensor {|GG0009:W|} { get; set; }", "is not get-only")]
    [InlineData("[Parameter(4)] private partial float {|GG0009:W|} { get; }", "is not a Tensor")]
    [InlineData("[Parameter(4, 0)] private partial Tensor {|GG0009:W|} { get; }", "has the shape [4, 0]")]
    [InlineData("[Parameter] private partial Tensor {|GG0009:W|} { get; }", "has the shape []")]
    [InlineData("[Linear(4), Dropout] private partial Tensor {|GG0011:L|}(Tensor x);", "has more than one layer or loss attribute")]
    [InlineData("[Linear(4)] private partial Tensor L(Tensor x); [Linear(4)] private partial Tensor {|GG0013:l|}(Tensor x);", "'l' has the same name in a state dict as 'L'")]
    public async Task A_layer_of_the_wrong_signature(string layer, string message) => await VerifyMembers($"{Forward}\n{layer}", message);

    [Theory]
    [InlineData("[MSELoss] private Tensor {|GG0010:L|}(Tensor y, [Shape(Batch, 4)] Tensor t) => y;", "is not partial")]
    [InlineData("[MSELoss] private partial Tensor {|GG0010:L|}(Tensor y);", "does not take an output and a target")]
    [InlineData("[MSELoss] private partial float {|GG0010:L|}(Tensor y, [Shape(Batch, 4)] Tensor t);", "does not return a Tensor")]
    [InlineData("[MSELoss] private partial Tensor {|GG0010:L|}(Tensor y, [Shape(Batch)] IntTensor t);", "takes another kind of target")]
    [InlineData("[NLLLoss] private partial Tensor {|GG0010:L|}(Tensor y, [Shape(Batch, 4)] Tensor t);", "write it as 'Tensor L(Tensor output, [Shape(Batch)] IntTensor labels)', partial and without a body")]
    [InlineData("[TripletMarginLoss] private partial Tensor {|GG0010:L|}(Tensor y, [Shape(Batch, 4)] Tensor t);", "does not take 'anchor', 'positive' and 'negative'; write it as 'Tensor L(Tensor anchor, [Shape(Batch, ...)] Tensor positive, [Shape(Batch, ...)] Tensor negative)'")]
    [InlineData("[TripletMarginWithDistanceLoss(Distance = \"Far\")] private partial Tensor {|GG0010:L|}(Tensor y, [Shape(Batch, 4)] Tensor p, [Shape(Batch, 4)] Tensor n); private Tensor Far(Tensor a) => a;", "measures by 'Far', which is no method of the model, with a body, that makes a Tensor of two Tensors")]
    [InlineData("[GaussianNLLLoss] private partial Tensor {|GG0010:L|}(Tensor y, [Shape(Batch, 4)] Tensor t);", "does not take an output, a target and 'var'")]
    [InlineData("[BCELoss] private partial Tensor {|GG0010:L|}(Tensor y, [Shape(Batch, 4)] Tensor t, [Shape(Batch, 4)] Tensor size);", "does not take an output and a target")]
    [InlineData("[BCELoss(Weight = new[] { 1f })] private partial Tensor {|GG0010:L|}(Tensor y, [Shape(Batch, 4)] Tensor t, [Shape(4)] Tensor weight);", "takes 'weight', which its attribute gives too")]
    [InlineData("[MSELoss] private partial Tensor L(Tensor y, Tensor {|GG0007:t|});", "has no [Shape]")]
    [InlineData("[Loss] private partial Tensor {|GG0010:L|}(Tensor y, [Shape(Batch, 4)] Tensor t);", "has no body")]
    [InlineData("[Loss] private Tensor {|GG0010:L|}() => null!;", "takes no output of the model")]
    [InlineData("[MSELoss] private partial Tensor {|GG0010:L|}(Tensor y, [Shape(Batch, 4)] Tensor x);", "calls a target 'x' as the [Forward] method calls an input")]
    [InlineData("[Loss] private Tensor {|GG0010:L|}(IntTensor y) => null!;", "does not take the model's output")]
    public async Task A_loss_of_the_wrong_signature(string loss, string message) => await VerifyMembers($"{Forward}\n{loss}", message);

    [Theory]
    [InlineData("public int {|GG0012:MaxBatch|} => 3;", "'MaxBatch'")]
    [InlineData("public object {|GG0012:Parameters|} = new();", "'Parameters'")]
    [InlineData("public long {|GG0012:RandomState|} { get; set; }", "'RandomState'")]
    [InlineData("public void {|GG0012:Backward|}() { }", "'Backward'")]
    [InlineData("public ReadOnlySpan<float> {|GG0012:Predict|}(ReadOnlySpan<float> x) => x;", "'Predict'")]
    [InlineData("public override string {|GG0012:ToString|}() => \"\";", "'ToString'")]
    [InlineData("public {|GG0012:Net|}(int a, long b) { }", "the constructor 'Net(int, long)'")]
    [InlineData("public int {|GG0012:Parameters|}(int depth) => depth;", "'Parameters'")]
    [InlineData("public sealed class {|GG0012:Predict|} { }", "'Predict'")]
    [InlineData("public sealed class {|GG0012:Predictor|} { }", "'Predictor'")]
    [InlineData("private int {|GG0012:Predictor|}() => 1;", "'Predictor'")]
    [InlineData("[Linear(4)] private partial Tensor {|GG0012:Predictor|}(Tensor x);", "'Predictor'")]
    [InlineData("public object {|GG0012:CreatePredictor|}(int capacity) => capacity;", "'CreatePredictor'")]
    [InlineData("public int {|GG0012:CreatePredictor|} => 3;", "'CreatePredictor'")]
    public async Task A_member_that_is_generated(string member, string message)
    {
        IReadOnlyList<string> messages = await DiagnosticVerifier.Verify($$"""
            [Model]
            public partial class Net
            {
                {{Forward}}
                {{member}}
            }
            """);

        Assert.Contains(message, Assert.Single(messages), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public virtual ReadOnlySpan<float> Predict(ReadOnlySpan<float> x) => x;", "'Classifier.Predict'")]
    [InlineData("public int MaxBatch => 3;", "'Classifier.MaxBatch'")]
    [InlineData("public sealed override string ToString() => \"\";", "'Classifier.ToString'")]
    public async Task A_member_of_a_base_class_that_is_generated(string member, string message)
    {
        IReadOnlyList<string> messages = await DiagnosticVerifier.Verify($$"""
            public abstract class Classifier { {{member}} }

            [Model]
            public partial class {|GG0012:Net|} : Classifier
            {
                {{Forward}}
            }
            """);

        Assert.Contains(message, Assert.Single(messages), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Predict")]
    [InlineData("Predictor")]
    public async Task A_class_called_as_a_generated_member(string name) => await DiagnosticVerifier.Verify($$"""
        [Model]
        public partial class {|GG0012:{{name}}|}
        {
            [Forward] private Tensor Run([Shape(Batch, 4)] Tensor x) => Relu(x);
        }
        """);

    [Fact]
    public async Task The_API_of_a_failed_model_with_a_loss_is_there() => await DiagnosticVerifier.Verify("""
        [Model]
        public partial class Net
        {
            [Forward] private Tensor Run([Shape(Batch, 4)] Tensor x, [Shape(Batch, 4)] Tensor y) => {|GG1004:MatMul(Sum(x), y)|};
            [CrossEntropyLoss] private partial Tensor Loss(Tensor y, [Shape(Batch)] IntTensor t);
        }

        public static class User
        {
            public static float Use(float[] x, int[] t)
            {
                var net = new Net(8);
                Net.Predictor predictor = net.CreatePredictor(2);
                IPredictor shared = predictor;
                net.Forward(x, x);
                net.Loss(t);
                net.Backward();
                return predictor.Evaluate(x, x, t) + predictor.Predict(x, x)[0] + net.Evaluate(x, x, t) + net.LossValues[0] + shared.MaxBatch;
            }
        }
        """);

    [Fact]
    public async Task Overloads_of_generated_methods_are_free() => await DiagnosticVerifier.Verify($$"""
        public interface IClassifier { ReadOnlySpan<float> Predict(ReadOnlySpan<float> x); }
        public abstract class Named { public virtual string Describe() => ToString()!; public override string ToString() => "named"; private int MaxBatch => 3; }

        [Model]
        public partial class Net : Named, IClassifier
        {
            {{Forward}}
            public float Predict(ReadOnlySpan<byte> x) => x[0];
            public float Predict<T>(ReadOnlySpan<float> x) => x[0];
            public float Predict(in ReadOnlySpan<float> x) => x[0];
            public int CreatePredictor() => 1;
            public int CreatePredictor(string name) => name.Length;
            public int CreatePredictor(int maxBatch, int count) => maxBatch * count;
            public int CreatePredictor<T>(int maxBatch) => maxBatch;
            public string ToString(string format) => format;
            ReadOnlySpan<float> IClassifier.Predict(ReadOnlySpan<float> x) => Predict(x);
        }
        """);

    [Fact]
    public async Task A_primary_constructor() => await DiagnosticVerifier.Verify($$"""
        #pragma warning disable CS9113
        [Model]
        public partial class {|GG0012:Net|}(int depth)
        {
            {{Forward}}
        }
        """);

    [Fact]
    public async Task Attributes_that_do_not_compile_are_left_to_the_compiler()
    {
        var diagnostics = await DiagnosticVerifier.Diagnose($$"""
            [Model]
            public partial class Net
            {
                [Linear] private partial Tensor A(Tensor x);
                [Linear(missing)] private partial Tensor B(Tensor x);
                [Parameter("4")] private partial Tensor C { get; }
                [Forward] private Tensor Forward([Shape(oops)] Tensor x) => A(B(x)) + C;
            }
            """);

        Assert.Equal(4, diagnostics.Count);
        Assert.All(diagnostics, diagnostic => Assert.StartsWith("CS", diagnostic.Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_repeated_attribute_is_left_to_the_compiler()
    {
        var diagnostics = await DiagnosticVerifier.Diagnose($$"""
            [Model] public partial class Net { {{Forward}} }
            [Model] public partial class Net { }
            """);

        Assert.Equal("CS0579", Assert.Single(diagnostics).Id);
    }

    [Fact]
    public async Task Pragmas_reach_the_generators_diagnostics()
    {
        var diagnostics = await DiagnosticVerifier.Diagnose("""
            #pragma warning disable GG0003
            [Model] public partial class Net { }
            """);

        Assert.True(Assert.Single(diagnostics).IsSuppressed);
        Assert.NotEqual(LocationKind.ExternalFile, diagnostics[0].Location.Kind);
    }

    [Fact]
    public async Task A_member_that_only_a_loss_would_generate_is_free_without_one() => await DiagnosticVerifier.Verify($$"""
        [Model]
        public partial class Net
        {
            {{Forward}}
            public float Loss(ReadOnlySpan<float> output) => output[0];
            public Tensor Backward(Tensor x) => x;
        }
        """);

    [Theory]
    [InlineData("public {|GG0016:Net|}(string name) => Name = name;", "'Net(string)'")]
    [InlineData("public {|GG0016:Net|}(string name) : base() { }", "'Net(string)'")]
    [InlineData("private {|GG0016:Net|}() { } public Net(string name) : this() { }", "'Net()'")]
    public async Task A_constructor_that_goes_past_the_generated_one(string constructor, string message)
    {
        IReadOnlyList<string> messages = await DiagnosticVerifier.Verify($$"""
            [Model]
            public partial class Net
            {
                public string? Name { get; set; }
                {{Forward}}
                {{constructor}}
            }
            {{User}}
            """);

        Assert.Contains(message, Assert.Single(messages), StringComparison.Ordinal);
        Assert.Contains(": this(maxBatch, seed)", messages[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Constructors_that_lead_to_the_generated_one_are_free() => await DiagnosticVerifier.Verify($$"""
        [Model]
        public partial class Net
        {
            private static readonly int Most;
            static Net() { Most = 8; }
            public Net(string name) : this(Most, seed: 7) { Name = name; }
            public Net() : this("net") { }
            public string? Name { get; }
            {{Forward}}
        }
        public static class Others { public static Net Make() => new Net(); }
        {{User}}
        """);

    [Theory]
    [InlineData("class", "")]
    [InlineData("struct", "")]
    [InlineData("class", "[MSELoss] private partial Tensor Loss(Tensor y, [Shape(Batch, 4)] Tensor t);")]
    public async Task A_class_with_layers_that_is_not_marked(string kind, string loss)
    {
        IReadOnlyList<string> messages = await DiagnosticVerifier.Verify($$"""
            public partial {{kind}} {|GG0017:Net|}
            {
                {{Fc}}
                [Parameter(4)] private partial Tensor W { get; }
                [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => Relu(Fc(x)) + W;
                {{loss}}
            }
            {{User}}
            """);

        Assert.Equal(["'Net' declares 'Fc' with [Linear], but is not marked [Model], so nothing is generated for it; mark it [Model]"], messages);
    }

    [Fact]
    public async Task A_class_with_layers_in_two_files_that_is_not_marked_is_reported_once()
    {
        var diagnostics = await DiagnosticVerifier.Diagnose(
            $"public partial class Net {{ {Fc} }}",
            $"public partial class Net {{ {Forward} }}",
            $"[Model] public partial class Other {{ {Fc} }}",
            "public partial class Other { [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => Fc(x); }");

        Assert.Equal("GG0017", Assert.Single(diagnostics).Id);
    }

    [Fact]
    public async Task Attributes_of_the_same_name_are_not_layers() => await DiagnosticVerifier.Verify("""
        public sealed class ParameterAttribute : Attribute;
        public sealed class View
        {
            [Parameter] public int Width { get; set; }
        }
        """);

    [Theory]
    [InlineData("{|GG0018:Conv2d(1, 8)|}", "[Conv2d(1, 8, Kernel = 3)]")]
    [InlineData("{|GG0018:Conv2d(8, Stride = 2)|}", "[Conv2d(8, Stride = 2, Kernel = 3)]")]
    public async Task A_layer_that_lacks_an_option(string attribute, string message)
    {
        IReadOnlyList<string> messages = await DiagnosticVerifier.Verify($$"""
            [Model]
            public partial class Net
            {
                [{{attribute}}] private partial Tensor Conv(Tensor x);
                [Forward] private Tensor Forward([Shape(Batch, 1, 28, 28)] Tensor x) => Relu(Conv(x));
            }
            """);

        Assert.Contains("'Kernel'", Assert.Single(messages), StringComparison.Ordinal);
        Assert.Contains(message, messages[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_of_an_older_CSharp_gets_one_error()
    {
        string[] sources =
        [
            $"[Model] public partial class Net {{ {Fc} [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => Fc(x); }} {User}",
            $"[Model] public partial class Wrong {{ [Forward] private Tensor Forward(Tensor x) => x; }}",
        ];
        Diagnostic diagnostic = Assert.Single(await DiagnosticVerifier.Diagnose(LanguageVersion.CSharp12, sources));

        Assert.Equal("GG0014", diagnostic.Id);
        Assert.Contains("C# 13.0", diagnostic.GetMessage(), StringComparison.Ordinal);
        Assert.Contains("C# 12.0", diagnostic.GetMessage(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_of_an_older_CSharp_with_a_raw_parameter_gets_one_error_of_ours_and_the_compilers_about_partial_properties()
    {
        var diagnostics = await DiagnosticVerifier.Diagnose(
            LanguageVersion.CSharp12,
            "[Model] public partial class Net { [Parameter(4)] private partial Tensor W { get; } [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => x + W; }");

        // In a build the package's targets stop before the compiler speaks.
        Assert.Equal(["GG0014", "CS8703"], diagnostics.Select(diagnostic => diagnostic.Id).Distinct());
        Assert.Single(diagnostics, diagnostic => diagnostic.Id == "GG0014");
    }

    [Fact]
    public async Task A_project_of_an_older_CSharp_without_models_is_left_alone() =>
        Assert.Empty(await DiagnosticVerifier.Diagnose(LanguageVersion.CSharp12, "public static class Nothing;"));

    [Fact]
    public async Task A_model_that_is_no_class_is_left_to_the_compiler()
    {
        var diagnostics = await DiagnosticVerifier.Diagnose("[Model] public partial interface INet { }");

        Assert.Equal("CS0592", Assert.Single(diagnostics).Id);
    }

    private static async Task VerifyMembers(string members, string message)
    {
        IReadOnlyList<string> messages = await DiagnosticVerifier.Verify($$"""
            [Model]
            public partial class Net
            {
                {{members}}
            }
            """);

        Assert.Contains(message, Assert.Single(messages), StringComparison.Ordinal);
    }
}
