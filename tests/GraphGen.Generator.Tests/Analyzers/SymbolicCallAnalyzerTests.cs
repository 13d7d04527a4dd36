using GraphGen.Generator.Tests.Harness;

namespace GraphGen.Generator.Tests.Analyzers;

/// <summary>GG2001: symbols used where they would be run.</summary>
public sealed class SymbolicCallAnalyzerTests
{
    [Fact]
    public async Task Calls_outside_a_model_are_reported()
    {
        IReadOnlyList<string> messages = await DiagnosticVerifier.Verify("""
            public static class Helpers
            {
                public static Tensor Block(Tensor x) => {|GG2001:Relu({|GG2001:x + 1|})|};
                public static Tensor Twice(Tensor x)
                {
                    {|GG2001:x *= 2|};
                    Func<Tensor, Tensor> exp = {|GG2001:Exp|};
                    return {|GG2001:-x|};
                }
            }
            """);

        Assert.Contains("'Ops.Relu' describes an operation of a graph and throws when it is run", messages[0], StringComparison.Ordinal);
        Assert.StartsWith("'Tensor.operator +(Tensor, float)'", messages[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_in_a_model_are_fine() => await DiagnosticVerifier.Verify("""
        [Model]
        public partial class Net
        {
            [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => Relu(x) + 1;
            public static class Nested { public static Tensor Block(Tensor x) => Exp(x) * 2; }
        }
        """);

    [Fact]
    public async Task Other_peoples_operators_are_fine() => await DiagnosticVerifier.Verify("""
        public static class Helpers
        {
            public static DateTime Later(DateTime time, TimeSpan span) => time + span;
            public static int Negate(int value) => -value;
            public static bool Same(Tensor left, Tensor right) => left == right;
        }
        """);
}
