using GraphGen.Runtime;

namespace GraphGen;

/// <summary>
/// What <see cref="LBFGS"/> and <see cref="ConjugateGradient"/> have in common: one group, a closure that is called many times in a
/// step, and iterations that each find a direction and go along it.
/// </summary>
/// <remarks>
/// <para>
/// The parameters are one vector, so there is one group only. A parameter without gradient counts as one with a gradient of zeros.
/// </para>
/// <para>
/// Dot products are as exact as in double precision and are cut into parts by size alone: results are the same for any number of
/// threads. After the first steps nothing is allocated but by the closure.
/// </para>
/// </remarks>
/// <typeparam name="TGroup">The group class with the options.</typeparam>
public abstract unsafe class LineSearchOptimizer<TGroup> : Optimizer<TGroup>
    where TGroup : LineSearchGroup
{
    private StrongWolfe? _search;

    private protected LineSearchOptimizer()
    {
    }

    /// <summary>Iterations in all steps.</summary>
    public long IterationCount { get; private set; }

    /// <summary>Calls of the closure in all steps.</summary>
    public long EvaluationCount { get; private set; }

    private protected sealed override int MaximumGroups => 1;

    /// <summary>The parameters as one vector.</summary>
    private protected FlatParameters Flat => field ??= new FlatParameters(Groups[0].Parameters);

    /// <summary>The gradient where the parameters are.</summary>
    private protected float* Gradient => Search.Gradient.Pointer;

    /// <summary>The gradient where the last direction was found.</summary>
    private protected AlignedBuffer PreviousGradient => field ??= Flat.NewVector();

    /// <summary>Where to go.</summary>
    private protected AlignedBuffer Direction => field ??= Flat.NewVector();

    /// <summary>How far along the direction the last iteration went.</summary>
    private protected double StepLength { get; set; }

    /// <inheritdoc/>
    protected internal sealed override bool HasStepState => false;

    private StrongWolfe Search => _search ??= new StrongWolfe(Flat);

    /// <summary>Not possible: the loss is needed at several places. Call <see cref="Step(Func{float})"/>.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public sealed override void Step() =>
        throw new InvalidOperationException($"{GetType().Name} evaluates the model several times in a step: call Step(closure).");

    /// <summary>Goes downhill for up to <see cref="LineSearchGroup.MaxIter"/> iterations.</summary>
    /// <param name="closure">
    /// Forgets the gradients, runs the model forward and backward, and returns the loss: of the same data each time. If it throws in a line
    /// search, the parameters are where the iteration began.
    /// </param>
    /// <returns>The loss before the step: what the first call of <paramref name="closure"/> returned.</returns>
    /// <exception cref="InvalidOperationException">
    /// The group has an <see cref="ParameterGroup.L1"/> penalty, which the loss that the closure returns would not have: put it there.
    /// </exception>
    public sealed override float Step(Func<float> closure)
    {
        ArgumentNullException.ThrowIfNull(closure);
        if (Groups[0].L1 != 0)
        {
            throw new InvalidOperationException(
                $"Expected a group without L1 penalty, got {Groups[0].L1}: {GetType().Name} compares losses, so a penalty has to be in the closure's.");
        }

        float loss = closure();
        EvaluationCount++;
        Minimize(Groups[0], closure, loss);
        CountStep();
        GC.KeepAlive(this);
        return loss;
    }

    /// <inheritdoc/>
    protected sealed override void Update(TGroup group, in ParameterRange range) => Step();

    /// <summary>Finds the direction from where the parameters are.</summary>
    /// <param name="group">The options.</param>
    private protected abstract void FindDirection(TGroup group);

    /// <summary>The length of step to try first.</summary>
    /// <param name="group">The options.</param>
    /// <param name="slope">The gradient times the direction.</param>
    private protected abstract double FirstLength(TGroup group, double slope);

    /// <summary>The direction does not go downhill, or the closure threw: nothing has moved.</summary>
    private protected virtual void OnStall()
    {
    }

    /// <summary>What the direction depends on and this class does not know. Called once there has been an iteration.</summary>
    private protected abstract void ExchangeMemory(StateExchange state);

    /// <summary>There has been no iteration: nothing is remembered.</summary>
    private protected abstract void Forget();

    /// <summary><c>min(1, 1/Σ|g|)·lr</c>: a step for when nothing is known of the scale.</summary>
    private protected double CautiousLength(TGroup group) =>
        Math.Min(1, 1 / Reductions.SumOfMagnitudes(Gradient, Flat.Length)) * group.LearningRate;

    private protected double Dot(float* x, float* y) => CompensatedDot.Of(x, y, Flat.Length);

    /// <summary>Exchanges one vector under PyTorch's name, without the floats between parameters.</summary>
    private protected void ExchangeVector(StateExchange state, string name, AlignedBuffer vector)
    {
        float[] exchanged = state.ExchangeTensor(name, Flat.Pack(vector));
        if (state.IsLoading)
        {
            Flat.Unpack(name, exchanged, vector);
        }
    }

    /// <summary>Exchanges the iterations there were and what is remembered of them, under PyTorch's names.</summary>
    /// <param name="state">Notes the settings or restores them.</param>
    protected internal sealed override void Exchange(StateExchange state)
    {
        IterationCount = NotNegative("n_iter", state.Exchange("n_iter", IterationCount));
        EvaluationCount = NotNegative("func_evals", state.Exchange("func_evals", EvaluationCount));
        if (IterationCount == 0)
        {
            Forget();
            return;
        }

        StepLength = state.Exchange("t", StepLength);
        ExchangeVector(state, "d", Direction);
        ExchangeVector(state, "prev_flat_grad", PreviousGradient);
        ExchangeMemory(state);
    }

    private protected static long NotNegative(string name, long value) =>
        value >= 0 ? value : throw new StateDictException($"Expected 0 or more for '{name}', got {value}.");

    private void Minimize(TGroup group, Func<float> closure, double loss)
    {
        Flat.CopyGradientsTo(Search.Gradient);
        if (IsOptimal(group))
        {
            return;
        }

        int evaluations = 1;
        for (int iteration = 1; ; iteration++)
        {
            IterationCount++;
            FindDirection(group);
            LinearCombination.Copy(PreviousGradient.Pointer, Gradient, Flat.Length);
            double before = loss;
            double slope = Dot(Gradient, Direction.Pointer);
            double length = FirstLength(group, slope);
            StepLength = length;
            if (slope > -group.ToleranceChange)
            {
                OnStall();
                return;
            }

            int used;
            try
            {
                used = Go(group, closure, slope, isLast: iteration == group.MaxIter, ref length, ref loss);
            }
            catch
            {
                // The iteration has not been: the next begins where it did.
                IterationCount--;
                OnStall();
                throw;
            }

            StepLength = length;
            evaluations += used;
            EvaluationCount += used;
            if (iteration == group.MaxIter
                || evaluations >= group.MaxEval
                || IsOptimal(group)
                || Reductions.Largest(Direction.Pointer, Flat.Length) * Math.Abs(length) <= group.ToleranceChange
                || Math.Abs(loss - before) < group.ToleranceChange)
            {
                return;
            }
        }
    }

    /// <summary>Moves along the direction.</summary>
    /// <returns>How often the closure was called.</returns>
    private int Go(TGroup group, Func<float> closure, double slope, bool isLast, ref double length, ref double loss)
    {
        if (group.Search == LineSearch.StrongWolfe)
        {
            return Search.Search(closure, Direction, slope, group.Flatness, group.ToleranceChange, ref length, ref loss);
        }

        Flat.SetValues(null, length, Direction);
        if (isLast)
        {
            // The next step begins with an evaluation, maybe of other data.
            return 0;
        }

        loss = closure();
        Flat.CopyGradientsTo(Search.Gradient);
        return 1;
    }

    private bool IsOptimal(TGroup group) => Reductions.Largest(Gradient, Flat.Length) <= group.ToleranceGrad;
}
