namespace GraphGen;

/// <summary>How the cycles of <see cref="CyclicLR"/> shrink.</summary>
public enum CyclicMode
{
    /// <summary>They do not.</summary>
    Triangular,

    /// <summary>Each is half as high as the one before.</summary>
    Triangular2,

    /// <summary>By <c>gamma</c> in each step.</summary>
    ExpRange,
}

/// <summary>What the <c>scaleFn</c> of <see cref="CyclicLR"/> is a function of.</summary>
public enum CyclicScaleMode
{
    /// <summary>The cycle's number: 1, 2, ...</summary>
    Cycle,

    /// <summary>The steps since the start: 0, 1, ...</summary>
    Iterations,
}

/// <summary>
/// Lets the learning rate rise along a line from <c>baseLr</c> to <c>maxLr</c> and fall back, over and over:
/// <c>lr(e) = baseLr + (maxLr − baseLr)·h(e)·scale</c>, where h rises from 0 to 1 in <c>stepSizeUp</c> steps and falls to 0 in
/// <c>stepSizeDown</c>. Step it after each batch. It overwrites a change made by hand, already when constructed.
/// </summary>
/// <remarks>
/// <para>
/// The scale is 1 (triangular), <c>1/2^(cycle − 1)</c> (triangular2), <c>gamma^e</c> (exp_range) or <c>scaleFn</c>. Momentum goes the
/// other way, <c>maxMomentum − (maxMomentum − baseMomentum)·h(e)·scale</c>: the momentum of <see cref="SGD"/>, β₁ of <c>Adam</c>.
/// </para>
/// <para>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CyclicLR.html">torch.optim.lr_scheduler.CyclicLR</see>.</para>
/// <para>Smith: <see href="https://arxiv.org/abs/1506.01186">Cyclical Learning Rates for Training Neural Networks</see>, 2015.</para>
/// </remarks>
public sealed class CyclicLR : EpochScheduler
{
    private readonly Func<double, double>? _scaleFn;
    private readonly bool _cycleMomentum;
    private double[] _maxLrs;
    private double _totalSize;
    private double _stepRatio;
    private CyclicMode _mode;
    private CyclicScaleMode _scaleMode;
    private double _gamma;
    private double[] _baseMomentums = [];
    private double[] _maxMomentums = [];

    // How far the cycle is from its base, of the epoch that is being set.
    private double _height;

