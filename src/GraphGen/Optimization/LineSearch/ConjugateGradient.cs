namespace GraphGen;

/// <summary>How <see cref="ConjugateGradient"/> weighs the last direction: β, for the gradient g, the one before g₀ and the direction d.</summary>
public enum ConjugateGradientBeta
{
    /// <summary><c>max(0, g·(g − g₀) / g₀·g₀)</c>: Polak and Ribière's, which starts afresh by itself where it would be negative.</summary>
    PolakRibierePlus,

    /// <summary><c>g·g / g₀·g₀</c>: Fletcher and Reeves'.</summary>
    FletcherReeves,

    /// <summary><c>g·(g − g₀) / d·(g − g₀)</c>: Hestenes and Stiefel's.</summary>
    HestenesStiefel,

    /// <summary><c>g·g / d·(g − g₀)</c>: Dai and Yuan's.</summary>
    DaiYuan,
}

/// <summary>
/// Nonlinear conjugate gradients: goes along the gradient and a part of the last direction. In each iteration, for the parameters
/// x with gradient g, the gradient g₀ and the direction d before:
/// <code>
/// β ← 0                                         in the first iteration and where it starts afresh, else by the rule
/// d ← −g + β·d
/// t ← min(1, 1/Σ|g|)·lr                         in the first iteration, else (t before)·(g₀·d before)/(g·d)
/// t ← a search along d that starts with t       for the strong Wolfe conditions, with c1 = 1e-4
/// x ← x + t·d
/// </code>
/// It starts afresh, along −g, after <c>restartEvery</c> iterations; where |g·g₀| ≥ <c>restartThreshold</c>·g·g: gradients in a row are
/// orthogonal as long as the loss is about quadratic; where d would not go downhill; and after an iteration that did not move. A step ends
/// as <see cref="LBFGS"/>'s does: after <c>maxIter</c> iterations, or after one with which there are <c>maxEval</c> evaluations, no |g|
/// is above <c>toleranceGrad</c>, no |t·d| is above <c>toleranceChange</c> or the loss changes by less than that; or when g·d is
/// above −<c>toleranceChange</c>.
/// </summary>
/// <remarks>
/// <para>
/// It is for the whole data, or large batches, and smooth losses: the closure has to return the same for the same parameters, so without
/// dropout. It keeps 7 vectors of the parameters' size, where L-BFGS keeps hundreds. The next step goes on along the last one's direction.
/// </para>
/// <para>
/// Nocedal, Wright, <see href="https://doi.org/10.1007/978-0-387-40065-5">Numerical Optimization</see>, 2nd edition, 2006, section 5.2 (its
/// equations 5.41, 5.44 to 5.46, 5.49 and 5.52, and 3.60 for the first step tried). PyTorch has no such optimizer.
/// </para>
/// <example>
/// <code>
/// ConjugateGradient optimizer = new(net.Parameters);
/// float before = optimizer.Step(() =>
/// {
///     optimizer.ZeroGrad();
///     net.Forward(inputs);
///     float loss = net.Loss(targets);
///     net.Backward();
///     return loss;
/// });
/// </code>
/// </example>
/// </remarks>
public sealed unsafe class ConjugateGradient : LineSearchOptimizer<ConjugateGradientGroup>
{
    private readonly double _lr;
    private readonly ConjugateGradientBeta _beta;
    private readonly int _maxIter;
    private readonly int _maxEval;
    private readonly double _toleranceGrad;
    private readonly double _toleranceChange;
    private readonly double _c2;
    private readonly long? _restartEvery;
    private readonly double _restartThreshold;
    private double _slope;
    private long _sinceRestart;

    /// <summary>An optimizer with its one group.</summary>
    /// <param name="parameters">The parameters: a model's <c>Parameters</c>, or some of them.</param>
    /// <param name="lr">The learning rate: the factor of the first step tried; 1 by default.</param>
    /// <param name="beta">The rule for β; Polak and Ribière's by default.</param>
    /// <param name="maxIter">Iterations of one step at most; 20 by default.</param>
    /// <param name="maxEval">
    /// Evaluations of one step at most, about; 2.5 times <paramref name="maxIter"/>, rounded down, by default: an iteration takes about two.
    /// </param>
    /// <param name="toleranceGrad">Gradients that are no larger end the step; 1e-7 by default.</param>
    /// <param name="toleranceChange">Changes of the loss or of all parameters that are smaller end the step; 1e-9 by default.</param>
    /// <param name="c2">
    /// How flat the search makes the slope, relative to that at its start; 0.1 by default. Above 1e-4 and below 1; up to 0.5 Fletcher and Reeves'
    /// directions always go downhill.
    /// </param>
    /// <param name="restartEvery">Iterations after which to start afresh; by default as many as there are values.</param>
    /// <param name="restartThreshold">
    /// How far from orthogonal gradients in a row may be; 0.1 by default. Infinity never starts afresh for that.
    /// </param>
    /// <exception cref="ArgumentException">There are no parameters, or one is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="lr"/>, a tolerance or <paramref name="restartThreshold"/> is negative or NaN; <paramref name="maxIter"/>,
    /// <paramref name="maxEval"/> or <paramref name="restartEvery"/> is less than 1; <paramref name="c2"/> is not in (1e-4, 1); or there is no
    /// such <paramref name="beta"/>.
    /// </exception>
    public ConjugateGradient(
        IEnumerable<Parameter> parameters,
        double lr = 1,
        ConjugateGradientBeta beta = ConjugateGradientBeta.PolakRibierePlus,
        int maxIter = 20,
        int? maxEval = null,
        double toleranceGrad = 1e-7,
        double toleranceChange = 1e-9,
        double c2 = 0.1,
        long? restartEvery = null,
        double restartThreshold = 0.1)
    {
        _lr = Hyperparameter.NotNegative(lr);
        _beta = ConjugateGradientGroup.Known(beta);
        _maxIter = Hyperparameter.AtLeast(1, maxIter);
        _maxEval = Hyperparameter.AtLeast(1, maxEval ?? (int)Math.Min(int.MaxValue, maxIter * 5L / 2), nameof(maxEval));
        _toleranceGrad = Hyperparameter.NotNegative(toleranceGrad);
        _toleranceChange = Hyperparameter.NotNegative(toleranceChange);
        _c2 = ConjugateGradientGroup.Flat(c2);
        _restartEvery = ConjugateGradientGroup.Period(restartEvery);
        _restartThreshold = Hyperparameter.NotNegative(restartThreshold);
        AddParamGroup(parameters);
    }

