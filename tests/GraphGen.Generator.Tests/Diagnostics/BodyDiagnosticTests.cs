using GraphGen.Generator.Tests.Harness;

namespace GraphGen.Generator.Tests.Diagnostics;

/// <summary>Each C# construct that a graph cannot express gets its own diagnostic, on the construct, and no other.</summary>
public sealed class BodyDiagnosticTests
{
    [Theory]
    [InlineData("{|GG0020:while|} (true) { x = Relu(x); }", "A 'while' loop cannot be compiled")]
    [InlineData("{|GG0020:do|} { x = Relu(x); } while (true);", "A 'do' loop cannot be compiled")]
    [InlineData("{|GG0021:foreach|} (int i in _widths) { x = x * i; }", "because the field '_widths' is not known")]
    [InlineData("{|GG0021:foreach|} (char c in \"abc\") { x = Relu(x); }", "because \"abc\" is not known")]
    [InlineData("for (int i = 0; {|GG0022:i < _depth|}; i++) { x = Relu(x); }", "depends on the field '_depth'")]
    [InlineData("for (int i = 0, n = Count; {|GG0022:i < n|}; i++) { x = Relu(x); }", "depends on the property 'Count'")]
    [InlineData("if ({|GG0023:_depth > 2|}) { x = Relu(x); }", "depends on the field '_depth'")]
    [InlineData("x = {|GG0023:_depth == 1|} ? x : Relu(x);", "depends on the field '_depth'")]
    [InlineData("{|GG0024:for|} (int i = 0; i < 10001; i++) { _ = 1; }", "10000 iterations")]
    [InlineData("for (int i = 0; i < 101; i++) { {|GG0024:for|} (int j = 0; j < 101; j++) { } }", "10000 iterations")]
    [InlineData("for (int i = 0; i < 9000; i++) { x = {|GG0024:x * x + x + 1|}; }", "20000 operations")]
    [InlineData("if ({|GG0023:_depth is 2 or 3|}) { x = Relu(x); }", "depends on the field '_depth'")]
    [InlineData("if ({|GG0023:Batch > 2|}) { x = Relu(x); }", "depends on 'Batch', the number of samples of a call")]
    [InlineData("for (int i = 0; {|GG0022:i < Batch|}; i++) { x = Relu(x); }", "depends on 'Batch'")]
    [InlineData("int[] a = {|GG0024:new int[100000]|}; x = x * a[0];", "20000 elements")]
    [InlineData("switch ({|GG0026:_depth|}) { case 1: x = Relu(x); break; }", "This 'switch' depends on the field '_depth'")]
    [InlineData("x = {|GG0026:_depth|} switch { 4 => Relu(x), _ => x };", "This 'switch' depends on the field '_depth'")]
    [InlineData("{|GG0027:try|} { x = Relu(x); } finally { }", "A 'try' cannot")]
    [InlineData("if (Depth == 4) { {|GG0027:throw|} new InvalidOperationException(); }", "A 'throw' cannot")]
    [InlineData("x = Depth == 4 ? {|GG0027:throw new InvalidOperationException()|} : x;", "A 'throw' cannot")]
    [InlineData("Func<Tensor, Tensor> f = {|GG0028:t => Relu(t)|}; x = f(x);", "A lambda or delegate")]
    [InlineData("Func<Tensor, Tensor> f = {|GG0028:Same|}; x = f(x);", "A lambda or delegate")]
    [InlineData("x = {|GG0029:Later(x)|}.Result;", "Asynchronous code")]
    [InlineData("if (Depth == 4) { {|GG0030:goto|} done; } done: return x;", "A 'goto' cannot")]
    [InlineData("var list = {|GG0031:new List<Tensor>()|}; x = Relu(x);", "'List' cannot be created")]
    [InlineData("Tensor[,] l = {|GG0031:new Tensor[2, 2]|}; x = l[0, 0];", "'GraphGen.Tensor[*,*]' cannot be created")]
    [InlineData("{|GG0032:_last|} = x;", "The field '_last' cannot be assigned")]
    [InlineData("{|GG0032:_depth|}++;", "The field '_depth' cannot be assigned")]
    [InlineData("{|GG0032:_widths[0]|} = 3;", "The array element '_widths[0]' cannot be assigned")]
    [InlineData("(Tensor A, Tensor B) pair = (x, x); {|GG0032:pair.A|} = x;", "The tuple element 'pair.A' cannot be assigned")]
    [InlineData("if ({|GG0033:x == Same(x)|}) { x = Relu(x); }", "The value of a tensor is not known")]
    [InlineData("if ({|GG0033:x.Equals(Same(x))|}) { x = Relu(x); }", "The value of a tensor is not known")]
    [InlineData("string s = {|GG0033:x.ToString()|}; x = Relu(x);", "The value of a tensor is not known")]
    [InlineData("object o = {|GG0033:x|}; x = Relu(x);", "The value of a tensor is not known")]
    [InlineData("{|GG0034:Console.WriteLine(\"hello\")|};", "'Console.WriteLine' cannot be called")]
    [InlineData("x = x * {|GG0034:Random.Shared.NextSingle()|};", "'Random.NextSingle' cannot be called")]
    [InlineData("x = x * {|GG0034:MathF.Cbrt(2)|};", "'MathF.Cbrt' cannot be called")]
    [InlineData("x = {|GG0034:Loss(x, null!)|};", "'Net.Loss' cannot be called")]
    [InlineData("x = x + {|GG0035:_last|};", "The field '_last' is not part of the graph")]
    [InlineData("x = x * {|GG0036:_depth|};", "The argument 'right' of 'Multiply' must be a constant, but it depends on the field '_depth'")]
    [InlineData("x = Sum(x, {|GG0036:_depth + 1|});", "The argument 'dim' of 'Sum' must be a constant")]
    [InlineData("x = {|GG0036:Reshape(x, _depth, 4)|};", "The argument 'shape' of 'Reshape' must be a constant")]
    [InlineData("x = x / {|GG0036:Batch|};", "The argument 'right' of 'Divide' must be a constant, but it depends on 'Batch', the number of samples of a call")]
    [InlineData("x = Sum(x, {|GG0036:Batch|});", "depends on 'Batch'")]
    [InlineData("x = {|GG0036:Reshape(x, Batch * 2, 2)|};", "depends on 'Batch'")]
    [InlineData("Tensor[] l = new Tensor[{|GG0036:_depth|}]; x = l[0];", "The argument 'length' of 'new Tensor[_depth]' must be a constant")]
    [InlineData("Tensor[] l = [x, x]; x = l[{|GG0036:_depth|}];", "The argument 'index' of 'l' must be a constant")]
    [InlineData("{|GG0037:lock|} (\"a\") { x = Relu(x); }", "A 'lock' cannot")]
    [InlineData("{|GG0037:using|} (null) { x = Relu(x); }", "A 'using' cannot")]
    [InlineData("unsafe { {|GG0037:fixed|} (int* p = _widths) { x = Relu(x); } }", "A 'fixed' cannot")]
    [InlineData("string s = {|GG0038:$\"{_depth}\"|}; x = Relu(x);", "cannot be compiled")]
    [InlineData("x = Change({|GG0039:ref x|});", "'x' is passed or declared by reference")]
    [InlineData("{|GG0039:ref Tensor y = ref x|}; x = Relu(y);", "'y' is passed or declared by reference")]
    [InlineData("int zero = 0; x = x * ({|GG0040:1 / zero|});", "fails: division by zero")]
    [InlineData("int big = int.MaxValue; x = x * checked({|GG0040:big + 1|});", "does not fit its type")]
    [InlineData("int[] axes = [0]; x = Sum(x, {|GG0040:axes[1]|});", "fails: index 1 of an array of 1")]
    [InlineData("Tensor[] l = [x]; {|GG0040:l[2]|} = x;", "fails: index 2 of an array of 1")]
    [InlineData("Tensor[] l = [x]; x = {|GG0040:l[^2]|};", "fails: index ^2 of an array of 1")]
    [InlineData("int k = -1; int[] a = new int[{|GG0040:k|}]; x = x * a[0];", "fails: an array of -1 elements")]
    [InlineData("Tensor[][] l = new Tensor[2][]; x = {|GG0040:l[1]|}[0];", "the array is an element of 'new Tensor[2][]' that was never assigned")]
    [InlineData("x = {|GG0040:Depth|} switch { 1 => x, 2 => Relu(x) };", "fails: no arm of the 'switch' matches")]
    [InlineData("x = x * {|GG0040:1e300|};", "1e300 is too large for a 32-bit float")]
    [InlineData("x = Maximum(x, {|GG0040:-1e39|});", "-1e39 is too large for a 32-bit float")]
    [InlineData("x = Relu({|GG0041:null|}!);", "this is null")]
    [InlineData("Tensor[] l = new Tensor[3]; l[0] = x; x = x + {|GG0041:l[1]|};", "this is an element of 'new Tensor[3]' that was never assigned")]
    [InlineData("foreach (Tensor part in new Tensor[2]) { x = Relu({|GG0041:part|}); }", "this is an element of 'new Tensor[2]' that was never assigned")]
    [InlineData("Tensor[] l = new Tensor[2]; x = Conv2d(x, x, {|GG0041:l[1]|});", "an element of 'new Tensor[2]'")]
    [InlineData("x = {|CS0019:x * {|GG0043:0.5m|}|};", "'0.5m' is a 'decimal'")]
    [InlineData("{|CS0019:x -= {|GG0043:Half|}|};", "'Half' is a 'decimal'")]
    [InlineData("for (int i = 0; i < {|GG0044:Steps|}; i++) { x = Relu(x); }", "The field 'Steps' is 'static readonly', so its value is known only at run time; make it 'const'")]
    [InlineData("x = {|GG0044:Kind|} is Reduction.Sum ? x : Relu(x);", "The field 'Kind' is 'static readonly'")]
    [InlineData("x = x * ({|GG0044:Steps|} + 1);", "make it 'const'")]
    [InlineData("Tensor y = null!; x = x + {|GG0041:y|};", "this is null")]
    public async Task Construct(string body, string message)
    {
        IReadOnlyList<string> messages = await DiagnosticVerifier.Verify($$"""
            #pragma warning disable CS0169, CS0649, CS0414, CS0164, CS0162, CS0219, CS8600, CS8602, CS8509, CS8603, CS8604, CS1998
            [Model]
            public partial class Net
            {
                private const int Depth = 4;
                private const decimal Half = 0.5m;
                private static readonly int Steps = 4;
                private static readonly Reduction Kind = Reduction.Sum;
                private int _depth;
                private readonly int[] _widths = [1, 2];
                private Tensor _last = null!;
                private int Count => 3;
                [Linear(4)] private partial Tensor Fc(Tensor x);
                private static Tensor Same(Tensor t) => t;
                private static Tensor Change(ref Tensor t) => t;
                private static async Task<Tensor> Later(Tensor t) { await Task.Yield(); return t; }
                [Forward]
                private Tensor Forward([Shape(Batch, 4)] Tensor x)
                {
                    {{body}}
                    return Fc(x);
                }
                [CrossEntropyLoss] private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
            }
            public static class User
            {
                public static float Use(float[] x, int[] t)
                {
                    var net = new Net(8, seed: 1);
                    _ = net.Forward(x);
                    float loss = net.Loss(t);
                    net.Backward();
                    return loss + net.Evaluate(x, t) + net.Predict(x)[0] + net.LossValues[0] + net.MaxBatch + (net.Parameters is null ? 1 : 0);
                }
            }
            """);

        Assert.Contains(message, Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recursion_is_reported_at_the_call() => await DiagnosticVerifier.Verify("""
        [Model]
        public partial class Net
        {
            private Tensor Even(Tensor x) => Odd(Relu(x));
            private Tensor Odd(Tensor x) => {|GG0025:Even(x)|};
            [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => Even(x);
        }
        """);

    [Fact]
    public async Task An_expression_too_deep_for_the_stack_is_refused()
    {
        // Each method calls the one before twice as deep; none of them alone is more than the C# compiler takes.
        const int Methods = 400;
        string sum = string.Concat(Enumerable.Repeat("Abs(", 60));
        string methods = string.Join('\n', Enumerable.Range(1, Methods).Select(i =>
            $"private Tensor M{i}(Tensor x) => {sum}M{i - 1}(x){new string(')', 60)};"));
        await DiagnosticVerifier.Verify($$"""
            [Model]
            public partial class Net
            {
                private Tensor M0(Tensor x) => Relu(x);
                {{methods}}
                [Forward] private Tensor {|GG0024:Forward|}([Shape(Batch, 4)] Tensor x) => M{{Methods}}(x);
            }
            """);
    }

    [Fact]
    public async Task A_layer_is_refused_in_a_loss() => await DiagnosticVerifier.Verify("""
        [Model]
        public partial class Net
        {
            [Linear(4)] private partial Tensor Fc(Tensor x);
            [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => Fc(x);
            [Loss] private Tensor Loss(Tensor y, [Shape(Batch, 4)] Tensor t) => Mean({|GG0042:Fc(y)|} - t);
        }
        """);

    [Fact]
    public async Task An_asynchronous_forward_is_refused() => await DiagnosticVerifier.Verify("""
        [Model]
        public partial class Net
        {
            [Forward] private async Task<Tensor> {|GG0029:Forward|}([Shape(Batch, 4)] Tensor x) { await Task.Yield(); return x; }
        }
        """);

    [Fact]
    public async Task Independent_errors_are_all_reported_and_their_consequences_are_not() => await DiagnosticVerifier.Verify("""
        [Model]
        public partial class Net
        {
            private readonly Maker _maker = new();
            [Linear(4)] private partial Tensor Fc(Tensor x);
            [Forward]
            private Tensor Forward([Shape(Batch, 4)] Tensor x)
            {
                Tensor a = {|GG0034:_maker.Make(x)|};
                Tensor b = Fc(a) + a * 2;
                for (int i = 0; i < 3; i++)
                {
                    b = Relu({|GG0034:_maker.Make(b)|});
                }
                return b;
            }
            [Loss] private Tensor Loss(Tensor y, [Shape(Batch, 4)] Tensor t) { {|GG0020:while|} (true) { } }
        }
        public class Maker { public Tensor Make(Tensor x) => x; }
        """);

    [Fact]
    public async Task Code_that_does_not_compile_is_left_to_the_compiler()
    {
        var diagnostics = await DiagnosticVerifier.Diagnose("""
            [Model]
            public partial class Net
            {
                [Linear(4)] private partial Tensor Fc(Tensor x);
                [Forward]
                private Tensor Forward([Shape(Batch, 4)] Tensor x)
                {
                    Tensor y = Unknown(x);
                    y = Fc(y, 1) + missing;
                    return y.;
                }
            }
            """);

        Assert.All(diagnostics, diagnostic => Assert.StartsWith("CS", diagnostic.Id, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("x * true")]
    [InlineData("x + Missing()")]
    [InlineData("Dropout(x, 0.5m)")]
    public async Task What_csharp_refuses_is_not_refused_again(string expression)
    {
        var diagnostics = await DiagnosticVerifier.Diagnose($$"""
            [Model]
            public partial class Net
            {
                [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => {{expression}};
            }
            """);

        Assert.StartsWith("CS", Assert.Single(diagnostics).Id, StringComparison.Ordinal);
    }
}
