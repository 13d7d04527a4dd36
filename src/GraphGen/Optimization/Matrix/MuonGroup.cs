using System.Runtime.CompilerServices;

namespace GraphGen;

/// <summary>How <see cref="Muon"/>'s learning rate depends on the shape [R, C] of a matrix.</summary>
public enum MuonRateAdjustment
{
    /// <summary>lr·√max(1, R/C), as Muon was first described; PyTorch's <c>original</c>, its default.</summary>
    Original,

    /// <summary>
    /// lr·0.2·√max(R, C): updates have about the root mean square that AdamW's have, whose learning rate and decay may be used; PyTorch's
    /// <c>match_rms_adamw</c>.
    /// </summary>
    MatchRmsAdamW,
}

/// <summary>Parameters that <see cref="Muon"/> updates with the same options.</summary>
public sealed class MuonGroup : ParameterGroup
{
    private const int MostSteps = 99;
    private const string Original = "original";
    private const string MatchRmsAdamW = "match_rms_adamw";

    internal MuonGroup(IEnumerable<Parameter> parameters, double learningRate)
        : base(parameters, learningRate)
    {
        foreach (Parameter parameter in Parameters)
        {
            if (parameter.Shape.Length != 2)
            {
                throw new ArgumentException($"Expected parameters of two dimensions, got '{parameter}'.", nameof(parameters));
            }
        }
    }

    /// <summary>The decay, apart from the gradient; not negative.</summary>
    public double WeightDecay
    {
        get;
        set => field = Hyperparameter.NotNegative(value);
    }

    /// <summary>How much of the average of gradients is kept; not negative.</summary>
    public double Momentum
    {
        get;
        set => field = Hyperparameter.NotNegative(value);
    }

    /// <summary>Whether to look ahead by the momentum.</summary>
    public bool Nesterov { get; set; }

    /// <summary>The polynomial of the Newton-Schulz iteration.</summary>
    public (double A, double B, double C) NsCoefficients
    {
        get;
        set => field = Checked(value, nameof(value));
    }

    /// <summary>The least that a matrix is divided by before the iteration; not negative.</summary>
    public double Eps
    {
        get;
        set => field = Hyperparameter.NotNegative(value);
    }

    /// <summary>How often to iterate; in [0, 100).</summary>
    public int NsSteps
    {
        get;
        set => field = Checked(value, nameof(value));
    }

    /// <summary>How the learning rate depends on the shape.</summary>
    public MuonRateAdjustment AdjustLrFn
    {
        get;
        set => field = Checked(value, nameof(value));
    }

    /// <inheritdoc/>
    protected internal override double? CycledMomentum
    {
        get => Momentum;
        set => Momentum = value ?? Momentum;
    }

    internal static (double A, double B, double C) Checked(
        (double A, double B, double C) coefficients,
        string argument,
        [CallerMemberName] string? caller = null)
    {
        if (double.IsNaN(coefficients.A + coefficients.B + coefficients.C))
        {
            Hyperparameter.Throw(coefficients, "three numbers", argument, caller);
        }

        return coefficients;
    }

    internal static int Checked(int steps, string argument, [CallerMemberName] string? caller = null)
    {
        if (steps is < 0 or > MostSteps)
        {
            Hyperparameter.Throw(steps, $"0 to {MostSteps}", argument, caller);
        }

        return steps;
    }

    internal static MuonRateAdjustment Checked(MuonRateAdjustment adjustment, string argument, [CallerMemberName] string? caller = null)
    {
        if (adjustment is not (MuonRateAdjustment.Original or MuonRateAdjustment.MatchRmsAdamW))
        {
            Hyperparameter.Throw(adjustment, $"{nameof(MuonRateAdjustment.Original)} or {nameof(MuonRateAdjustment.MatchRmsAdamW)}", argument, caller);
        }

        return adjustment;
    }

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        WeightDecay = state.Exchange("weight_decay", WeightDecay);
        Momentum = state.Exchange("momentum", Momentum);
        Nesterov = state.Exchange("nesterov", Nesterov);
        double[] coefficients = state.Exchange("ns_coefficients", [NsCoefficients.A, NsCoefficients.B, NsCoefficients.C]);
        NsCoefficients = (coefficients[0], coefficients[1], coefficients[2]);
        Eps = state.Exchange("eps", Eps);
        NsSteps = state.Exchange("ns_steps", NsSteps);
        AdjustLrFn = state.ExchangeOptional("adjust_lr_fn", AdjustLrFn == MuonRateAdjustment.Original ? Original : MatchRmsAdamW) switch
        {
            null or Original => MuonRateAdjustment.Original,
            MatchRmsAdamW => MuonRateAdjustment.MatchRmsAdamW,
            string other => throw new StateDictException($"Expected '{Original}' or '{MatchRmsAdamW}' for 'adjust_lr_fn', got '{other}'."),
        };
    }
}
