namespace GraphGen;

/// <summary>
/// A scheduler that goes by the number of its steps. Call <see cref="Step"/> after each epoch, or after each batch where the schedule
/// counts batches, and always after the optimizer's step. Allocates nothing in a step.
/// </summary>
/// <remarks>
/// <para>
/// To write one, derive, give the rate of an epoch in <see cref="NextLearningRate"/>, and call <see cref="Start"/> at the end of the
/// constructor, which sets the rates of epoch 0.
/// </para>
/// <para>
/// A schedule constructed with a <c>lastEpoch</c> goes on after it: the groups have their <see cref="ParameterGroup.InitialLearningRate"/>
/// and the rates that the step to the next epoch had set. Schedules that multiply the rate in every epoch leave it, the others
/// set it again; <see cref="StepLR"/>, <see cref="MultiStepLR"/> and <see cref="ConstantLR"/> multiply it once more if that epoch is one
/// of their changes, as in PyTorch. A state dict has no such exception, and is the better way to go on.
/// </para>
/// <para>
/// Groups that the optimizer is given later are scheduled from then on, except by schedules that were given a function for each group,
/// and by <see cref="CyclicLR"/> and <see cref="OneCycleLR"/>, whose rates are those of the groups there were.
/// </para>
/// <para>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LRScheduler.html">torch.optim.lr_scheduler.LRScheduler</see>.</para>
/// </remarks>
public abstract class EpochScheduler : LearningRateScheduler
{
    private double[] _baseLearningRates = [];
    private double[] _nextLearningRates = [];
    private double?[] _nextMomenta = [];
    private bool _isStarted;

    // What the groups were before the construction, which puts it back if it fails.
    private (double Rate, double? InitialRate)[] _before;

    /// <summary>Schedules the groups of an optimizer. It changes nothing yet: <see cref="Start"/> does.</summary>
    /// <param name="optimizer">The optimizer whose groups are scheduled.</param>
    /// <param name="lastEpoch">The epoch that a stopped schedule had reached; −1 (the default) to begin.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lastEpoch"/> is less than −1.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="lastEpoch"/> is in the middle of a schedule, but a group has no <see cref="ParameterGroup.InitialLearningRate"/>.
    /// </exception>
    protected EpochScheduler(Optimizer optimizer, int lastEpoch = -1)
        : base(optimizer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lastEpoch, -1);
        for (int i = 0; i < optimizer.Groups.Count && lastEpoch != -1; i++)
        {
            if (optimizer.Groups[i].InitialLearningRate is null)
            {
                throw new ArgumentException(
                    $"Expected an InitialLearningRate in every group to go on after epoch {lastEpoch}, got none in group {i}.",
                    nameof(lastEpoch));
            }
        }

