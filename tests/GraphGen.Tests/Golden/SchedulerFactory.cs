using System.Text.Json;

namespace GraphGen.Tests.Golden;

/// <summary>Constructs schedulers from their type and PyTorch's names of their arguments; what is not named has the default.</summary>
internal static class SchedulerFactory
{
    private static readonly Dictionary<string, Func<double, double>> Functions = new()
    {
        ["0.97^e"] = e => Math.Pow(0.97, e),
        ["1/(1+e)"] = e => 1 / (1 + e),
        ["0.99"] = _ => 0.99,
        ["1-1/(2+e)"] = e => 1 - (1 / (2 + e)),
        ["1/x"] = x => 1 / x,
        ["0.9^x"] = x => Math.Pow(0.9, x),
        ["1/(1+x/50)"] = x => 1 / (1 + (x / 50)),
    };

    public static LearningRateScheduler Make(JsonElement spec, Optimizer optimizer, int lastEpoch) => Text(spec, "type", "") switch
    {
        "LambdaLR" => spec.GetProperty("lr_lambda").ValueKind == JsonValueKind.Array
            ? new LambdaLR(optimizer, Lambdas(spec), lastEpoch)
            : new LambdaLR(optimizer, Lambdas(spec)[0], lastEpoch),
        "MultiplicativeLR" => spec.GetProperty("lr_lambda").ValueKind == JsonValueKind.Array
            ? new MultiplicativeLR(optimizer, Lambdas(spec), lastEpoch)
            : new MultiplicativeLR(optimizer, Lambdas(spec)[0], lastEpoch),
        "StepLR" => spec.TryGetProperty("gamma", out JsonElement gamma)
            ? new StepLR(optimizer, Int(spec, "step_size")!.Value, gamma.GetDouble(), lastEpoch)
            : new StepLR(optimizer, Int(spec, "step_size")!.Value, lastEpoch: lastEpoch),
        "MultiStepLR" => spec.TryGetProperty("gamma", out JsonElement gamma)
            ? new MultiStepLR(optimizer, Milestones(spec), gamma.GetDouble(), lastEpoch)
            : new MultiStepLR(optimizer, Milestones(spec), lastEpoch: lastEpoch),
        "ExponentialLR" => new ExponentialLR(optimizer, Number(spec, "gamma", 0), lastEpoch),
        "ConstantLR" => spec.TryGetProperty("factor", out JsonElement factor)
            ? new ConstantLR(optimizer, factor.GetDouble(), Int(spec, "total_iters")!.Value, lastEpoch)
            : new ConstantLR(optimizer, lastEpoch: lastEpoch),
        "LinearLR" => spec.TryGetProperty("end_factor", out JsonElement end)
            ? new LinearLR(optimizer, Number(spec, "start_factor", 0), end.GetDouble(), Int(spec, "total_iters")!.Value, lastEpoch)
            : spec.TryGetProperty("start_factor", out JsonElement start)
                ? new LinearLR(optimizer, start.GetDouble(), totalIters: Int(spec, "total_iters")!.Value, lastEpoch: lastEpoch)
                : new LinearLR(optimizer, lastEpoch: lastEpoch),
        "PolynomialLR" => spec.TryGetProperty("power", out JsonElement power)
            ? new PolynomialLR(optimizer, Int(spec, "total_iters")!.Value, power.GetDouble(), lastEpoch)
            : Int(spec, "total_iters") is int totalIters
                ? new PolynomialLR(optimizer, totalIters, lastEpoch: lastEpoch)
                : new PolynomialLR(optimizer, lastEpoch: lastEpoch),
        "CosineAnnealingLR" => spec.TryGetProperty("eta_min", out JsonElement etaMin)
            ? new CosineAnnealingLR(optimizer, Int(spec, "T_max")!.Value, etaMin.GetDouble(), lastEpoch)
            : new CosineAnnealingLR(optimizer, Int(spec, "T_max")!.Value, lastEpoch: lastEpoch),
        "CosineAnnealingWarmRestarts" => WarmRestarts(spec, optimizer, lastEpoch),
        "CyclicLR" => Cyclic(spec, optimizer, lastEpoch),
        "OneCycleLR" => OneCycle(spec, optimizer, lastEpoch),
        "ReduceLROnPlateau" => Plateau(spec, optimizer),
        "ChainedScheduler" => new ChainedScheduler(Parts(spec, optimizer)),
        "SequentialLR" => new SequentialLR(optimizer, Parts(spec, optimizer), Milestones(spec)),
        var type => throw new ArgumentException(type),
    };

