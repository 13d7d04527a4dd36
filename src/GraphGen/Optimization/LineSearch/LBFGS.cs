using System.Globalization;

namespace GraphGen;

/// <summary>
/// L-BFGS: goes along the gradient times an approximation H of the inverse Hessian, which is made of the last
/// <c>historySize</c> movements s and changes y of the gradient. In each iteration, for the parameters x with gradient g:
/// <code>
/// s ← t·d,  y ← g − (g before)                  after the first iteration;
///     the pair is kept if y·s &gt; 1e-10, and then H₀ = (y·s)/(y·y)
/// q ← −g
/// α ← (s·q)/(y·s),  q ← q − α·y                 for each pair, the newest first
/// d ← H₀·q
/// d ← d + (α − (y·d)/(y·s))·s                   for each pair, the oldest first
/// t ← lr                                        min(1, 1/Σ|g|)·lr in the first iteration
/// t ← a search along d that starts with t       if there is a line search
/// x ← x + t·d
/// </code>
/// A step ends after <c>maxIter</c> iterations, or after one with which there are <c>maxEval</c> evaluations, no |g| is above
/// <c>toleranceGrad</c>, no |t·d| is above <c>toleranceChange</c> or the loss changes by less than that; or when g·d is above −<c>toleranceChange</c>.
/// </summary>
/// <remarks>
/// <para>
/// It is for the whole data, or large batches, and smooth losses: the closure has to return the same for the same parameters, so without
/// dropout. It keeps 2·(historySize + 1) + 7 vectors of the parameters' size.
/// </para>
/// <para>
/// A state dict has what PyTorch keeps under its names: the vectors <c>d</c>, <c>prev_flat_grad</c>, <c>old_dirs.0</c> (y), <c>old_stps.0</c> (s) and so
/// on, each of all parameters in the order they were given; the numbers <c>n_iter</c>, <c>func_evals</c>, <c>t</c>, <c>H_diag</c> and <c>ro</c> are in
/// the metadata <c>settings</c>.
/// </para>
/// <para>
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.LBFGS.html">torch.optim.LBFGS</see>. Liu, Nocedal,
/// <see href="https://doi.org/10.1007/BF01589116">On the limited memory BFGS method for large scale optimization</see>, 1989.
/// </para>
/// <example>
/// <code>
/// LBFGS optimizer = new(net.Parameters, lineSearchFn: LineSearch.StrongWolfe);
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
public sealed unsafe class LBFGS : LineSearchOptimizer<LBFGSGroup>
{
    private const double LeastCurvature = 1e-10;

    private readonly double _lr;
    private readonly int _maxIter;
    private readonly int _maxEval;
    private readonly double _toleranceGrad;
    private readonly double _toleranceChange;
    private readonly int _historySize;
    private readonly LineSearch _lineSearchFn;
    private readonly CurvatureHistory _history = new();
    private double _scale = 1;

    /// <summary>An optimizer with its one group.</summary>
    /// <param name="parameters">The parameters: a model's <c>Parameters</c>, or some of them.</param>
    /// <param name="lr">The learning rate: the length of steps or, with a line search, the first that is tried; 1 by default.</param>
    /// <param name="maxIter">Iterations of one step at most; 20 by default.</param>
    /// <param name="maxEval">Evaluations of one step at most, about; 1.25 times <paramref name="maxIter"/>, rounded down, by default.</param>
    /// <param name="toleranceGrad">Gradients that are no larger end the step; 1e-7 by default.</param>
    /// <param name="toleranceChange">Changes of the loss or of all parameters that are smaller end the step; 1e-9 by default.</param>
    /// <param name="historySize">Pairs that are kept; 100 by default.</param>
    /// <param name="lineSearchFn">The line search; none by default.</param>
    /// <exception cref="ArgumentException">There are no parameters, or one is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="lr"/> or a tolerance is negative or NaN; <paramref name="maxIter"/>, <paramref name="maxEval"/> or
    /// <paramref name="historySize"/> is less than 1; or there is no such <paramref name="lineSearchFn"/>.
    /// </exception>
    public LBFGS(
        IEnumerable<Parameter> parameters,
        double lr = 1,
        int maxIter = 20,
        int? maxEval = null,
        double toleranceGrad = 1e-7,
        double toleranceChange = 1e-9,
        int historySize = 100,
        LineSearch lineSearchFn = LineSearch.None)
    {
        _lr = Hyperparameter.NotNegative(lr);
        _maxIter = Hyperparameter.AtLeast(1, maxIter);
        _maxEval = Hyperparameter.AtLeast(1, maxEval ?? (int)(maxIter * 5L / 4 is var most && most > int.MaxValue ? int.MaxValue : most), nameof(maxEval));
        _toleranceGrad = Hyperparameter.NotNegative(toleranceGrad);
        _toleranceChange = Hyperparameter.NotNegative(toleranceChange);
        _historySize = Hyperparameter.AtLeast(1, historySize);
        if (lineSearchFn is not (LineSearch.None or LineSearch.StrongWolfe))
        {
            Hyperparameter.Throw(lineSearchFn, "a line search that there is", nameof(lineSearchFn));
        }

        _lineSearchFn = lineSearchFn;
        AddParamGroup(parameters);
    }

