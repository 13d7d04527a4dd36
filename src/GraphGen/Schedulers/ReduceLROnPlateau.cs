namespace GraphGen;

/// <summary>Whether a metric of <see cref="ReduceLROnPlateau"/> is better when it is smaller or when it is larger.</summary>
public enum PlateauMode
{
    /// <summary>Smaller is better: a loss.</summary>
    Min,

    /// <summary>Larger is better: an accuracy.</summary>
    Max,
}

/// <summary>What the threshold of <see cref="ReduceLROnPlateau"/> is measured in.</summary>
public enum PlateauThresholdMode
{
    /// <summary>Parts of the best metric so far.</summary>
    Rel,

    /// <summary>The metric's own unit.</summary>
    Abs,
}

/// <summary>
/// Multiplies the learning rate by <c>factor</c> when a metric has not become better for more than <c>patience</c> epochs:
/// <code>
/// better        metric &lt; best·(1 − threshold)   min, rel          metric &lt; best − threshold   min, abs
///               metric &gt; best·(1 + threshold)   max, rel          metric &gt; best + threshold   max, abs
/// bad epochs    0 if better or cooling down, one more if not
/// lr            max(lr·factor, minLr)          if bad epochs &gt; patience and it is less by more than eps
/// </code>
/// It multiplies the rate there is, so a change made by hand stays. A metric that is not a number is not better.
/// </summary>
/// <remarks>
/// <para>
/// After a reduction bad epochs are not counted for <c>cooldown</c> epochs. Mind that with a negative metric the relative threshold of
/// <see cref="PlateauMode.Min"/> lies above the best.
/// </para>
/// <para>A <see cref="SequentialLR"/> or <see cref="ChainedScheduler"/> takes it too, as after a warm-up, and is then stepped with the metric.</para>
/// <para>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html">torch.optim.lr_scheduler.ReduceLROnPlateau</see>.</para>
/// </remarks>
public sealed class ReduceLROnPlateau : LearningRateScheduler
{
    private readonly double? _minLr;
    private PlateauMode _mode;
    private PlateauThresholdMode _thresholdMode;
    private double _factor;
    private int _patience;
    private double _threshold;
    private int _cooldown;
    private double[] _minLrs;
    private double _eps;
    private int _cooldownCounter;

    /// <summary>Schedules the groups of an optimizer. It changes nothing yet.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="mode">Whether smaller or larger is better; smaller by default.</param>
    /// <param name="factor">The factor of a reduction, in [0, 1); 0.1 by default.</param>
    /// <param name="patience">How many bad epochs in a row change nothing, not negative; 10 by default.</param>
    /// <param name="threshold">How much better than the best a metric has to be, not negative; 0.0001 by default.</param>
    /// <param name="thresholdMode">What the threshold is measured in; parts of the best by default.</param>
    /// <param name="cooldown">How many epochs after a reduction are never bad, not negative; 0 by default.</param>
    /// <param name="minLr">The smallest rate, one for all groups or one for each, not negative; 0 by default.</param>
    /// <param name="eps">A reduction by this or less is left out; not negative, 1e-8 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A number is out of its range, or <paramref name="minLr"/> has several, but not one for each group.
    /// </exception>
    public ReduceLROnPlateau(
        Optimizer optimizer,
        PlateauMode mode = PlateauMode.Min,
        double factor = 0.1,
        int patience = 10,
        double threshold = 1e-4,
        PlateauThresholdMode thresholdMode = PlateauThresholdMode.Rel,
        int cooldown = 0,
        PerGroup minLr = default,
        double eps = 1e-8)
        : base(optimizer)
    {
        _mode = ScheduleArgument.Defined(mode);
        _factor = ScheduleArgument.FactorBelowOne(factor);
        _patience = Hyperparameter.AtLeast(0, patience);
        _threshold = Hyperparameter.NotNegative(threshold);
        _thresholdMode = ScheduleArgument.Defined(thresholdMode);
        _cooldown = Hyperparameter.AtLeast(0, cooldown);
        _minLrs = ScheduleArgument.NotNegative(minLr.For(optimizer, nameof(minLr)), nameof(minLr));
        _minLr = minLr.Common;
        _eps = Hyperparameter.NotNegative(eps);
        Reset();
        NoteLearningRates();
    }

    /// <summary>The best metric so far; infinity before the first.</summary>
    public double Best { get; private set; }

