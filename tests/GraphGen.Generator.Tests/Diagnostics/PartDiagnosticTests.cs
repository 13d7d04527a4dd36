using GraphGen.Generator.Tests.Harness;

namespace GraphGen.Generator.Tests.Diagnostics;

/// <summary>Parts that are not there, tensors that do not fit side by side, equations that do not fit their operands.</summary>
public sealed class PartDiagnosticTests
{
    [Theory]
    [InlineData("return Slice(x, 1, {|GG1014:7|});", "start 7", "axis 1 of [n, 6]")]
    [InlineData("return Slice(x, 1, 0, {|GG1014:-7|});", "end -7", "[n, 6]")]
    [InlineData("return {|GG1014:Slice(x, 1, 3, 3)|};", "from 3 to 3")]
    [InlineData("return Slice(x, 1, 0, 3, {|GG1011:0|});", "step")]
    [InlineData("return {|GG1010:Slice(x, 0, 1)|};", "axis 0 of [n, 6] is the batch")]
    [InlineData("return {|GG1010:Flip(x, 0)|};", "[n, 6]")]
    [InlineData("return {|GG1005:Flip(x, 2)|};", "axis 2", "[n, 6]")]
    [InlineData("return x[.., {|GG1014:7..|}];", "7..^0", "axis 1 of [n, 6], which has 6")]
    [InlineData("return x[.., {|GG1014:..7|}];", "0..7")]
    [InlineData("return x[.., {|GG1014:^7..|}];", "^7..^0")]
    [InlineData("return x[.., {|GG1014:4..^2|}];", "4..^2", "nothing")]
    [InlineData("return image[.., 1, {|GG1014:5|}];", "5 is no position on axis 2 of [n, 2, 5, 4], which has 5")]
    [InlineData("return image[.., .., {|GG1014:^0|}];", "^0 is no position")]
    [InlineData("return x[.., {|GG1014:-1|}];", "from the end it is ^1")]
    [InlineData("Tensor sum = x[.., 0]; for (int i = 1; i < 7; i++) { sum += x[.., {|GG1014:i|}]; } return sum;", "6 is no position")]
    [InlineData("Range tail = ^7..; return x[.., {|GG1014:tail|}];", "^7..^0")]
    [InlineData("return x[{|GG1010:1..|}];", "its index is ..")]
    [InlineData("return x[{|GG1010:0|}];", "axis 0 of [n, 6] is the batch")]
    [InlineData("return x[.., .., {|GG1005:0|}];", "[n, 6] has no axis 2")]
    [InlineData("return Split(x, {|GG1014:[2, 3]|})[0];", "[2, 3] make 5", "axis 1 of [n, 6] has 6")]
    [InlineData("return Split(x, {|GG1011:[6, 0]|})[0];", "at least 1")]
    [InlineData("return Split(x, {|GG1011:0|})[0];", "splitSize", "at least 1")]
    [InlineData("return Split(x, 4)[{|GG1014:2|}];", "no part 2", "[n, 6], in parts of 4, has 2")]
    [InlineData("return Split(x, 4)[{|GG1014:^3|}];", "no part ^3")]
    [InlineData("return {|GG1010:Split(x, 4, 0)[0]|};", "[n, 6]")]
    [InlineData("return Chunk(x, {|GG1014:4|})[0];", "axis 1 of [n, 6]", "parts of 2 are 3")]
    [InlineData("return Chunk(x, {|GG1011:0|})[0];", "chunks")]
    [InlineData("return {|GG0040:Chunk(x, 3)[3]|};", "index 3 of an array of 3")]
    [InlineData("return Pad(x, {|GG1011:[1]|});", "[1] is not two numbers")]
    [InlineData("return Pad(x, {|GG1011:[0, 0, 0, 0, 1, 1]|});", "[n, 6]")]
    [InlineData("return {|GG1010:Pad(x, [0, 0, 1, 1])|};", "[n, 6]")]
    [InlineData("return Pad(x, {|GG1014:[-3, -3]|});", "-3 before and -3 after leave nothing of axis 1 of [n, 6]")]
    [InlineData("return {|GG1011:Pad(x, [2147483647, 2147483647])|};", "[n, 2147483647]")]
    public Task Parts(string body, params string[] mentions) => Verify(body, mentions);

