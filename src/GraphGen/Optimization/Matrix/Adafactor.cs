using System.Runtime.CompilerServices;
using GraphGen.Runtime;

namespace GraphGen;

/// <summary>
/// Adafactor: Adam's second moments kept as one number a row and one a column. For each parameter w of shape [.., R, C] with gradient g,
/// in its step t:
/// <code>
/// g ← −g                                                       if maximize
/// β = 1 − t^beta2Decay,  ρ = min(lr, 1/√t),  α = ρ·max(eps2, RMS(w))
/// w ← w·(1 − lr·weightDecay)
/// r ← β·r + (1 − β)·(mean of g² over C)                        [.., R, 1]
/// c ← β·c + (1 − β)·(mean of g² over R)                        [.., 1, C]
/// v = r·c / max(mean of r over R, eps1)
/// u = g/√max(v, eps1²)
/// w ← w − α·u / max(1, RMS(u)/d)
/// </code>
/// RMS(x) is √(mean of x²) over the whole parameter. A vector or a scalar has second moments of its own: v ← β·v + (1 − β)·g².
/// </summary>
/// <remarks>
/// <para>An <see cref="ParameterGroup.L1"/> penalty is part of g.</para>
/// <para>
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.Adafactor.html">torch.optim.Adafactor</see>.
/// Shazeer, Stern: <see href="https://arxiv.org/abs/1804.04235">Adafactor: Adaptive learning rates with sublinear memory cost</see>, 2018.
/// </para>
/// </remarks>
public sealed class Adafactor : Optimizer<AdafactorGroup>
{
    internal const int RowVariance = 0;
    internal const int ColumnVariance = 1;
    internal const int Variance = 2;

    /// <summary>2⁻²³, the distance from 1 to the next float: what eps1 is unless it is given.</summary>
    private const double FloatEpsilon = 1.1920928955078125e-7;

    private readonly double _lr;
    private readonly double _beta2Decay;
    private readonly (double? Eps1, double Eps2) _eps;
    private readonly double _d;
    private readonly double _weightDecay;
    private readonly bool _maximize;

    // A number for each matrix of the parameter that has most; made in the first step.
    private AlignedBuffer? _matrixScales;
    private long _matrices;

    /// <summary>An optimizer with one group.</summary>
    /// <param name="parameters">The parameters: a model's <c>Parameters</c>, or some of them.</param>
    /// <param name="lr">The learning rate: the most that a step may be, relative to the parameter; 0.01 by default.</param>
    /// <param name="beta2Decay">The exponent by which the second moments' decay comes to rest, not above 0; −0.8 by default.</param>
    /// <param name="eps">
    /// Two floors: eps1 of the root of the second moments (null for 2⁻²³, the float's epsilon) and eps2 of a parameter's RMS.
    /// (null, 0.001) by default; neither negative.
    /// </param>
    /// <param name="d">The RMS that an update is clipped to, at least 1; 1 by default.</param>
    /// <param name="weightDecay">The decay, apart from the gradient; 0 (none) by default.</param>
    /// <param name="maximize">Whether to go up instead of down; false by default.</param>
    /// <exception cref="ArgumentException">There are no parameters, or one is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is not in its range.</exception>
    public Adafactor(
        IEnumerable<Parameter> parameters,
        double lr = 1e-2,
        double beta2Decay = -0.8,
        (double? Eps1, double Eps2)? eps = null,
        double d = 1,
        double weightDecay = 0,
        bool maximize = false)
        : this([parameters], lr, beta2Decay, eps, d, weightDecay, maximize)
    {
    }

