using System.Text.Json;

namespace GraphGen.Tests.Optimization;

/// <summary>Makes SparseAdam, Adafactor and Muon, with their defaults or from options under PyTorch's names.</summary>
internal static class SpecialOptimizerFactory
{
    internal static readonly string[] Names = [nameof(SparseAdam), nameof(Adafactor), nameof(Muon)];

    internal static Optimizer Create(string name, IEnumerable<IEnumerable<Parameter>> groups) => name switch
    {
        nameof(SparseAdam) => new SparseAdam(groups),
        nameof(Adafactor) => new Adafactor(groups),
        nameof(Muon) => new Muon(groups),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such optimizer."),
    };

    internal static Optimizer Create(string name, IEnumerable<IEnumerable<Parameter>> groups, Dictionary<string, JsonElement> options)
    {
        return name switch
        {
            nameof(SparseAdam) => new SparseAdam(groups, Number("lr"), (Element("betas", 0), Element("betas", 1)), Number("eps"), Flag("maximize")),
            nameof(Adafactor) => new Adafactor(
                groups,
                Number("lr"),
                Number("beta2_decay"),
                (options["eps"][0].ValueKind == JsonValueKind.Null ? null : Element("eps", 0), Element("eps", 1)),
                Number("d"),
                Number("weight_decay"),
                Flag("maximize")),
            nameof(Muon) => new Muon(
                groups,
                Number("lr"),
                Number("weight_decay"),
                Number("momentum"),
                Flag("nesterov"),
                (Element("ns_coefficients", 0), Element("ns_coefficients", 1), Element("ns_coefficients", 2)),
                Number("eps"),
                options["ns_steps"].GetInt32(),
                options["adjust_lr_fn"].GetString() == "original" ? MuonRateAdjustment.Original : MuonRateAdjustment.MatchRmsAdamW),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such optimizer."),
        };

        double Number(string option) => options[option].GetDouble();
        bool Flag(string option) => options[option].GetBoolean();
        double Element(string option, int index) => options[option][index].GetDouble();
    }
}
