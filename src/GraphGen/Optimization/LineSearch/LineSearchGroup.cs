namespace GraphGen;

/// <summary>The parameters of an optimizer that moves along directions, and how long it does in one step.</summary>
public abstract class LineSearchGroup : ParameterGroup
{
    private protected LineSearchGroup(IEnumerable<Parameter> parameters, double learningRate)
        : base(parameters, learningRate)
    {
    }

    /// <summary>Iterations of one step at most; at least 1.</summary>
    public int MaxIter
    {
        get;
        set => field = Hyperparameter.AtLeast(1, value);
    }

    /// <summary>Evaluations of the closure in one step after which no iteration begins; at least 1.</summary>
    public int MaxEval
    {
        get;
        set => field = Hyperparameter.AtLeast(1, value);
    }

    /// <summary>The step ends where no gradient is larger than this; not negative.</summary>
    public double ToleranceGrad
    {
        get;
        set => field = Hyperparameter.NotNegative(value);
    }

    /// <summary>
    /// The step ends where no parameter moves by more than this, or the loss changes by less, or falls by less per unit of step; not negative.
    /// </summary>
    public double ToleranceChange
    {
        get;
        set => field = Hyperparameter.NotNegative(value);
    }

    /// <summary>Whether steps are searched for or as long as the learning rate.</summary>
    internal abstract LineSearch Search { get; }

    /// <summary>The c2 of <see cref="StrongWolfe"/>.</summary>
    internal abstract double Flatness { get; }

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        MaxIter = state.Exchange("max_iter", MaxIter);
        MaxEval = state.Exchange("max_eval", MaxEval);
        ToleranceGrad = state.Exchange("tolerance_grad", ToleranceGrad);
        ToleranceChange = state.Exchange("tolerance_change", ToleranceChange);
    }
}
