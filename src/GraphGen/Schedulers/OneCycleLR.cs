namespace GraphGen;

/// <summary>The curve on which <see cref="OneCycleLR"/> goes from one rate to another.</summary>
public enum AnnealStrategy
{
    /// <summary>Half a cosine.</summary>
    Cos,

    /// <summary>A line.</summary>
    Linear,
}

/// <summary>
/// Lets the learning rate rise once, from <c>maxLr/divFactor</c> in step 0 to <c>maxLr</c> in step <c>pctStart·T − 1</c>, and fall to
/// <c>maxLr/divFactor/finalDivFactor</c> in step <c>T − 1</c>, where T is <c>totalSteps</c>. Step it after each batch. It overwrites a
/// change made by hand, already when constructed.
/// </summary>
/// <remarks>
/// <para>
/// From a to b, with p from 0 to 1, a phase goes by <c>b + (a − b)·(1 + cos(π·p))/2</c> or <c>a + (b − a)·p</c>. With three phases the
/// rate falls as it rose, to <c>maxLr/divFactor</c> in step <c>2·pctStart·T − 2</c>, and to the end from there. Momentum falls from
/// <c>maxMomentum</c> to <c>baseMomentum</c> and rises back while the rate does the opposite: the momentum of <see cref="SGD"/>, β₁ of
/// <c>Adam</c>.
/// </para>
/// <para>
/// One step beyond the end goes on along the curve, but not below 0, nor out of the range of the momenta; the next is an error.
/// </para>
/// <para>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html">torch.optim.lr_scheduler.OneCycleLR</see>.</para>
/// <para>Smith, Topin: <see href="https://arxiv.org/abs/1708.07120">Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates</see>, 2017.</para>
/// </remarks>
public sealed class OneCycleLR : EpochScheduler
{
    private readonly bool _cycleMomentum;
    private int _totalSteps;
    private double _pctStart;
    private AnnealStrategy _annealStrategy;
    private bool _threePhase;
    private double[] _maxLrs;
    private double[] _minLrs;
    private double[] _baseMomentums = [];
    private double[] _maxMomentums = [];

    // Where the step that is being set is: in which phase, and how far in it.
    private Phase _phase;
    private double _pct;

