namespace GraphGen;

/// <summary>
/// Lets the learning rate fall along half a cosine again and again, each time from the initial rate:
/// <c>lr = etaMin + (lr₀ − etaMin)·(1 + cos(π·T/Tᵢ))/2</c>, where T is the epochs since the last restart, and Tᵢ those from one restart to
/// the next: <c>t0</c> at first, and <c>tMult</c> times as many after each. It overwrites a change made by hand.
/// </summary>
/// <remarks>
/// <para>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.html">torch.optim.lr_scheduler.CosineAnnealingWarmRestarts</see>.</para>
/// <para>Loshchilov, Hutter: <see href="https://arxiv.org/abs/1608.03983">SGDR: Stochastic Gradient Descent with Warm Restarts</see>, 2016.</para>
/// </remarks>
public sealed class CosineAnnealingWarmRestarts : EpochScheduler
{
    private int _t0;
    private int _tMult;
    private double _etaMin;

    // Epochs since the last restart, and from it to the next.
    private double _tCur;
    private double _tI;

    /// <summary>Schedules the groups of an optimizer.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="t0">Epochs until the first restart, at least 1.</param>
    /// <param name="tMult">How many times as many there are after each restart, at least 1; 1 by default.</param>
    /// <param name="etaMin">The smallest rate, not negative; 0 by default.</param>
    /// <param name="lastEpoch">The epoch that a stopped schedule had reached; −1 (the default) to begin.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="t0"/> or <paramref name="tMult"/> is less than 1, <paramref name="etaMin"/> is negative or NaN, or
    /// <paramref name="lastEpoch"/> is less than −1.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="lastEpoch"/> is given, but a group has no initial learning rate.</exception>
    public CosineAnnealingWarmRestarts(Optimizer optimizer, int t0, int tMult = 1, double etaMin = 0, int lastEpoch = -1)
        : base(optimizer, lastEpoch)
    {
        _t0 = Hyperparameter.AtLeast(1, t0);
        _tMult = Hyperparameter.AtLeast(1, tMult);
        _etaMin = Hyperparameter.NotNegative(etaMin);
        Start();
    }

    /// <summary>
    /// Goes to an epoch and sets its learning rates; a part of an epoch counts: <c>Step(epoch + batch/(double)batches)</c>.
    /// <see cref="EpochScheduler.Step()"/> goes on from there.
    /// </summary>
    /// <param name="epoch">The epoch, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epoch"/> is negative, NaN or beyond the 32-bit numbers.</exception>
    public void Step(double epoch)
    {
        if (!(epoch is >= 0 and < int.MaxValue))
        {
            Hyperparameter.Throw(epoch, "an epoch of 0 or more", nameof(epoch));
        }

        GoTo(epoch);
        LastEpoch = (int)Math.Floor(epoch);
        SetLearningRates();
    }

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        _t0 = Hyperparameter.AtLeast(1, state.Exchange("T_0", _t0), "T_0");
        _tMult = Hyperparameter.AtLeast(1, state.Exchange("T_mult", _tMult), "T_mult");
        _etaMin = Hyperparameter.NotNegative(state.Exchange("eta_min", _etaMin), "eta_min");
        _tCur = Hyperparameter.NotNegative(state.Exchange("T_cur", _tCur), "T_cur");
        _tI = Hyperparameter.Positive(state.Exchange("T_i", _tI), "T_i");
    }

    /// <inheritdoc/>
    protected override double NextLearningRate(int group, double rate) =>
        _etaMin + ((BaseLearningRates[group] - _etaMin) * (1 + Math.Cos(Math.PI * _tCur / _tI)) / 2);

    /// <inheritdoc/>
    private protected override void OnEpoch(double? metric)
    {
        if (IsInitial)
        {
            GoTo(LastEpoch);
            return;
        }

        _tCur++;
        if (_tCur >= _tI)
        {
            _tCur %= _tI;
            _tI *= _tMult;
        }
    }

    private void GoTo(double epoch)
    {
        _tI = _t0;
        if (_tMult == 1)
        {
            _tCur = epoch % _tI;
            return;
        }

        // By repeated subtraction, not by a logarithm, which rounding can put before a restart instead of on it.
        for (_tCur = epoch; _tCur >= _tI; _tI *= _tMult)
        {
            _tCur -= _tI;
        }
    }
}
