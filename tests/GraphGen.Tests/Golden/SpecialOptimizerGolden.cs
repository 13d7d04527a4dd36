using System.Text.Json;

namespace GraphGen.Tests.Golden;

/// <summary>
/// 50 steps of SparseAdam, Adafactor or Muon with several sets of options; <c>make_special_optimizers.py</c> writes these files and says
/// what they hold.
/// </summary>
internal sealed record SpecialOptimizerGolden(string Optimizer, int[][] Shapes, SpecialOptimizerCase[] Cases)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    internal static SpecialOptimizerGolden Read(string optimizer)
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Golden", "Data", $"SpecialOptimizers.{optimizer}.json"));
        return JsonSerializer.Deserialize<SpecialOptimizerGolden>(file, Options)!;
    }
}

/// <summary>The options of each group under PyTorch's names, and the values and states of each parameter after the last step.</summary>
internal sealed record SpecialOptimizerCase(
    string Name,
    Dictionary<string, JsonElement>[] Groups,
    double[][] Parameters,
    Dictionary<string, double[]>[] States);