    [Theory]
    [InlineData("return Concat([image, {|GG1015:image[.., .., 1..]|}]);", "[n, 2, 4, 4]", "[n, 2, 5, 4]", "axis 1")]
    [InlineData("return Concat([x, x, {|GG1015:Square|}]);", "[6, 6]", "[n, 6]")]
    [InlineData("return Concat([x, {|GG1015:image|}], -1);", "[n, 2, 5, 4]", "[n, 6]")]
    [InlineData("Tensor[] both = [x, image]; return Concat({|GG1015:both|});", "[n, 2, 5, 4]")]
    [InlineData("return {|GG1010:Concat([x, x], 0)|};", "[n, 6]")]
    [InlineData("return {|GG1005:Concat([x, x], 2)|};", "axis 2", "[n, 6]")]
    [InlineData("return Concat({|GG1011:new Tensor[0]|});", "no tensor")]
    [InlineData("return Stack([x, {|GG1015:y|}]);", "[n, 3] is not [n, 6]")]
    [InlineData("return {|GG1010:Stack([x, x], 0)|};", "[n, 6]")]
    [InlineData("return {|GG1005:Stack([x, x], 3)|};", "axis 3", "[n, 6]")]
    public Task Joins(string body, params string[] mentions) => Verify(body, mentions);

    [Theory]
    [InlineData("return Einsum(\"ni,ni->n\", x, {|GG1016:y|});", "'i' is 3 in 'ni' [n, 3], but 6 in 'ni' [n, 6]")]
    [InlineData("return Einsum(\"nij->ni\", {|GG1016:x|});", "'nij' names 3 axes, but [n, 6] has 2")]
    [InlineData("return Einsum({|GG1016:\"ni,nj\"|}, x);", "2 operands", "there are 1")]
    [InlineData("return Einsum({|GG1016:\"ni,nj->nk\"|}, x, y);", "'k' of the result is in no operand")]
    [InlineData("return Einsum({|GG1016:\"ni->nn\"|}, x);", "'n' stands twice in the result")]
    [InlineData("return Einsum({|GG1016:\"ii->i\"|}, Square);", "'i' stands twice in 'ii'", "diagonals")]
    [InlineData("return Einsum({|GG1016:\"...i->i\"|}, x);", "'...' is not understood")]
    [InlineData("return Einsum({|GG1016:\"n1->n\"|}, x);", "'1' is no letter")]
    [InlineData("return Einsum({|GG1016:\"ni->n->\"|}, x);", "more than one '->'")]
    [InlineData("return {|GG1010:Einsum(\"ni->in\", x)|};", "[6, n]")]
    [InlineData("return {|GG1010:Einsum(\"ni,mi->nm\", x, x)|};", "[n, n]")]
    [InlineData("return {|GG1011:Einsum(\"\")|};", "no tensor")]
    public Task Equations(string body, params string[] mentions) => Verify(body, mentions);

    [Theory]
    [InlineData("{|GG0021:foreach|} (Tensor part in Split(x, 2)) { y += part; } return y;", "the number of parts of 'Split(x, 2)'")]
    [InlineData("Tensor[] parts = Split(x, 2); for (int i = 0; {|GG0022:i < parts.Length|}; i++) { y += parts[i]; } return y;", "the number of parts of 'Split(x, 2)'")]
    [InlineData("return Concat({|GG0036:Split(x, 2)|});", "tensors", "the number of parts of 'Split(x, 2)'")]
    [InlineData("return Concat([x, .. {|GG0036:Split(x, 2)|}]);", "the number of parts of 'Split(x, 2)'")]
    [InlineData("return Concat(Split(x, 2)[{|GG0036:1..|}]);", "the number of parts of 'Split(x, 2)'")]
    [InlineData("Tensor[] parts = Split(x, 2); {|GG0032:parts[0]|} = y; return y;", "parts[0]")]
    [InlineData("return x[.., {|GG0036:Width..|}];", "property 'Width'")]
    public Task Unknown(string body, params string[] mentions) => Verify(body, mentions);

    private static async Task Verify(string body, string[] mentions)
    {
        string message = Assert.Single(await DiagnosticVerifier.Verify($$"""
            [Model]
            public partial class Net
            {
                [Parameter(6, 6)] private partial Tensor Square { get; }
                private int Width { get; set; } = 2;
                [Forward]
                private Tensor Forward([Shape(Batch, 6)] Tensor x, [Shape(Batch, 3)] Tensor y, [Shape(Batch, 2, 5, 4)] Tensor image)
                {
                    {{body}}
                }
            }
            """));

        Assert.All(mentions, mention => Assert.Contains(mention, message, StringComparison.Ordinal));
    }
}
