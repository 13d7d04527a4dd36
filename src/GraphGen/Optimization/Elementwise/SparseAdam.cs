namespace GraphGen;

/// <summary>
/// Adam for gradients of which most rows are missing, such as those of an embedding: only the rows of the first dimension that have a
/// gradient are updated. For each value w with gradient g in such a row, in step t of the parameter:
/// <code>
/// g ← −g                           if maximize
/// m ← m + (1 − β₁)·(g − m)
/// v ← v + (1 − β₂)·(g² − v)
/// w ← w − lr·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·m/(√v + eps)
/// </code>
/// </summary>
/// <remarks>
/// <para>
/// Gradients are dense here: a row all of whose gradients are zero is a row without gradient, and any other number, NaN too, makes it
/// present. (PyTorch's sparse gradients can name a row and give it zeros; there its averages decay, here they do not.) Of rows
/// without gradient nothing but the gradients is read, once, and nothing is written. t counts the steps in which the parameter had a
/// gradient, whatever its rows. In a parameter of one dimension each value is a row, and a scalar is one. An
/// <see cref="ParameterGroup.L1"/> penalty is added to g where the row is present.
/// </para>
/// <para>
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.SparseAdam.html">torch.optim.SparseAdam</see>.
/// Kingma, Ba: <see href="https://arxiv.org/abs/1412.6980">Adam: A method for stochastic optimization</see>, 2014.
/// </para>
/// </remarks>
public sealed class SparseAdam : Optimizer<SparseAdamGroup>
{
    /// <summary>Floats of a task, about.</summary>
    private const int Chunk = 16 * 1024;

    private readonly double _lr;
    private readonly (double Beta1, double Beta2) _betas;
    private readonly double _eps;
    private readonly bool _maximize;

    /// <summary>An optimizer with one group.</summary>
    /// <param name="parameters">The parameters: a model's <c>Parameters</c>, or some of them.</param>
    /// <param name="lr">The learning rate, above 0; 0.001 by default.</param>
    /// <param name="betas">How much of the averages of gradients and of their squares is kept, both in [0, 1); (0.9, 0.999) by default.</param>
    /// <param name="eps">Added to the root of the mean square, above 0; 1e-8 by default.</param>
    /// <param name="maximize">Whether to go up instead of down; false by default.</param>
    /// <exception cref="ArgumentException">There are no parameters, or one is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="lr"/> or <paramref name="eps"/> is not above 0, or one of <paramref name="betas"/> not in [0, 1).
    /// </exception>
    public SparseAdam(
        IEnumerable<Parameter> parameters,
        double lr = 1e-3,
        (double Beta1, double Beta2)? betas = null,
        double eps = 1e-8,
        bool maximize = false)
        : this([parameters], lr, betas, eps, maximize)
    {
    }

    /// <summary>An optimizer with several groups, which start with the same options: change them on <see cref="Optimizer{TGroup}.Groups"/>.</summary>
    /// <param name="groups">The parameters of each group: at least one group, no parameter in two.</param>
    /// <param name="lr">The learning rate, above 0; 0.001 by default.</param>
    /// <param name="betas">How much of the averages of gradients and of their squares is kept, both in [0, 1); (0.9, 0.999) by default.</param>
    /// <param name="eps">Added to the root of the mean square, above 0; 1e-8 by default.</param>
    /// <param name="maximize">Whether to go up instead of down; false by default.</param>
    /// <exception cref="ArgumentException">There are no groups, one has no parameters, or a parameter is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="lr"/> or <paramref name="eps"/> is not above 0, or one of <paramref name="betas"/> not in [0, 1).
    /// </exception>
    public SparseAdam(
        IEnumerable<IEnumerable<Parameter>> groups,
        double lr = 1e-3,
        (double Beta1, double Beta2)? betas = null,
        double eps = 1e-8,
        bool maximize = false)
    {
        _lr = Hyperparameter.Positive(lr);
        _betas = Hyperparameter.Betas(betas ?? (0.9, 0.999), nameof(betas));
        _eps = Hyperparameter.Positive(eps);
        _maximize = maximize;
        AddParamGroups(groups);
    }

    /// <inheritdoc/>
    protected override SparseAdamGroup CreateGroup(IEnumerable<Parameter> parameters) => new(parameters, _lr)
    {
        Betas = _betas,
        Eps = _eps,
        Maximize = _maximize,
    };

    /// <inheritdoc/>
    protected internal override string StateName(int index) => index == 0 ? "exp_avg" : "exp_avg_sq";

    /// <inheritdoc/>
    internal override ReadOnlySpan<string> RequiredNames(Parameter parameter) => (string[])["exp_avg", "exp_avg_sq"];

    /// <inheritdoc/>
    protected override unsafe void Update(SparseAdamGroup group, in ParameterRange range)
    {
        double step = range.Steps + 1;
        double rate = group.LearningRate * Math.Sqrt(1 - Math.Pow(group.Betas.Beta2, step)) / (1 - Math.Pow(group.Betas.Beta1, step));
        float* averages = range.StatePointer(0, out _);
        float* squareAverages = range.StatePointer(1, out _);
        for (int i = 0; i < range.Count; i++)
        {
            Parameter parameter = range[i];
            int offset = parameter.Offset - range[0].Offset;
            int rows = parameter.Shape.IsEmpty ? 1 : parameter.Shape[0];
            int rowLength = parameter.Length / rows;
            int rowsPerTask = Math.Max(1, Chunk / rowLength);
            SparseAdamUpdate update = new()
            {
                Values = range.ValuePointer + offset,
                Gradients = range.GradientPointer + offset,
                Averages = averages + offset,
                SquareAverages = squareAverages + offset,
                Rows = rows,
                RowLength = rowLength,
                RowsPerTask = rowsPerTask,
                Gradient = new GradientTerm(group, group.Maximize, weightDecay: 0),
                Gain = (float)(1 - group.Betas.Beta1),
                SquareGain = (float)(1 - group.Betas.Beta2),
                Rate = (float)-rate,
                Epsilon = (float)group.Eps,
            };
            PoolTasks.Run(update, (rows + rowsPerTask - 1) / rowsPerTask, workPerTask: 8L * rowsPerTask * rowLength);
        }
    }
}

/// <summary>Parameters that <see cref="SparseAdam"/> updates with the same options.</summary>
public sealed class SparseAdamGroup : ParameterGroup
{
    internal SparseAdamGroup(IEnumerable<Parameter> parameters, double learningRate)
        : base(parameters, learningRate)
    {
    }

    /// <summary>How much of the averages of gradients and of their squares is kept; both in [0, 1).</summary>
    public (double Beta1, double Beta2) Betas
    {
        get;
        set => field = Hyperparameter.Betas(value, nameof(value));
    }

    /// <summary>Added to the root of the mean square; above 0.</summary>
    public double Eps
    {
        get;
        set => field = Hyperparameter.Positive(value);
    }

    /// <summary>Whether to go up instead of down.</summary>
    public bool Maximize { get; set; }

    /// <inheritdoc/>
    protected internal override double? CycledMomentum
    {
        get => Betas.Beta1;
        set => Betas = (value ?? Betas.Beta1, Betas.Beta2);
    }

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        Betas = state.Exchange("betas", Betas);
        Eps = state.Exchange("eps", Eps);
        Maximize = state.Exchange("maximize", Maximize);
    }
}