    /// <summary>How many epochs in a row have been bad.</summary>
    public int BadEpochs { get; private set; }

    /// <summary>Goes on to the next epoch, and reduces the learning rates if it is one bad epoch too many. Allocates nothing.</summary>
    /// <param name="metric">The metric after the epoch: a validation loss, say.</param>
    /// <exception cref="InvalidOperationException">
    /// The optimizer has been given another group, but the schedule has a smallest rate for each of those before; nothing has changed.
    /// </exception>
    public void Step(double metric)
    {
        KnowAllGroups();
        LastEpoch++;
        if (IsBetter(metric))
        {
            Best = metric;
            BadEpochs = 0;
        }
        else
        {
            BadEpochs++;
        }

        if (_cooldownCounter > 0)
        {
            _cooldownCounter--;
            BadEpochs = 0;
        }

        if (BadEpochs > _patience)
        {
            Reduce();
            _cooldownCounter = _cooldown;
            BadEpochs = 0;
        }

        NoteLearningRates();
    }

    /// <inheritdoc/>
    protected internal override bool RestartsFromInitialRate => true;

    internal override bool NeedsMetric => true;

    internal override void Begin()
    {
        LastEpoch = 0;
        Reset();
        NoteLearningRates();
    }

    internal override void Advance(double? metric) =>
        Step(metric ?? throw new InvalidOperationException($"Expected a metric for {nameof(ReduceLROnPlateau)}: call Step(metric)."));

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        KnowAllGroups();
        base.Exchange(state);
        _mode = (PlateauMode)ScheduleArgument.ExchangeChoice(state, "mode", (int)_mode, ["min", "max"]);
        _factor = ScheduleArgument.FactorBelowOne(state.Exchange("factor", _factor), "factor");
        _patience = Hyperparameter.AtLeast(0, state.Exchange("patience", _patience), "patience");
        _threshold = Hyperparameter.NotNegative(state.Exchange("threshold", _threshold), "threshold");
        _thresholdMode = (PlateauThresholdMode)ScheduleArgument.ExchangeChoice(state, "threshold_mode", (int)_thresholdMode, ["rel", "abs"]);
        _cooldown = Hyperparameter.AtLeast(0, state.Exchange("cooldown", _cooldown), "cooldown");
        _minLrs = ScheduleArgument.NotNegative([.. state.Exchange("min_lrs", _minLrs)], "min_lrs");
        _eps = Hyperparameter.NotNegative(state.Exchange("eps", _eps), "eps");
        Best = state.Exchange("best", Best);
        BadEpochs = Hyperparameter.AtLeast(0, state.Exchange("num_bad_epochs", BadEpochs), "num_bad_epochs");
        _cooldownCounter = Hyperparameter.AtLeast(0, state.Exchange("cooldown_counter", _cooldownCounter), "cooldown_counter");
    }

    private bool IsBetter(double metric) => (_mode, _thresholdMode) switch
    {
        (PlateauMode.Min, PlateauThresholdMode.Rel) => metric < Best * (1 - _threshold),
        (PlateauMode.Min, _) => metric < Best - _threshold,
        (_, PlateauThresholdMode.Rel) => metric > Best * (1 + _threshold),
        _ => metric > Best + _threshold,
    };

    /// <summary>Forgets the metrics there have been.</summary>
    private void Reset()
    {
        Best = _mode == PlateauMode.Min ? double.PositiveInfinity : double.NegativeInfinity;
        BadEpochs = 0;
        _cooldownCounter = 0;
    }

    private void Reduce()
    {
        for (int i = 0; i < _minLrs.Length; i++)
        {
            ParameterGroup group = Optimizer.Groups[i];
            double reduced = Math.Max(group.LearningRate * _factor, _minLrs[i]);
            if (group.LearningRate - reduced > _eps)
            {
                group.LearningRate = reduced;
            }
        }
    }

    private void KnowAllGroups()
    {
        int known = _minLrs.Length, count = Optimizer.Groups.Count;
        if (known == count)
        {
            return;
        }

        double minLr = _minLr ?? throw new InvalidOperationException(
            $"Expected the {known} groups that there is a smallest rate for, got {count}: construct the scheduler after the last group is added.");
        Array.Resize(ref _minLrs, count);
        Array.Fill(_minLrs, minLr, known, count - known);
    }
}