    /// <summary>An optimizer with several groups, which start with the same options: change them on <see cref="Optimizer{TGroup}.Groups"/>.</summary>
    /// <param name="groups">The parameters of each group: at least one group, no parameter in two.</param>
    /// <param name="lr">The learning rate: the most that a step may be, relative to the parameter; 0.01 by default.</param>
    /// <param name="beta2Decay">The exponent by which the second moments' decay comes to rest, not above 0; −0.8 by default.</param>
    /// <param name="eps">
    /// Two floors: eps1 of the root of the second moments (null for 2⁻²³, the float's epsilon) and eps2 of a parameter's RMS.
    /// (null, 0.001) by default; neither negative.
    /// </param>
    /// <param name="d">The RMS that an update is clipped to, at least 1; 1 by default.</param>
    /// <param name="weightDecay">The decay, apart from the gradient; 0 (none) by default.</param>
    /// <param name="maximize">Whether to go up instead of down; false by default.</param>
    /// <exception cref="ArgumentException">There are no groups, one has no parameters, or a parameter is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is not in its range.</exception>
    public Adafactor(
        IEnumerable<IEnumerable<Parameter>> groups,
        double lr = 1e-2,
        double beta2Decay = -0.8,
        (double? Eps1, double Eps2)? eps = null,
        double d = 1,
        double weightDecay = 0,
        bool maximize = false)
    {
        _lr = Hyperparameter.NotNegative(lr);
        _beta2Decay = Hyperparameter.NotPositive(beta2Decay);
        _eps = AdafactorGroup.CheckedEps(eps ?? (null, 1e-3), nameof(eps));
        _d = Hyperparameter.AtLeast(1.0, d);
        _weightDecay = Hyperparameter.NotNegative(weightDecay);
        _maximize = maximize;
        AddParamGroups(groups);
    }

    /// <inheritdoc/>
    protected override AdafactorGroup CreateGroup(IEnumerable<Parameter> parameters) => new(parameters, _lr)
    {
        Beta2Decay = _beta2Decay,
        Eps = _eps,
        D = _d,
        WeightDecay = _weightDecay,
        Maximize = _maximize,
    };

    /// <inheritdoc/>
    protected internal override int RequiredStates => 3;

    /// <inheritdoc/>
    protected internal override string StateName(int index) => index switch
    {
        RowVariance => "row_var",
        ColumnVariance => "col_var",
        _ => "variance",
    };

    /// <inheritdoc/>
    protected internal override ReadOnlySpan<int> StateShape(int index, Parameter parameter)
    {
        if (parameter.Shape.Length < 2 || index is not (RowVariance or ColumnVariance))
        {
            return parameter.Shape;
        }

        int[] shape = parameter.Shape.ToArray();
        shape[index == RowVariance ? ^1 : ^2] = 1;
        return shape;
    }

    /// <inheritdoc/>
    protected override void Update(AdafactorGroup group, in ParameterRange range)
    {
        // Each parameter by itself: its update depends on all of it.
        for (int i = 0; i < range.Count; i++)
        {
            UpdateOne(group, range.Only(i), range[i]);
        }
    }

    private unsafe void UpdateOne(AdafactorGroup group, in ParameterRange range, Parameter parameter)
    {
        double step = range.Steps + 1;
        double eps1 = group.Eps.Eps1 ?? FloatEpsilon;
        double size = Math.Sqrt(Reductions.SumOfSquares(range.ValuePointer, parameter.Length) / parameter.Length);
        double rate = Math.Max(group.Eps.Eps2, size) * Math.Min(group.LearningRate, 1 / Math.Sqrt(step));

        AdafactorPass pass = new()
        {
            Values = range.ValuePointer,
            Gradients = range.GradientPointer,
            Gradient = new GradientTerm(group, group.Maximize, weightDecay: 0),
            Gain = (float)Math.Pow(step, group.Beta2Decay),
            Floor = (float)(eps1 * eps1),
        };
        if (parameter.Shape.Length < 2)
        {
            pass.Columns = parameter.Length;
            pass.Matrices = pass.Rows = 1;
            pass.Variances = range.StatePointer(Variance, out _);
        }
        else
        {
            pass.Columns = parameter.Shape[^1];
            pass.Rows = parameter.Shape[^2];
            pass.Matrices = parameter.Length / (pass.Rows * pass.Columns);
            pass.RowMeans = range.StatePointer(RowVariance, out _);
            pass.ColumnMeans = range.StatePointer(ColumnVariance, out _);
            pass.MatrixScales = MatrixScales();
            AdafactorMeans.Update(pass, (float)eps1);
        }

        double updateSize = Math.Sqrt(AdafactorUpdate.SumOfSquares(pass) / parameter.Length);
        pass.Keep = (float)(1 - (group.LearningRate * group.WeightDecay));
        pass.Rate = (float)(-rate / Math.Max(1, updateSize / group.D));
        AdafactorUpdate.Apply(pass);
    }

