using GraphGen.Generator.Tests.Harness;

namespace GraphGen.Generator.Tests.Analyzers;

/// <summary>GG2001: symbols used where they would be run.</summary>
public sealed class SymbolicCallAnalyzerTests
{
    [Fact]
    public async Task Descriptions_that_would_be_run_are_reported()
    {
        IReadOnlyList<string> messages = await DiagnosticVerifier.Verify("""
            public static class Helpers
            {
                public static Tensor Block(Tensor x) => Relu(x);
                public static Tensor[] Parts(params Tensor[] parts) => parts;
            }
            public static class Program
            {
                private static readonly Tensor Start = null!;
                private static readonly Tensor Next = {|GG2001:Exp(Start)|};
                public static void Main()
                {
                    Tensor x = {|GG2001:Relu({|GG2001:Start + 1|})|};
                    {|GG2001:x *= 2|};
                    Tensor both = {|GG2001:Concat([x, x])|};
                    Tensor last = {|GG2001:both[.., ^1]|};
                    Func<Tensor, Tensor> exp = {|GG2001:Exp|};
                    Func<int> run = () => {|GG2001:Helpers.Parts({|GG2001:-x|})|}.Length;
                    Console.WriteLine({|GG2001:Helpers.Block(exp(x))|} == Next ? run() : 0);
                }
            }
            """);

        Assert.StartsWith("'Ops.Exp' describes a part of a graph and throws when it is run", messages[0], StringComparison.Ordinal);
        Assert.Contains(messages, message => message.StartsWith("'Tensor.operator +(Tensor, double)'", StringComparison.Ordinal));
        Assert.Contains(messages, message => message.StartsWith("'Tensor.this[params ReadOnlySpan<TensorIndex>]'", StringComparison.Ordinal));
        Assert.Contains(messages, message => message.StartsWith("'Helpers.Block'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Descriptions_may_stand_anywhere_and_call_each_other() => await DiagnosticVerifier.Verify("""
        #pragma warning disable CS8321
        public static class Helpers
        {
            public static Tensor Block(this Tensor x) => Relu(x + 1).Twice();
            public static Tensor Twice(this Tensor x)
            {
                x *= 2;
                int count = 0;
                void Count() { x = -x; count++; }
                Count();
                return Parts(x)[0];
            }
            public static Tensor[] Parts(Tensor x) => [Exp(x), Log(x[.., 1..])];
            public static (Tensor Left, int Right) Pair(Func<Tensor> x) => (Abs(x()), 1);
            public static void Run() { Tensor Local(Tensor t) => Tanh(t); }
        }
        public abstract class Base
        {
            protected virtual Tensor Head(Tensor x) => Softmax(x);
            protected Tensor? Penalty(IntTensor labels) => null;
        }
        """);

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