    /// <inheritdoc/>
    protected override LBFGSGroup CreateGroup(IEnumerable<Parameter> parameters) => new(parameters, _lr)
    {
        MaxIter = _maxIter,
        MaxEval = _maxEval,
        ToleranceGrad = _toleranceGrad,
        ToleranceChange = _toleranceChange,
        HistorySize = _historySize,
        LineSearchFn = _lineSearchFn,
    };

    private protected override void FindDirection(LBFGSGroup group)
    {
        _history.Resize(group.HistorySize);
        float* direction = Direction.Pointer;
        if (IterationCount == 1)
        {
            LinearCombination.Scale(direction, -1, Gradient, Flat.Length);
            return;
        }

        ref CurvatureHistory.Pair pair = ref _history.Candidate(Flat);
        LinearCombination.AddScaled(pair.Y.Pointer, Gradient, -1, PreviousGradient.Pointer, Flat.Length);
        LinearCombination.Scale(pair.S.Pointer, StepLength, direction, Flat.Length);
        double curvature = Dot(pair.Y.Pointer, pair.S.Pointer);
        if (curvature > LeastCurvature)
        {
            pair.Ro = 1 / curvature;
            _scale = curvature / Dot(pair.Y.Pointer, pair.Y.Pointer);
            _history.Keep();
        }

        LinearCombination.Scale(direction, -1, Gradient, Flat.Length);
        for (int i = _history.Count - 1; i >= 0; i--)
        {
            pair = ref _history[i];
            pair.Alpha = Dot(pair.S.Pointer, direction) * pair.Ro;
            LinearCombination.AddScaled(direction, direction, -pair.Alpha, pair.Y.Pointer, Flat.Length);
        }

        LinearCombination.Scale(direction, _scale, direction, Flat.Length);
        for (int i = 0; i < _history.Count; i++)
        {
            pair = ref _history[i];
            double beta = Dot(pair.Y.Pointer, direction) * pair.Ro;
            LinearCombination.AddScaled(direction, direction, pair.Alpha - beta, pair.S.Pointer, Flat.Length);
        }
    }

    private protected override double FirstLength(LBFGSGroup group, double slope) =>
        IterationCount == 1 ? CautiousLength(group) : group.LearningRate;

    private protected override void ExchangeMemory(StateExchange state)
    {
        _scale = state.Exchange("H_diag", _scale);
        int size = Groups[0].HistorySize;

        // Where the history has been made shorter since the last step, the next one forgets the oldest pairs.
        int forgotten = Math.Max(_history.Count - size, 0);
        int count = state.Exchange("history", _history.Count - forgotten);
        if (state.IsLoading)
        {
            if (count < 0 || count > size)
            {
                throw new StateDictException($"Expected 0 to {size} for 'history', got {count}.");
            }

            _history.Clear();
            _history.Resize(size);
        }

        double[] ro = new double[count];
        for (int i = 0; i < ro.Length && !state.IsLoading; i++)
        {
            ro[i] = _history[forgotten + i].Ro;
        }

        ro = state.Exchange("ro", ro);
        for (int i = 0; i < count; i++)
        {
            ref CurvatureHistory.Pair pair = ref state.IsLoading ? ref _history.Candidate(Flat) : ref _history[forgotten + i];
            string number = i.ToString(CultureInfo.InvariantCulture);
            ExchangeVector(state, $"old_dirs.{number}", pair.Y);
            ExchangeVector(state, $"old_stps.{number}", pair.S);
            pair.Ro = ro[i];
            if (state.IsLoading)
            {
                _history.Keep();
            }
        }
    }

    private protected override void Forget()
    {
        _history.Clear();
        _scale = 1;
    }
}

/// <summary>The parameters that <see cref="LBFGS"/> updates, and its options.</summary>
public sealed class LBFGSGroup : LineSearchGroup
{
    private const string StrongWolfeName = "strong_wolfe";

    internal LBFGSGroup(IEnumerable<Parameter> parameters, double learningRate)
        : base(parameters, learningRate)
    {
    }

    /// <summary>Pairs that are kept; at least 1. If it becomes less, the oldest go.</summary>
    public int HistorySize
    {
        get;
        set => field = Hyperparameter.AtLeast(1, value);
    }

    /// <summary>The line search.</summary>
    public LineSearch LineSearchFn { get; set; }

    internal override LineSearch Search => LineSearchFn;

    /// <summary>Of Newton-like directions the first step tried is mostly right: a loose search.</summary>
    internal override double Flatness => 0.9;

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        HistorySize = state.Exchange("history_size", HistorySize);
        LineSearchFn = state.ExchangeOptional("line_search_fn", LineSearchFn == LineSearch.None ? null : StrongWolfeName) switch
        {
            null => LineSearch.None,
            StrongWolfeName => LineSearch.StrongWolfe,
            string other => throw new StateDictException($"Expected null or '{StrongWolfeName}' for 'line_search_fn', got {StateDictException.Quote(other)}."),
        };
    }
}