    private unsafe float* MatrixScales()
    {
        if (_matrixScales is null || Groups.Count != _matrices)
        {
            long most = Groups.SelectMany(group => group.Parameters)
                .Where(parameter => parameter.Shape.Length >= 2)
                .Max(parameter => (long)parameter.Length / (parameter.Shape[^1] * parameter.Shape[^2]));
            _matrixScales = new AlignedBuffer(most);
            _matrices = Groups.Count;
        }

        return _matrixScales.Pointer;
    }
}

/// <summary>Parameters that <see cref="Adafactor"/> updates with the same options.</summary>
public sealed class AdafactorGroup : ParameterGroup
{
    internal AdafactorGroup(IEnumerable<Parameter> parameters, double learningRate)
        : base(parameters, learningRate)
    {
    }

    /// <summary>The exponent by which the second moments' decay comes to rest; not above 0.</summary>
    public double Beta2Decay
    {
        get;
        set => field = Hyperparameter.NotPositive(value);
    }

    /// <summary>The floors of the root of the second moments (null for 2⁻²³) and of a parameter's RMS; neither negative.</summary>
    public (double? Eps1, double Eps2) Eps
    {
        get;
        set => field = CheckedEps(value, nameof(value));
    }

    /// <summary>The RMS that an update is clipped to; at least 1.</summary>
    public double D
    {
        get;
        set => field = Hyperparameter.AtLeast(1.0, value);
    }

    /// <summary>The decay, apart from the gradient; not negative.</summary>
    public double WeightDecay
    {
        get;
        set => field = Hyperparameter.NotNegative(value);
    }

    /// <summary>Whether to go up instead of down.</summary>
    public bool Maximize { get; set; }

    // A matrix has a number a row and one a column, a vector its own: what a parameter does not have takes no memory.
    internal override int StateLength(int index, Parameter parameter)
    {
        bool isMatrix = parameter.Shape.Length >= 2;
        return index switch
        {
            Adafactor.RowVariance when isMatrix => parameter.Length / parameter.Shape[^1],
            Adafactor.ColumnVariance when isMatrix => parameter.Length / parameter.Shape[^2],
            Adafactor.Variance when !isMatrix => parameter.Length,
            _ => 0,
        };
    }

    internal static (double? Eps1, double Eps2) CheckedEps((double? Eps1, double Eps2) eps, string argument, [CallerMemberName] string? caller = null)
    {
        if (!((eps.Eps1 ?? 0) >= 0 && eps.Eps2 >= 0))
        {
            Hyperparameter.Throw(eps, "two numbers of 0 or more", argument, caller);
        }

        return eps;
    }

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        Beta2Decay = state.Exchange("beta2_decay", Beta2Decay);
        double?[] eps = state.Exchange("eps", new double?[] { Eps.Eps1, Eps.Eps2 });
        Eps = (eps[0], eps[1] ?? throw new StateDictException("Expected a number for the second of 'eps', got null."));
        D = state.Exchange("d", D);
        WeightDecay = state.Exchange("weight_decay", WeightDecay);
        Maximize = state.Exchange("maximize", Maximize);
    }
}
