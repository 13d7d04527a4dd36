namespace GraphGen;

/// <summary>
/// Momentum, orthogonalized: a step goes equally far along every singular direction of a weight matrix. For each matrix w of shape
/// [R, C] with gradient g:
/// <code>
/// b ← momentum·b + (1 − momentum)·g                b starts at 0
/// u = momentum·b + (1 − momentum)·g if nesterov, else b
/// x ← u / max(‖u‖, eps)                            ‖u‖ the root of the sum of squares
/// x ← a·x + (b·A + c·A²)·x, where A = x·xᵀ         nsSteps times, with (a, b, c) = nsCoefficients
/// w ← w·(1 − lr·weightDecay)
/// w ← w − lr·√max(1, R/C)·x                        or lr·0.2·√max(R, C): see <see cref="MuonRateAdjustment"/>
/// </code>
/// Of a matrix with more rows than columns the transpose is iterated, which gives the same.
/// </summary>
/// <remarks>
/// <para>
/// For the matrices of hidden layers. Give biases, embeddings and the output layer to another optimizer, such as AdamW. An
/// <see cref="ParameterGroup.L1"/> penalty is part of g.
/// </para>
/// <para>
/// The Newton-Schulz iteration is in single precision. PyTorch rounds to bfloat16 in it, so its values have two or three digits; these
/// are what it approximates.
/// </para>
/// <para>
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.Muon.html">torch.optim.Muon</see>.
/// Jordan and others: <see href="https://kellerjordan.github.io/posts/muon/">Muon: An optimizer for hidden layers in neural networks</see>, 2024.
/// Liu and others: <see href="https://arxiv.org/abs/2502.16982">Muon is scalable for LLM training</see>, 2025.
/// </para>
/// </remarks>
public sealed class Muon : Optimizer<MuonGroup>
{
    private readonly double _lr;
    private readonly double _weightDecay;
    private readonly double _momentum;
    private readonly bool _nesterov;
    private readonly (double A, double B, double C) _nsCoefficients;
    private readonly double _eps;
    private readonly int _nsSteps;
    private readonly MuonRateAdjustment _adjustLrFn;

    // For the largest of the matrices; made in the first step, and anew after one with new groups.
    private NewtonSchulz? _orthogonalization;
    private int _orthogonalizedGroups;

    /// <summary>An optimizer with one group.</summary>
    /// <param name="parameters">The parameters, all of two dimensions.</param>
    /// <param name="lr">The learning rate; 0.001 by default.</param>
    /// <param name="weightDecay">The decay, apart from the gradient and by the learning rate as it is given; 0.1 by default.</param>
    /// <param name="momentum">How much of the average of gradients is kept; 0.95 by default.</param>
    /// <param name="nesterov">Whether to look ahead by the momentum; true by default.</param>
    /// <param name="nsCoefficients">The polynomial of the Newton-Schulz iteration; (3.4445, −4.775, 2.0315) by default.</param>
    /// <param name="eps">The least that a matrix is divided by before; 1e-7 by default.</param>
    /// <param name="nsSteps">How often to iterate, less than 100 times; 5 by default.</param>
    /// <param name="adjustLrFn">How the learning rate depends on the shape; <see cref="MuonRateAdjustment.Original"/> by default.</param>
    /// <exception cref="ArgumentException">There are no parameters, one is there twice, or one is not of two dimensions.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="lr"/>, <paramref name="weightDecay"/>, <paramref name="momentum"/> or <paramref name="eps"/> is negative, a number is
    /// NaN, <paramref name="nsSteps"/> not in [0, 100), or <paramref name="adjustLrFn"/> none of the enumeration.
    /// </exception>
    public Muon(
        IEnumerable<Parameter> parameters,
        double lr = 1e-3,
        double weightDecay = 0.1,
        double momentum = 0.95,
        bool nesterov = true,
        (double A, double B, double C)? nsCoefficients = null,
        double eps = 1e-7,
        int nsSteps = 5,
        MuonRateAdjustment adjustLrFn = MuonRateAdjustment.Original)
        : this([parameters], lr, weightDecay, momentum, nesterov, nsCoefficients, eps, nsSteps, adjustLrFn)
    {
    }

