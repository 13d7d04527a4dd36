using GraphGen.Generator.Emit;
using GraphGen.Generator.Tests.Harness;

namespace GraphGen.Generator.Tests.Emission;

/// <summary>Equal layers: what repeats in the order of kernels is written once, in a loop.</summary>
public sealed class PassProgramTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("abcdefgh", "")]
    [InlineData("aaa", "")] // saves too little
    [InlineData("aaaaa", "0+1x5")]
    [InlineData("xabcabcabcy", "1+3x3")]
    [InlineData("abababab", "0+2x4")]
    [InlineData("aabaabaab", "0+3x3")]
    [InlineData("abcdabcdxefghefgh", "0+4x2 9+4x2")]
    [InlineData("xabcdeabcdeabcy", "1+5x2")]
    public void The_repetition_that_saves_most_is_found(string kernels, string expected) =>
        Assert.Equal(expected, string.Join(" ", PassProgram.Repetitions([.. kernels.Select(kernel => kernel.ToString())]).Select(run => $"{run.Start}+{run.Period}x{run.Turns}")));

    [Fact]
    public void Lines_of_code_hardly_grow_with_equal_layers()
    {
        int ten = Lines(10);
        int eighty = Lines(80);

        Assert.True(eighty < 2 * ten, $"{eighty} lines for 80 layers, {ten} for 10");
    }

    private static int Lines(int layers) => ModelCompiler.Compile(ReaderProbe.Read($$"""
        [Model]
        public sealed partial class Net
        {
            {{string.Join(" ", Enumerable.Range(0, layers).Select(i => $"[Linear(64)] private partial Tensor L{i}(Tensor x);"))}}

            [Forward]
            private Tensor Forward([Shape(Batch, 64)] Tensor x) => {{Enumerable.Range(0, layers).Aggregate("x", (x, i) => $"Dropout(Relu(L{i}({x})), 0.1f)")}};

            [MSELoss] private partial Tensor Loss(Tensor output, [Shape(Batch, 64)] Tensor target);
        }
        """)).Source.Count(letter => letter == '\n');
}