    /// <summary>Schedules the groups of an optimizer.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="baseLr">The rate at the foot of a cycle, one for all groups or one for each; not negative.</param>
    /// <param name="maxLr">The rate at the top of a cycle, one for all groups or one for each; not negative.</param>
    /// <param name="stepSizeUp">Steps from foot to top, at least 1; 2000 by default.</param>
    /// <param name="stepSizeDown">Steps from top to foot, not negative; as many as up by default.</param>
    /// <param name="mode">How cycles shrink; not at all by default. A <paramref name="scaleFn"/> replaces it.</param>
    /// <param name="gamma">The factor of each step in <see cref="CyclicMode.ExpRange"/>, not negative; 1 by default.</param>
    /// <param name="scaleFn">The factor of a cycle's height, from 0 to 1; null (the default) goes by <paramref name="mode"/>. State dicts do not hold it.</param>
    /// <param name="scaleMode">What <paramref name="scaleFn"/> is a function of; the cycle by default.</param>
    /// <param name="cycleMomentum">Whether momentum is cycled too; true by default.</param>
    /// <param name="baseMomentum">The momentum at the top of a cycle, one for all groups or one for each, in [0, 1); 0.8 by default.</param>
    /// <param name="maxMomentum">The momentum at the foot of a cycle, one for all groups or one for each, in [0, 1); 0.9 by default.</param>
    /// <param name="lastEpoch">The step that a stopped schedule had reached; −1 (the default) to begin.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or there are several, but not one for each group.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="cycleMomentum"/> is true, but the optimizer has no momentum; or <paramref name="lastEpoch"/> is given, but a group
    /// has no initial learning rate.
    /// </exception>
    public CyclicLR(
        Optimizer optimizer,
        PerGroup baseLr,
        PerGroup maxLr,
        int stepSizeUp = 2000,
        int? stepSizeDown = null,
        CyclicMode mode = CyclicMode.Triangular,
        double gamma = 1,
        Func<double, double>? scaleFn = null,
        CyclicScaleMode scaleMode = CyclicScaleMode.Cycle,
        bool cycleMomentum = true,
        PerGroup? baseMomentum = null,
        PerGroup? maxMomentum = null,
        int lastEpoch = -1)
        : base(optimizer, lastEpoch)
    {
        double[] baseLrs = ScheduleArgument.NotNegative(baseLr.For(optimizer, nameof(baseLr)), nameof(baseLr));
        _maxLrs = ScheduleArgument.NotNegative(maxLr.For(optimizer, nameof(maxLr)), nameof(maxLr));
        double up = Hyperparameter.AtLeast(1, stepSizeUp);
        _totalSize = up + Hyperparameter.AtLeast(0, stepSizeDown ?? stepSizeUp, nameof(stepSizeDown));
        _stepRatio = up / _totalSize;
        _mode = ScheduleArgument.Defined(mode);
        _gamma = Hyperparameter.NotNegative(gamma);
        _scaleFn = scaleFn;
        _scaleMode = ScheduleArgument.Defined(scaleMode);
        _cycleMomentum = cycleMomentum;
        if (cycleMomentum)
        {
            ScheduleArgument.RequireMomentum(optimizer, nameof(cycleMomentum));
            _baseMomentums = ScheduleArgument.Momenta((baseMomentum ?? 0.8).For(optimizer, nameof(baseMomentum)), nameof(baseMomentum));
            _maxMomentums = ScheduleArgument.Momenta((maxMomentum ?? 0.9).For(optimizer, nameof(maxMomentum)), nameof(maxMomentum));
        }

        for (int i = 0; i < baseLrs.Length && lastEpoch == -1; i++)
        {
            optimizer.Groups[i].LearningRate = baseLrs[i];
        }

        // As in PyTorch the first rate is the group's initial one, which is another than baseLr if another scheduler noted it before.
        Start();
        StartFrom(baseLrs);
    }

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        _maxLrs = ScheduleArgument.NotNegative([.. state.Exchange("max_lrs", _maxLrs)], "max_lrs");
        _totalSize = Hyperparameter.Positive(state.Exchange("total_size", _totalSize), "total_size");
        _stepRatio = ScheduleArgument.PositiveFactor(state.Exchange("step_ratio", _stepRatio), "step_ratio");
        _mode = (CyclicMode)ScheduleArgument.ExchangeChoice(state, "mode", (int)_mode, ["triangular", "triangular2", "exp_range"]);
        _scaleMode = (CyclicScaleMode)ScheduleArgument.ExchangeChoice(state, "scale_mode", (int)_scaleMode, ["cycle", "iterations"]);
        _gamma = Hyperparameter.NotNegative(state.Exchange("gamma", _gamma), "gamma");
        if (_cycleMomentum)
        {
            _baseMomentums = ScheduleArgument.Momenta([.. state.Exchange("base_momentums", _baseMomentums)], "base_momentums");
            _maxMomentums = ScheduleArgument.Momenta([.. state.Exchange("max_momentums", _maxMomentums)], "max_momentums");
        }
    }

    /// <inheritdoc/>
    protected override double NextLearningRate(int group, double rate) =>
        group < _maxLrs.Length ? BaseLearningRates[group] + ((_maxLrs[group] - BaseLearningRates[group]) * _height) : rate;

    /// <inheritdoc/>
    private protected override void OnEpoch(double? metric)
    {
        double cycle = Math.Floor(1 + (LastEpoch / _totalSize));
        double x = 1 + (LastEpoch / _totalSize) - cycle;
        double height = x <= _stepRatio ? x / _stepRatio : (x - 1) / (_stepRatio - 1);
        _height = height * Scale(cycle);
    }

    /// <inheritdoc/>
    protected override double? NextMomentum(int group) =>
        group < _maxMomentums.Length ? _maxMomentums[group] - ((_maxMomentums[group] - _baseMomentums[group]) * _height) : null;

    private double Scale(double cycle) => _scaleFn is null
        ? _mode switch
        {
            CyclicMode.Triangular2 => 1 / Math.Pow(2, cycle - 1),
            CyclicMode.ExpRange => Math.Pow(_gamma, LastEpoch),
            _ => 1,
        }
        : _scaleFn(_scaleMode == CyclicScaleMode.Cycle ? cycle : LastEpoch);
}