        LastEpoch = lastEpoch;
        _before = [.. optimizer.Groups.Select(group => (group.LearningRate, group.InitialLearningRate))];
    }

    /// <summary>The rate that each group started from: its <see cref="ParameterGroup.InitialLearningRate"/> when the schedule began.</summary>
    protected IReadOnlyList<double> BaseLearningRates => _baseLearningRates;

    /// <summary>
    /// Whether the rates being set are the first of the schedule, in its construction or when a <see cref="SequentialLR"/> comes to it.
    /// A schedule that multiplies the rate in every epoch leaves it alone then.
    /// </summary>
    protected bool IsInitial { get; private set; }

    /// <summary>Goes on to the next epoch and sets its learning rates.</summary>
    /// <exception cref="InvalidOperationException">
    /// The schedule is over, gives a rate or momentum that cannot be, or needs a metric, as one that joins a <see cref="ReduceLROnPlateau"/>
    /// with others does when it is that one's turn; nothing has changed.
    /// </exception>
    public void Step() => Advance(metric: null);

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        KnowAllGroups();
        base.Exchange(state);
        _baseLearningRates = [.. state.Exchange("base_lrs", _baseLearningRates)];
        if (state.IsLoading)
        {
            // A schedule in an epoch has been started, if not here then where it was saved; one before the first has that still to set.
            _isStarted = LastEpoch >= 0;
        }
    }

    /// <summary>
    /// Notes the groups' learning rates as those to start from, goes to epoch 0 (or the one after <c>lastEpoch</c>) and sets its rates.
    /// Derived classes call it at the end of their constructors, when <see cref="NextLearningRate"/> has all it needs; a second call
    /// does nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">The schedule gives a rate or momentum that cannot be; nothing has changed.</exception>
    protected void Start()
    {
        if (_isStarted)
        {
            return;
        }

        _isStarted = true;
        LastEpoch++;
        try
        {
            EnterAsInitial();
        }
        catch
        {
            for (int i = 0; i < _before.Length; i++)
            {
                (Optimizer.Groups[i].LearningRate, Optimizer.Groups[i].InitialLearningRate) = _before[i];
            }

            LastEpoch--;
            _isStarted = false;
            throw;
        }

        _before = [];
    }

    /// <summary>The learning rate of a group in epoch <see cref="LearningRateScheduler.LastEpoch"/>; not negative.</summary>
    /// <param name="group">Which of the optimizer's groups; its initial rate is <see cref="BaseLearningRates"/><c>[group]</c>.</param>
    /// <param name="rate">
    /// The rate it has now. A schedule that multiplies this one keeps a change made by hand, and goes together with others.
    /// </param>
    protected abstract double NextLearningRate(int group, double rate);

    /// <summary>What there is to do in an epoch before its rates are set; it changes nothing if it throws.</summary>
    /// <param name="metric">The metric that the step was given, if any.</param>
    private protected virtual void OnEpoch(double? metric)
    {
    }

    /// <summary>
    /// The momentum of a group in epoch <see cref="LearningRateScheduler.LastEpoch"/>, in [0, 1): that of <see cref="SGD"/>, β₁ of <c>Adam</c>. Null
    /// (the default) leaves it alone; optimizers that have neither take no other.
    /// </summary>
    /// <param name="group">Which of the optimizer's groups.</param>
    protected virtual double? NextMomentum(int group) => null;

    internal override bool NeedsMetric => false;

    internal override void Begin()
    {
        LastEpoch = 0;
        EnterAsInitial();
    }

    internal sealed override void Advance(double? metric)
    {
        Start();
        if (metric is null && NeedsMetric)
        {
            throw new InvalidOperationException(
                $"Expected a metric for the step to epoch {LastEpoch + 1} of {GetType().Name}, when it is the turn of a ReduceLROnPlateau: call Step(metric).");
        }

        LastEpoch++;
        try
        {
            Enter(metric);
        }
        catch
        {
            LastEpoch--;
            throw;
        }
    }

    private protected override double InitialLearningRate(int group)
    {
        KnowAllGroups();
        return _baseLearningRates[group];
    }

    /// <summary>Starts without setting rates: others have set them.</summary>
    private protected void StartWithRatesThereAre(int epoch)
    {
        _isStarted = true;
        _before = [];
        LastEpoch = epoch;
        KnowAllGroups();
        NoteLearningRates();
    }

    /// <summary>Schedules from other rates than the groups' initial ones.</summary>
    private protected void StartFrom(double[] baseLearningRates) => _baseLearningRates = baseLearningRates;

    private void EnterAsInitial()
    {
        IsInitial = true;
        try
        {
            Enter(metric: null);
        }
        finally
        {
            IsInitial = false;
        }
    }

    private void Enter(double? metric)
    {
        KnowAllGroups();
        OnEpoch(metric);
        SetLearningRates();
    }

    /// <summary>Sets the rates and momenta of epoch <see cref="LearningRateScheduler.LastEpoch"/>: all, or none if one is impossible.</summary>
    private protected void SetLearningRates()
    {
        IReadOnlyList<ParameterGroup> groups = Optimizer.Groups;
        for (int i = 0; i < _nextLearningRates.Length; i++)
        {
            double rate = NextLearningRate(i, groups[i].LearningRate);
            if (!(rate >= 0))
            {
                throw new InvalidOperationException(
                    $"Expected learning rates of 0 or more, got {rate} from {GetType().Name} for group {i} in epoch {LastEpoch}.");
            }

            double? momentum = NextMomentum(i);
            if (momentum is not null && groups[i].CycledMomentum is null)
            {
                throw new InvalidOperationException(
                    $"Expected an optimizer with a momentum or a beta1 for {GetType().Name} to set, got {Optimizer.GetType().Name}.");
            }

            if (momentum is not (null or (>= 0 and < 1)))
            {
                throw new InvalidOperationException(
                    $"Expected momenta of at least 0 and less than 1, got {momentum} from {GetType().Name} for group {i} in epoch {LastEpoch}.");
            }

            _nextLearningRates[i] = rate;
            _nextMomenta[i] = momentum;
        }

        for (int i = 0; i < _nextLearningRates.Length; i++)
        {
            groups[i].LearningRate = _nextLearningRates[i];
            if (_nextMomenta[i] is { } momentum)
            {
                groups[i].CycledMomentum = momentum;
            }
        }

        NoteLearningRates();
    }

    private void KnowAllGroups()
    {
        int known = _baseLearningRates.Length, count = Optimizer.Groups.Count;
        if (known == count)
        {
            return;
        }

        Array.Resize(ref _baseLearningRates, count);
        _nextLearningRates = new double[count];
        _nextMomenta = new double?[count];
        for (int i = known; i < count; i++)
        {
            ParameterGroup group = Optimizer.Groups[i];
            _baseLearningRates[i] = group.InitialLearningRate ??= group.LearningRate;
        }
    }
}
