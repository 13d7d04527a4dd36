using System.Text.Json;

namespace GraphGen.Tests.Golden;

/// <summary>
/// 50 steps of SparseAdam, Adafactor or Muon with several sets of options; <c>make_special_optimizers.py</c> writes these files and says
/// what they hold.
/// </summary>
internal sealed record SpecialOptimizerGolden(string Optimizer, int[][] Shapes, SpecialOptimizerCase[] Cases)
{
    internal static SpecialOptimizerGolden Read(string optimizer) => GoldenFile.Read<SpecialOptimizerGolden>($"SpecialOptimizers.{optimizer}");
}

/// <summary>The options of each group under PyTorch's names, and the values and states of each parameter after the last step.</summary>
internal sealed record SpecialOptimizerCase(
    string Name,
    Dictionary<string, JsonElement>[] Groups,
    double[][] Parameters,
    Dictionary<string, double[]>[] States);