    /// <summary>Schedules the groups of an optimizer.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="maxLr">The rate at the top, one for all groups or one for each; not negative.</param>
    /// <param name="totalSteps">Steps of the whole cycle, at least 1; null (the default) for <paramref name="epochs"/>·<paramref name="stepsPerEpoch"/>.</param>
    /// <param name="epochs">Epochs of the whole cycle, at least 1; of no effect if <paramref name="totalSteps"/> is given.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch, at least 1; of no effect if <paramref name="totalSteps"/> is given.</param>
    /// <param name="pctStart">The part of the cycle that rises, from 0 to 1; 0.3 by default.</param>
    /// <param name="annealStrategy">The curve; half a cosine by default.</param>
    /// <param name="cycleMomentum">Whether momentum is cycled too; true by default.</param>
    /// <param name="baseMomentum">The momentum at the top, one for all groups or one for each, in [0, 1); 0.85 by default.</param>
    /// <param name="maxMomentum">The momentum at start and end, one for all groups or one for each, in [0, 1); 0.95 by default.</param>
    /// <param name="divFactor">How many times lower than at the top the first rate is, more than 0; 25 by default.</param>
    /// <param name="finalDivFactor">How many times lower than the first rate the last is, more than 0; 10,000 by default.</param>
    /// <param name="threePhase">Whether the rate first falls as it rose, and then to the end; false by default.</param>
    /// <param name="lastEpoch">The step that a stopped schedule had reached; −1 (the default) to begin.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or there are several, but not one for each group.</exception>
    /// <exception cref="ArgumentException">
    /// Neither <paramref name="totalSteps"/> nor both <paramref name="epochs"/> and <paramref name="stepsPerEpoch"/> are given;
    /// <paramref name="cycleMomentum"/> is true, but the optimizer has no momentum; or
    /// <paramref name="lastEpoch"/> is given, but a group has no initial learning rate.
    /// </exception>
    public OneCycleLR(
        Optimizer optimizer,
        PerGroup maxLr,
        int? totalSteps = null,
        int? epochs = null,
        int? stepsPerEpoch = null,
        double pctStart = 0.3,
        AnnealStrategy annealStrategy = AnnealStrategy.Cos,
        bool cycleMomentum = true,
        PerGroup? baseMomentum = null,
        PerGroup? maxMomentum = null,
        double divFactor = 25,
        double finalDivFactor = 1e4,
        bool threePhase = false,
        int lastEpoch = -1)
        : base(optimizer, lastEpoch)
    {
        _totalSteps = TotalSteps(totalSteps, epochs, stepsPerEpoch);
        _pctStart = Hyperparameter.Fraction(pctStart);
        _annealStrategy = ScheduleArgument.Defined(annealStrategy);
        _threePhase = threePhase;
        _maxLrs = ScheduleArgument.NotNegative(maxLr.For(optimizer, nameof(maxLr)), nameof(maxLr));
        Hyperparameter.Positive(divFactor);
        Hyperparameter.Positive(finalDivFactor);
        double[] initialLrs = Array.ConvertAll(_maxLrs, rate => rate / divFactor);
        _minLrs = Array.ConvertAll(initialLrs, rate => rate / finalDivFactor);
        _cycleMomentum = cycleMomentum;
        if (cycleMomentum)
        {
            ScheduleArgument.RequireMomentum(optimizer, nameof(cycleMomentum));
            _baseMomentums = ScheduleArgument.Momenta((baseMomentum ?? 0.85).For(optimizer, nameof(baseMomentum)), nameof(baseMomentum));
            _maxMomentums = ScheduleArgument.Momenta((maxMomentum ?? 0.95).For(optimizer, nameof(maxMomentum)), nameof(maxMomentum));
        }

        if (lastEpoch > _totalSteps - 1)
        {
            Hyperparameter.Throw(lastEpoch, $"a step before {_totalSteps}, the last", nameof(lastEpoch));
        }

        for (int i = 0; i < initialLrs.Length && lastEpoch == -1; i++)
        {
            optimizer.Groups[i].InitialLearningRate = initialLrs[i];
        }

        Start();
    }

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        _totalSteps = Hyperparameter.AtLeast(1, state.Exchange("total_steps", _totalSteps), "total_steps");
        _pctStart = Hyperparameter.Fraction(state.Exchange("pct_start", _pctStart), "pct_start");
        _annealStrategy = (AnnealStrategy)ScheduleArgument.ExchangeChoice(state, "_anneal_func_type", (int)_annealStrategy, ["cos", "linear"]);
        _threePhase = state.Exchange("three_phase", _threePhase);
        _maxLrs = ScheduleArgument.NotNegative([.. state.Exchange("max_lr", _maxLrs)], "max_lr");
        _minLrs = ScheduleArgument.NotNegative([.. state.Exchange("min_lr", _minLrs)], "min_lr");
        if (_cycleMomentum)
        {
            _baseMomentums = ScheduleArgument.Momenta([.. state.Exchange("base_momentum", _baseMomentums)], "base_momentum");
            _maxMomentums = ScheduleArgument.Momenta([.. state.Exchange("max_momentum", _maxMomentums)], "max_momentum");
        }
    }

    /// <inheritdoc/>
    protected override double NextLearningRate(int group, double rate)
    {
        if (group >= _maxLrs.Length)
        {
            return rate;
        }

        double annealed = _phase switch
        {
            Phase.Rise => Anneal(BaseLearningRates[group], _maxLrs[group]),
            Phase.Return => Anneal(_maxLrs[group], BaseLearningRates[group]),
            Phase.Fall => Anneal(_maxLrs[group], _minLrs[group]),
            _ => Anneal(BaseLearningRates[group], _minLrs[group]),
        };

        // Only a line that goes on beyond its end comes here below 0.
        return Math.Max(0, annealed);
    }

    /// <inheritdoc/>
    private protected override void OnEpoch(double? metric)
    {
        if (LastEpoch > _totalSteps)
        {
            throw new InvalidOperationException($"Expected at most {_totalSteps} steps, got one more: the cycle is over.");
        }

        FindPhase();
    }

    /// <inheritdoc/>
    protected override double? NextMomentum(int group)
    {
        if (group >= _maxMomentums.Length)
        {
            return null;
        }

        double max = _maxMomentums[group], least = _baseMomentums[group];
        double annealed = _phase switch
        {
            Phase.Rise => Anneal(max, least),
            Phase.Return or Phase.Fall => Anneal(least, max),
            _ => max,
        };

        // As with the rate, only a line that goes on beyond its end comes outside.
        return Math.Clamp(annealed, Math.Min(least, max), Math.Max(least, max));
    }

    private static int TotalSteps(int? totalSteps, int? epochs, int? stepsPerEpoch)
    {
        if (totalSteps is int steps)
        {
            return Hyperparameter.AtLeast(1, steps, nameof(totalSteps));
        }

        if (epochs is null || stepsPerEpoch is null)
        {
            throw new ArgumentException("Expected totalSteps, or epochs and stepsPerEpoch.", nameof(totalSteps));
        }

        long product = (long)Hyperparameter.AtLeast(1, epochs.Value, nameof(epochs))
            * Hyperparameter.AtLeast(1, stepsPerEpoch.Value, nameof(stepsPerEpoch));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(product, int.MaxValue, nameof(epochs));
        return (int)product;
    }

    private void FindPhase()
    {
        double top = (_pctStart * _totalSteps) - 1;
        double back = (2 * _pctStart * _totalSteps) - 2;
        double end = _totalSteps - 1;
        if (LastEpoch <= top)
        {
            SetPhase(Phase.Rise, 0, top);
        }
        else if (!_threePhase)
        {
            SetPhase(Phase.Fall, top, end);
        }
        else if (LastEpoch <= back)
        {
            SetPhase(Phase.Return, top, back);
        }
        else
        {
            SetPhase(Phase.Vanish, back, end);
        }
    }

    private void SetPhase(Phase phase, double start, double end)
    {
        _phase = phase;

        // A phase that ends where it starts is over: PyTorch divides by 0 there.
        _pct = end == start ? 1 : (LastEpoch - start) / (end - start);
    }

    private double Anneal(double start, double end) => _annealStrategy == AnnealStrategy.Cos
        ? end + ((start - end) / 2 * (Math.Cos(Math.PI * _pct) + 1))
        : ((end - start) * _pct) + start;

    private enum Phase
    {
        Rise,
        Return,
        Fall,
        Vanish,
    }
}
