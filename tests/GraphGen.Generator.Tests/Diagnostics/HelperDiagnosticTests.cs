using GraphGen.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GraphGen.Generator.Tests.Diagnostics;

/// <summary>Calls that leave the model, and layers that are written as in PyTorch.</summary>
public sealed class HelperDiagnosticTests
{
    [Fact]
    public async Task Helpers_outside_the_model_bring_no_diagnostics() => await DiagnosticVerifier.Verify("""
        public static class Helpers
        {
            public static Tensor Block(this Tensor x) => Relu(x) * 0.5 + 1;
        }
        public abstract class Base
        {
            protected Tensor Head(Tensor x) => Softmax(x.Block());
        }
        [Model]
        public partial class Net : Base
        {
            [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => Head(x.Block());
        }
        """);

    [Fact]
    public async Task Methods_of_other_objects_and_without_a_body_are_refused() => await DiagnosticVerifier.Verify("""
        public interface IActivation { static abstract Tensor Apply(Tensor x); }
        public class Helper { public Tensor Block(Tensor x) => Relu(x); }
        [Model]
        public partial class Net
        {
            private readonly Helper _helper = new();
            [Linear(4)] private partial Tensor Fc(Tensor x);
            private static Tensor Of<T>(Tensor x) where T : IActivation => {|GG0034:T.Apply(x)|};
            [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => Of<IActivationOfRelu>({|GG0034:_helper.Block(x)|}) + Of<IActivationOfRelu>(x);
            private sealed class IActivationOfRelu : IActivation { public static Tensor Apply(Tensor x) => Relu(x); }
        }
        """);

    [Fact]
    public async Task A_helper_of_a_library_is_refused() => await DiagnosticVerifier.Verify("""
        [Model]
        public partial class Net
        {
            [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => x;
            [Loss] private Tensor Loss(Tensor y, [Shape(Batch, 4)] Tensor t) => Sum({|GG0034:Activator.CreateInstance<Tensor>()|} * y);
        }
        """);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_helper_of_another_assembly_is_one_message(bool isCompiled)
    {
        CSharpCompilation library = TestCompilation.Create("""
            public static class Library { public static Tensor Block(this Tensor x) => Relu(x); }
            public class LibraryBase { protected Tensor Twice(Tensor x) => x * 2; }
            """).WithAssemblyName("Shared");
        using MemoryStream image = new();
        Assert.True(library.Emit(image).Success);

        // An editor refers to a project of the same solution by its compilation, whose syntax trees are not this one's.
        MetadataReference reference = isCompiled ? MetadataReference.CreateFromImage(image.ToArray()) : library.ToMetadataReference();
        IReadOnlyList<string> messages = await DiagnosticVerifier.Verify(
            """
            [Model]
            public partial class Net : LibraryBase
            {
                [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => {|GG0045:x.Block()|} + {|GG0045:Twice(x)|};
            }
            """,
            reference);

        Assert.Equal("The method 'Library.Block' cannot be read because its source is not in this project but in 'Shared'; add its file to this project", messages[0]);
    }

    [Theory]
    [InlineData(
        "private readonly {|CS0246:{|GG0046:Linear|}|} _fc = new {|CS0246:Linear|}(4, 3);",
        "'Linear' is not an object that is created and stored: a layer is an annotated partial method; write '[Linear(4, 3)] private partial Tensor Fc(Tensor x);'")]
    [InlineData(
        "private {|CS0246:{|GG0046:Conv2d|}|} Conv { get; } = new(8, kernel: 3);",
        "write '[Conv2d(8, kernel: 3)] private partial Tensor Conv(Tensor x);'")]
    [InlineData(
        "private readonly {|CS0246:{|GG0046:CrossEntropyLoss|}|} _criterion = new();",
        "a loss is an annotated partial method; write '[CrossEntropyLoss()] private partial Tensor Loss(Tensor output, [Shape(Batch)] IntTensor labels);'")]
    [InlineData(
        "private readonly {|CS0246:{|GG0046:Linear|}|}[] _layers = [];",
        "write '[Linear(...)] private partial Tensor Layers(Tensor x);'")]
    [InlineData(
        "private Tensor Helper(Tensor x) { var fc = new {|CS0246:{|GG0046:Linear|}|}(3); return fc(x); }",
        "write '[Linear(3)] private partial Tensor Fc(Tensor x);'")]
    public async Task A_layer_written_as_an_object_is_told_how_it_is_declared(string member, string message)
    {
        IReadOnlyList<string> messages = await DiagnosticVerifier.Verify($$"""
            #pragma warning disable CS0169, CS0414, CS8618
            [Model]
            public partial class Net
            {
                {{member}}
                [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => Relu(x);
            }
            """);

        Assert.Contains(message, Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Types_of_the_users_own_may_have_such_names() => await DiagnosticVerifier.Verify("""
        public sealed class Linear(int size) { public int Size { get; } = size; }
        [Model]
        public partial class Net
        {
            public Linear Elsewhere { get; } = new Linear(3);
            [Linear(4)] private partial Tensor Fc(Tensor x);
            [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => Fc(x);
        }
        """);
}