    /// <inheritdoc/>
    protected override ConjugateGradientGroup CreateGroup(IEnumerable<Parameter> parameters) => new(parameters, _lr)
    {
        Beta = _beta,
        MaxIter = _maxIter,
        MaxEval = _maxEval,
        ToleranceGrad = _toleranceGrad,
        ToleranceChange = _toleranceChange,
        C2 = _c2,
        RestartEvery = _restartEvery,
        RestartThreshold = _restartThreshold,
    };

    private protected override void FindDirection(ConjugateGradientGroup group)
    {
        float* direction = Direction.Pointer;
        double beta = IterationCount == 1 || StepLength == 0 || _sinceRestart >= (group.RestartEvery ?? Flat.TotalLength) ? 0 : Beta(group);
        if (beta != 0)
        {
            LinearCombination.Combine(direction, -1, Gradient, beta, direction, Flat.Length);
            if (Dot(Gradient, direction) < 0)
            {
                _sinceRestart++;
                return;
            }
        }

        LinearCombination.Scale(direction, -1, Gradient, Flat.Length);
        _sinceRestart = 1;
    }

    private protected override double FirstLength(ConjugateGradientGroup group, double slope)
    {
        // As if the loss fell by as much as the last time (3.60).
        double length = StepLength * (_slope / slope);
        _slope = slope;
        return IterationCount > 1 && length > 0 && double.IsFinite(length) ? length : CautiousLength(group);
    }

    private protected override void OnStall() => StepLength = 0;

    private protected override void ExchangeMemory(StateExchange state)
    {
        _slope = state.Exchange("gtd", _slope);
        _sinceRestart = NotNegative("since_restart", state.Exchange("since_restart", _sinceRestart));
    }

    private protected override void Forget() => (_slope, _sinceRestart) = (0, 0);

    /// <summary>β, or 0 to start afresh.</summary>
    private double Beta(ConjugateGradientGroup group)
    {
        float* previous = PreviousGradient.Pointer;
        double square = Dot(Gradient, Gradient);
        double across = Dot(Gradient, previous);
        if (Math.Abs(across) >= group.RestartThreshold * square)
        {
            return 0;
        }

        double beta = group.Beta switch
        {
            ConjugateGradientBeta.PolakRibierePlus => Math.Max(0, (square - across) / Dot(previous, previous)),
            ConjugateGradientBeta.FletcherReeves => square / Dot(previous, previous),
            ConjugateGradientBeta.HestenesStiefel => (square - across) / Change(),
            _ => square / Change(),
        };
        return double.IsFinite(beta) ? beta : 0;

        double Change() => Dot(Gradient, Direction.Pointer) - Dot(previous, Direction.Pointer);
    }
}

/// <summary>The parameters that <see cref="ConjugateGradient"/> updates, and its options.</summary>
public sealed class ConjugateGradientGroup : LineSearchGroup
{
    internal ConjugateGradientGroup(IEnumerable<Parameter> parameters, double learningRate)
        : base(parameters, learningRate)
    {
    }

    /// <summary>The rule for β.</summary>
    public ConjugateGradientBeta Beta
    {
        get;
        set => field = Known(value);
    }

    /// <summary>How flat the search makes the slope, relative to that at its start: above 1e-4 and below 1.</summary>
    public double C2
    {
        get;
        set => field = Flat(value);
    }

    /// <summary>Iterations after which to start afresh, at least 1; null for as many as there are values.</summary>
    public long? RestartEvery
    {
        get;
        set => field = Period(value);
    }

    /// <summary>How far from orthogonal gradients in a row may be; not negative.</summary>
    public double RestartThreshold
    {
        get;
        set => field = Hyperparameter.NotNegative(value);
    }

    internal override LineSearch Search => LineSearch.StrongWolfe;

    internal override double Flatness => C2;

    internal static ConjugateGradientBeta Known(ConjugateGradientBeta beta)
    {
        if (beta is < ConjugateGradientBeta.PolakRibierePlus or > ConjugateGradientBeta.DaiYuan)
        {
            Hyperparameter.Throw(beta, "a rule that there is", nameof(beta));
        }

        return beta;
    }

    internal static double Flat(double c2)
    {
        if (c2 is not (> 1e-4 and < 1))
        {
            Hyperparameter.Throw(c2, "a number above 1e-4 and below 1", nameof(c2));
        }

        return c2;
    }

    internal static long? Period(long? restartEvery)
    {
        if (restartEvery < 1)
        {
            Hyperparameter.Throw(restartEvery, "1 or more", nameof(restartEvery));
        }

        return restartEvery;
    }

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        Beta = (ConjugateGradientBeta)state.Exchange("beta", (int)Beta);
        C2 = state.Exchange("c2", C2);
        RestartEvery = (long?)state.Exchange("restart_every", (double?)RestartEvery);
        RestartThreshold = state.Exchange("restart_threshold", RestartThreshold);
    }
}
