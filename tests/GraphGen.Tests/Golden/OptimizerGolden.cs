using System.Text.Json;

namespace GraphGen.Tests.Golden;

/// <summary>50 steps of an optimizer with several sets of options; <c>make_optimizers.py</c> writes these files and says what they hold.</summary>
internal sealed record OptimizerGolden(string Optimizer, OptimizerGoldenCase[] Cases)
{
    internal static OptimizerGoldenCase Read(string optimizer, string @case) => Read(optimizer).Cases.Single(golden => golden.Name == @case);

    internal static OptimizerGolden Read(string optimizer) => GoldenFile.Read<OptimizerGolden>($"Optimizers.{optimizer}");
}

/// <summary>The options of each group, and the values and states of each parameter after the last step.</summary>
internal sealed record OptimizerGoldenCase(
    string Name,
    Dictionary<string, JsonElement>[] Groups,
    double[][] Parameters,
    Dictionary<string, JsonElement>[] States);
