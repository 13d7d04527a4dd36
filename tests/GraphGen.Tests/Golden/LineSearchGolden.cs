using System.Text.Json;

namespace GraphGen.Tests.Golden;

/// <summary>Fifty steps of an optimizer with a line search; <c>make_line_search_optimizers.py</c> writes them.</summary>
internal sealed record LineSearchCase(
    string Optimizer,
    string Problem,
    uint Seed,
    int[][] Shapes,
    float Low,
    float High,
    Dictionary<string, JsonElement> Options,
    LineSearchStep[] Steps)
{
    public static LineSearchCase[] All { get; } = GoldenFile.Read<LineSearchFile>("LineSearchOptimizers").Cases;

    public LineSearchProblem MakeProblem() => new(Problem, Seed, Shapes, Low, High);

    public Optimizer MakeOptimizer(IEnumerable<Parameter> parameters) => Optimizer == "LBFGS"
        ? new LBFGS(
            parameters,
            Number("lr", 1),
            (int)Number("max_iter", 20),
            Options.ContainsKey("max_eval") ? (int)Number("max_eval", 0) : null,
            Number("tolerance_grad", 1e-7),
            Number("tolerance_change", 1e-9),
            (int)Number("history_size", 100),
            Options.ContainsKey("line_search_fn") ? LineSearch.StrongWolfe : LineSearch.None)
        : new ConjugateGradient(
            parameters,
            Number("lr", 1),
            Options.TryGetValue("beta", out JsonElement beta) ? Enum.Parse<ConjugateGradientBeta>(beta.GetString()!) : ConjugateGradientBeta.PolakRibierePlus,
            (int)Number("max_iter", 20),
            Options.ContainsKey("max_eval") ? (int)Number("max_eval", 0) : null,
            Number("tolerance_grad", 1e-7),
            Number("tolerance_change", 1e-9),
            Number("c2", 0.1),
            Options.ContainsKey("restart_every") ? (long)Number("restart_every", 0) : null,
            Number("restart_threshold", 0.1));

    public override string ToString() => $"{Optimizer} {Problem} {string.Join(" ", Options.Select(option => $"{option.Key}={option.Value}"))}";

    private double Number(string name, double otherwise) => !Options.TryGetValue(name, out JsonElement value) ? otherwise
        : value.ValueKind == JsonValueKind.String ? double.PositiveInfinity : value.GetDouble();
}

internal sealed record LineSearchFile(LineSearchCase[] Cases);

/// <summary>What there was after a step: the loss that it returned, and where counts do not hang on rounding those.</summary>
internal sealed record LineSearchStep(int Step, double Loss, double[] Values, long? Iterations, long? Evaluations);

/// <summary>What clipping and averaging give.</summary>
internal sealed record GradientToolsData(ClippingData Clipping, AveragingData Averaging)
{
    public static GradientToolsData Value { get; } = GoldenFile.Read<GradientToolsData>("GradientTools");
}

internal sealed record ClippingData(uint Seed, int[][] Shapes, float Low, float High, ClippedNorm[] Norms, ClippedValues[] Values);

internal sealed record ClippedNorm(double NormType, double MaxNorm, double Norm, double[] First, double Last);

internal sealed record ClippedValues(double ClipValue, double[] Gradients);

internal sealed record AveragingData(uint Seed, int[][] Shapes, int Updates, float Low, float High, AveragingCase[] Cases);

internal sealed record AveragingCase(double? Decay, long Count, double[] Values);
