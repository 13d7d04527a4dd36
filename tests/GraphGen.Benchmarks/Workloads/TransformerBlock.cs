using GraphGen.Benchmarks.Models;
using GraphGen.Benchmarks.Onnx;

namespace GraphGen.Benchmarks.Workloads;

/// <summary>What <see cref="Network"/> says of <see cref="GptBlock"/>.</summary>
internal static class TransformerBlock
{
    private const int Tokens = GptBlock.Tokens;
    private const int Width = GptBlock.Width;

    internal static readonly Product[] Products =
    [
        Product.Linear(Width, 3 * Width, rows: Tokens),                                 // query, key, value
        Product.Linear(GptBlock.HeadWidth, Tokens, rows: GptBlock.Heads * Tokens),      // scores
        Product.Linear(Tokens, GptBlock.HeadWidth, rows: GptBlock.Heads * Tokens),      // attention times values
        Product.Linear(Width, Width, rows: Tokens),
        Product.Linear(Width, GptBlock.Hidden, rows: Tokens),
        Product.Linear(GptBlock.Hidden, Width, rows: Tokens),
        Product.Linear(Width, GptBlock.Classes),
    ];

    internal static string Describe(OnnxGraph graph, string x, int batch)
    {
        string h = graph.LayerNorm(x, "Gain1", "Offset1");
        string q = Heads("query", 0, 2, 1, 3);
        string k = Heads("key", 0, 2, 3, 1);
        string v = Heads("value", 0, 2, 1, 3);
        string attention = graph.Softmax(graph.Scale(graph.MatMul(q, k), GptBlock.AttentionScale));
        string y = graph.Reshape(graph.Transpose(graph.MatMul(attention, v), 0, 2, 1, 3), batch, Tokens, Width);
        x = graph.Add(x, graph.LinearOverRows(y, "output"));
        string hidden = graph.Gelu(graph.LinearOverRows(graph.LayerNorm(x, "Gain2", "Offset2"), "up"));
        x = graph.Add(x, graph.LinearOverRows(hidden, "down"));
        return graph.Linear(graph.Mean(x, axis: 1), "head");

        string Heads(string layer, params int[] axes) =>
            graph.Transpose(graph.Reshape(graph.LinearOverRows(h, layer), batch, Tokens, GptBlock.Heads, GptBlock.HeadWidth), axes);
    }
}