    private static CosineAnnealingWarmRestarts WarmRestarts(JsonElement spec, Optimizer optimizer, int lastEpoch)
    {
        int t0 = Int(spec, "T_0")!.Value;
        return spec.TryGetProperty("eta_min", out JsonElement etaMin)
            ? new CosineAnnealingWarmRestarts(optimizer, t0, Int(spec, "T_mult")!.Value, etaMin.GetDouble(), lastEpoch)
            : Int(spec, "T_mult") is int tMult
                ? new CosineAnnealingWarmRestarts(optimizer, t0, tMult, lastEpoch: lastEpoch)
                : new CosineAnnealingWarmRestarts(optimizer, t0, lastEpoch: lastEpoch);
    }

    private static CyclicLR Cyclic(JsonElement spec, Optimizer optimizer, int lastEpoch)
    {
        PerGroup baseLr = PerGroup(spec, "base_lr")!.Value, maxLr = PerGroup(spec, "max_lr")!.Value;
        if (Int(spec, "step_size_up") is not int up)
        {
            return new CyclicLR(optimizer, baseLr, maxLr, lastEpoch: lastEpoch);
        }

        CyclicMode mode = Text(spec, "mode", "triangular") switch
        {
            "triangular2" => CyclicMode.Triangular2,
            "exp_range" => CyclicMode.ExpRange,
            _ => CyclicMode.Triangular,
        };
        CyclicScaleMode scaleMode = Text(spec, "scale_mode", "cycle") == "cycle" ? CyclicScaleMode.Cycle : CyclicScaleMode.Iterations;
        Func<double, double>? scaleFn = spec.TryGetProperty("scale_fn", out JsonElement name) ? Functions[name.GetString()!] : null;
        return new CyclicLR(
            optimizer, baseLr, maxLr, up, Int(spec, "step_size_down"), mode, Number(spec, "gamma", 1), scaleFn, scaleMode,
            Bool(spec, "cycle_momentum", true), PerGroup(spec, "base_momentum"), PerGroup(spec, "max_momentum"), lastEpoch);
    }

    private static OneCycleLR OneCycle(JsonElement spec, Optimizer optimizer, int lastEpoch) => new(
        optimizer,
        PerGroup(spec, "max_lr")!.Value,
        Int(spec, "total_steps"),
        Int(spec, "epochs"),
        Int(spec, "steps_per_epoch"),
        Number(spec, "pct_start", 0.3),
        Text(spec, "anneal_strategy", "cos") == "cos" ? AnnealStrategy.Cos : AnnealStrategy.Linear,
        Bool(spec, "cycle_momentum", true),
        PerGroup(spec, "base_momentum"),
        PerGroup(spec, "max_momentum"),
        Number(spec, "div_factor", 25),
        Number(spec, "final_div_factor", 1e4),
        Bool(spec, "three_phase", false),
        lastEpoch);

    private static ReduceLROnPlateau Plateau(JsonElement spec, Optimizer optimizer) =>
        spec.EnumerateObject().Count() == 1 ? new ReduceLROnPlateau(optimizer) : new ReduceLROnPlateau(
            optimizer,
            Text(spec, "mode", "min") == "min" ? PlateauMode.Min : PlateauMode.Max,
            Number(spec, "factor", 0.1),
            Int(spec, "patience") ?? 10,
            Number(spec, "threshold", 1e-4),
            Text(spec, "threshold_mode", "rel") == "rel" ? PlateauThresholdMode.Rel : PlateauThresholdMode.Abs,
            Int(spec, "cooldown") ?? 0,
            PerGroup(spec, "min_lr") ?? 0,
            Number(spec, "eps", 1e-8));

    private static EpochScheduler[] Parts(JsonElement spec, Optimizer optimizer) =>
        [.. spec.GetProperty("schedulers").EnumerateArray().Select(part => (EpochScheduler)Make(part, optimizer, -1))];

    private static int[] Milestones(JsonElement spec) => [.. spec.GetProperty("milestones").EnumerateArray().Select(epoch => epoch.GetInt32())];

    private static Func<int, double>[] Lambdas(JsonElement spec)
    {
        JsonElement names = spec.GetProperty("lr_lambda");
        IEnumerable<JsonElement> all = names.ValueKind == JsonValueKind.Array ? names.EnumerateArray() : [names];
        return [.. all.Select(name => Functions[name.GetString()!]).Select(function => new Func<int, double>(epoch => function(epoch)))];
    }

    private static PerGroup? PerGroup(JsonElement spec, string name) => !spec.TryGetProperty(name, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(each => each.GetDouble()).ToArray()
        : value.GetDouble();

    private static int? Int(JsonElement spec, string name) => spec.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : null;

    private static double Number(JsonElement spec, string name, double otherwise) =>
        spec.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : otherwise;

    private static bool Bool(JsonElement spec, string name, bool otherwise) =>
        spec.TryGetProperty(name, out JsonElement value) ? value.GetBoolean() : otherwise;

    private static string Text(JsonElement spec, string name, string otherwise) =>
        spec.TryGetProperty(name, out JsonElement value) ? value.GetString()! : otherwise;
}