    /// <summary>An optimizer with several groups, which start with the same options: change them on <see cref="Optimizer{TGroup}.Groups"/>.</summary>
    /// <param name="groups">The parameters of each group, all of two dimensions: at least one group, no parameter in two.</param>
    /// <param name="lr">The learning rate; 0.001 by default.</param>
    /// <param name="weightDecay">The decay, apart from the gradient and by the learning rate as it is given; 0.1 by default.</param>
    /// <param name="momentum">How much of the average of gradients is kept; 0.95 by default.</param>
    /// <param name="nesterov">Whether to look ahead by the momentum; true by default.</param>
    /// <param name="nsCoefficients">The polynomial of the Newton-Schulz iteration; (3.4445, −4.775, 2.0315) by default.</param>
    /// <param name="eps">The least that a matrix is divided by before; 1e-7 by default.</param>
    /// <param name="nsSteps">How often to iterate, less than 100 times; 5 by default.</param>
    /// <param name="adjustLrFn">How the learning rate depends on the shape; <see cref="MuonRateAdjustment.Original"/> by default.</param>
    /// <exception cref="ArgumentException">There are no groups, one has no parameters, or a parameter is there twice or not of two dimensions.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="lr"/>, <paramref name="weightDecay"/>, <paramref name="momentum"/> or <paramref name="eps"/> is negative, a number is
    /// NaN, <paramref name="nsSteps"/> not in [0, 100), or <paramref name="adjustLrFn"/> none of the enumeration.
    /// </exception>
    public Muon(
        IEnumerable<IEnumerable<Parameter>> groups,
        double lr = 1e-3,
        double weightDecay = 0.1,
        double momentum = 0.95,
        bool nesterov = true,
        (double A, double B, double C)? nsCoefficients = null,
        double eps = 1e-7,
        int nsSteps = 5,
        MuonRateAdjustment adjustLrFn = MuonRateAdjustment.Original)
    {
        _lr = Hyperparameter.NotNegative(lr);
        _weightDecay = Hyperparameter.NotNegative(weightDecay);
        _momentum = Hyperparameter.NotNegative(momentum);
        _nesterov = nesterov;
        _nsCoefficients = MuonGroup.Checked(nsCoefficients ?? (3.4445, -4.775, 2.0315), nameof(nsCoefficients));
        _eps = Hyperparameter.NotNegative(eps);
        _nsSteps = MuonGroup.Checked(nsSteps, nameof(nsSteps));
        _adjustLrFn = MuonGroup.Checked(adjustLrFn, nameof(adjustLrFn));
        AddParamGroups(groups);
    }

    /// <inheritdoc/>
    protected internal override bool HasStepState => false;

    /// <inheritdoc/>
    protected override MuonGroup CreateGroup(IEnumerable<Parameter> parameters) => new(parameters, _lr)
    {
        WeightDecay = _weightDecay,
        Momentum = _momentum,
        Nesterov = _nesterov,
        NsCoefficients = _nsCoefficients,
        Eps = _eps,
        NsSteps = _nsSteps,
        AdjustLrFn = _adjustLrFn,
    };

    /// <inheritdoc/>
    protected internal override int RequiredStates => 1;

    /// <inheritdoc/>
    protected internal override string StateName(int index) => "momentum_buffer";

    /// <inheritdoc/>
    protected override void Update(MuonGroup group, in ParameterRange range)
    {
        if (_orthogonalization is null || _orthogonalizedGroups != Groups.Count)
        {
            _orthogonalization = new NewtonSchulz(Groups.SelectMany(each => each.Parameters));
            _orthogonalizedGroups = Groups.Count;
        }

        for (int i = 0; i < range.Count; i++)
        {
            UpdateOne(group, range.Only(i), range[i].Shape, _orthogonalization);
        }
    }

    private static unsafe void UpdateOne(MuonGroup group, in ParameterRange range, ReadOnlySpan<int> shape, NewtonSchulz orthogonalization)
    {
        MuonMomentum momentum = new()
        {
            Values = range.ValuePointer,
            Gradients = range.GradientPointer,
            Momenta = range.StatePointer(0, out _),
            Matrix = orthogonalization.Matrix,
            Gradient = new GradientTerm(group, maximize: false, weightDecay: 0),
            Gain = (float)(1 - group.Momentum),
            Lead = group.Nesterov ? (float)group.Momentum : 1f,
        };
        FusedUpdate.Run(momentum, range.Length);

        int rows = shape[0], columns = shape[1];
        orthogonalization.Run(rows, columns, group.NsCoefficients, group.NsSteps, group.Eps);

        double ratio = group.AdjustLrFn == MuonRateAdjustment.MatchRmsAdamW
            ? 0.2 * Math.Sqrt(Math.Max(rows, columns))
            : Math.Sqrt(Math.Max(1, (double)rows / columns));
        MuonUpdate update = new()
        {
            Values = range.ValuePointer,
            Matrix = orthogonalization.Matrix,
            Keep = (float)(1 - (group.LearningRate * group.WeightDecay)),
            Rate = (float)(-group.LearningRate * ratio),
        };
        FusedUpdate.Run(update, range.Length);

        // A norm that is no number has made NaN of the zeros after the matrix, which must stay zero.
        range.Values[(rows * columns)..].Clear();
    }
}
