using System.Text.Json;

namespace GraphGen.Tests.Golden;

/// <summary>
/// What PyTorch's schedulers did in one case; <c>make_schedulers.py</c> writes them all into one file and says what it holds.
/// </summary>
internal sealed class SchedulerCase
{
    public const int Epochs = 200;
    public const int HandEpoch = 100;
    public const double HandRate = 0.0123;
    public const int ResumeEpoch = 92;

    private static readonly Lazy<Dictionary<string, SchedulerCase>> Cases = new(ReadAll);

    private readonly JsonElement _case;
    private readonly double[] _lrs;

    private SchedulerCase(JsonElement element)
    {
        _case = element;
        _lrs = Doubles(element.GetProperty("lrs"));
        Rates = Series(element.GetProperty("rates"));
        Momenta = element.TryGetProperty("momenta", out JsonElement momenta) ? Series(momenta) : null;
        if (element.TryGetProperty("by_hand", out JsonElement tails))
        {
            RatesByHand = [.. tails.EnumerateArray().Select((tail, group) => tail.ValueKind == JsonValueKind.Null
                ? Rates[group]
                : [.. Rates[group][..(HandEpoch + 1)], .. Values(tail)])];
        }
    }

    public static IEnumerable<string> Names => Cases.Value.Keys;

    public string Name => _case.GetProperty("name").GetString()!;

    public string Type => _case.GetProperty("scheduler").GetProperty("type").GetString()!;

    public bool Resumes => _case.GetProperty("resumes").GetBoolean();

    /// <summary>Of each group, of epochs 0 to 200.</summary>
    public double[][] Rates { get; }

    /// <summary>The same, where the first group's rate was set by hand in epoch 100.</summary>
    public double[][]? RatesByHand { get; }

    public double[][]? Momenta { get; }

    public static SchedulerCase Get(string name) => Cases.Value[name];

    public Optimizer MakeOptimizer()
    {
        ParameterBlock block = new(0, [.. _lrs.Select((_, i) => ParameterSpec.Ones($"w{i}", [2]))]);
        IEnumerable<IEnumerable<Parameter>> groups = block.Select(parameter => new[] { parameter });
        Optimizer optimizer = _case.GetProperty("optimizer").GetString() == "Adam" ? new Adam(groups, 0.1) : new SGD(groups, 0.1, momentum: 0.5);
        for (int i = 0; i < _lrs.Length; i++)
        {
            optimizer.Groups[i].LearningRate = _lrs[i];
        }

        return optimizer;
    }

    public LearningRateScheduler MakeScheduler(Optimizer optimizer, int lastEpoch = -1) =>
        SchedulerFactory.Make(_case.GetProperty("scheduler"), optimizer, lastEpoch);

    public void Step(LearningRateScheduler scheduler, int epoch)
    {
        if (scheduler is ReduceLROnPlateau plateau)
        {
            JsonElement metric = _case.GetProperty("metrics")[epoch];
            plateau.Step(metric.ValueKind == JsonValueKind.Null ? double.NaN : metric.GetDouble());
        }
        else if (_case.TryGetProperty("steps", out JsonElement steps) && steps[epoch].ValueKind != JsonValueKind.Null)
        {
            ((CosineAnnealingWarmRestarts)scheduler).Step(steps[epoch].GetDouble());
        }
        else
        {
            ((EpochScheduler)scheduler).Step();
        }
    }

    public static double Momentum(ParameterGroup group) => group is AdamGroup adam ? adam.Betas.Beta1 : ((SGDGroup)group).Momentum;

    private static Dictionary<string, SchedulerCase> ReadAll() =>
        GoldenFile.Read<JsonElement>("Schedulers").GetProperty("cases").EnumerateArray().Select(element => new SchedulerCase(element)).ToDictionary(each => each.Name);

    private static double[][] Series(JsonElement groups) => [.. groups.EnumerateArray().Select(Values)];

    /// <summary>Numbers, or pairs of a number and how often it comes.</summary>
    private static double[] Values(JsonElement series) => [.. series.EnumerateArray().SelectMany(value => value.ValueKind == JsonValueKind.Array
        ? Enumerable.Repeat(value[0].GetDouble(), value[1].GetInt32())
        : [value.GetDouble()])];

    private static double[] Doubles(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];
}
