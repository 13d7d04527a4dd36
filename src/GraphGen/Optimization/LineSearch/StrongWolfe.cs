using GraphGen.Runtime;

namespace GraphGen;

/// <summary>
/// A line search for a step t along a direction d that satisfies the strong Wolfe conditions
/// <code>
/// f(x + t·d) ≤ f(x) + c1·t·g·d        the loss falls enough, c1 = 1e-4
/// |g(x + t·d)·d| ≤ −c2·g·d            the slope has become flat enough
/// </code>
/// First the step grows until such a step lies between it and the last; then that bracket shrinks. Each trial is where the cubic
/// through the losses and slopes at both ends has its minimum, kept away from the ends. At most 25 searches; what is best then is taken.
/// </summary>
/// <remarks>
/// PyTorch's rules (<c>_strong_wolfe</c> of <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.LBFGS.html">torch.optim.LBFGS</see>),
/// to the number of evaluations: Nocedal, Wright, Numerical Optimization, 2nd edition, 2006, algorithms 3.5 and 3.6. Where PyTorch's would
/// make the parameters NaN it goes on: a loss of NaN counts as too high, and a straight line has its "minimum" in the middle of the bounds.
/// </remarks>
internal sealed unsafe class StrongWolfe
{
    private const double SufficientDecrease = 1e-4;
    private const int MaximumSearches = 25;

    private readonly FlatParameters _parameters;
    private readonly AlignedBuffer _origin;

    // One at the start, two at the ends of the bracket, one for the next trial: they change places instead of being copied.
    private readonly AlignedBuffer[] _gradients;
    private readonly Trial[] _bracket = new Trial[2];

    /// <param name="parameters">What moves.</param>
    public StrongWolfe(FlatParameters parameters)
    {
        _parameters = parameters;
        _origin = parameters.NewVector();
        _gradients = [parameters.NewVector(), parameters.NewVector(), parameters.NewVector(), parameters.NewVector()];
        Gradient = _gradients[0];
    }

    /// <summary>The gradient where the parameters are. After a search it is another buffer than before.</summary>
    public AlignedBuffer Gradient { get; private set; }

    /// <summary>Searches, and moves the parameters.</summary>
    /// <param name="closure">Gives the loss and the gradients where the parameters are.</param>
    /// <param name="direction">d.</param>
    /// <param name="slope">g·d at the start, negative.</param>
    /// <param name="flatness">c2.</param>
    /// <param name="tolerance">How far apart in any parameter the ends of the bracket are at least.</param>
    /// <param name="step">The first t to try; becomes the one taken.</param>
    /// <param name="loss">The loss at the start; becomes the one there.</param>
    /// <returns>How often the closure was called.</returns>
    public int Search(Func<float> closure, AlignedBuffer direction, double slope, double flatness, double tolerance, ref double step, ref double loss)
    {
        _parameters.CopyValuesTo(_origin);
        Trial start = new(0, loss, slope, Gradient);
        int searches = 0;
        bool isFound = Bracket(closure, direction, start, flatness, step, ref searches);
        Trial best = Zoom(closure, direction, start, flatness, tolerance, isFound, ref searches);

        step = best.Step;
        loss = best.Loss;
        Gradient = best.Gradient;
        _bracket.AsSpan().Clear();
        _parameters.SetValues(_origin, step, direction);
        return searches + 1;
    }

    /// <summary>Grows the step until a good one lies in the bracket.</summary>
    /// <returns>Whether the step itself is good: then it is both ends.</returns>
    private bool Bracket(Func<float> closure, AlignedBuffer direction, Trial start, double flatness, double step, ref int searches)
    {
        Trial previous = start;
        Trial trial = Evaluate(closure, direction, step, FreeGradient(start, previous, start));
        for (; searches < MaximumSearches; searches++)
        {
            if (!HasDecreased(trial, start) || (searches > 1 && trial.Loss >= previous.Loss))
            {
                (_bracket[0], _bracket[1]) = (previous, trial);
                return false;
            }

            if (Math.Abs(trial.Slope) <= -flatness * start.Slope)
            {
                (_bracket[0], _bracket[1]) = (trial, trial);
                return true;
            }

            if (trial.Slope >= 0)
            {
                (_bracket[0], _bracket[1]) = (previous, trial);
                return false;
            }

            double least = trial.Step + (0.01 * (trial.Step - previous.Step));
            double next = Interpolate(previous, trial, least, trial.Step * 10);
            previous = trial;
            trial = Evaluate(closure, direction, next, FreeGradient(start, previous, start));
        }

        (_bracket[0], _bracket[1]) = (start, trial);
        return false;
    }

    /// <summary>Shrinks the bracket until its lower end is good.</summary>
    private Trial Zoom(Func<float> closure, AlignedBuffer direction, Trial start, double flatness, double tolerance, bool isFound, ref int searches)
    {
        double largest = Reductions.Largest(direction.Pointer, _parameters.Length);
        bool isSlow = false;
        int low = Lower();
        while (!isFound && searches < MaximumSearches)
        {
            double left = Math.Min(_bracket[0].Step, _bracket[1].Step);
            double right = Math.Max(_bracket[0].Step, _bracket[1].Step);
            if ((right - left) * largest < tolerance)
            {
                break;
            }

            double step = AwayFromEnds(Interpolate(_bracket[0], _bracket[1], left, right), left, right, ref isSlow);
            Trial trial = Evaluate(closure, direction, step, FreeGradient(start, _bracket[0], _bracket[1]));
            searches++;
            ref Trial best = ref _bracket[low];
            ref Trial other = ref _bracket[1 - low];
            if (!HasDecreased(trial, start) || trial.Loss >= best.Loss)
            {
                other = trial;
                low = Lower();
                continue;
            }

            if (Math.Abs(trial.Slope) <= -flatness * start.Slope)
            {
                isFound = true;
            }
            else if (trial.Slope * (other.Step - best.Step) >= 0)
            {
                other = best;
            }

            best = trial;
        }

        return _bracket[low];
    }

    /// <summary>
    /// A trial close to an end, for the second time in a row or beyond the end, is moved a tenth of the bracket away from it.
    /// </summary>
    private static double AwayFromEnds(double step, double left, double right, ref bool isSlow)
    {
        double margin = 0.1 * (right - left);
        if (!(Math.Min(right - step, step - left) < margin))
        {
            isSlow = false;
            return step;
        }

        if (!isSlow && step < right && step > left)
        {
            isSlow = true;
            return step;
        }

        isSlow = false;
        return Math.Abs(step - right) < Math.Abs(step - left) ? right - margin : left + margin;
    }

    /// <summary>Where the cubic through both ends' losses and slopes is least, within bounds; their middle if it has no minimum.</summary>
    private static double Interpolate(Trial one, Trial other, double least, double most)
    {
        (Trial left, Trial right) = one.Step <= other.Step ? (one, other) : (other, one);
        double mean = left.Slope + right.Slope - (3 * (left.Loss - right.Loss) / (left.Step - right.Step));
        double square = (mean * mean) - (left.Slope * right.Slope);
        if (!(square >= 0))
        {
            return (least + most) / 2;
        }

        double root = Math.Sqrt(square);
        double minimum = right.Step - ((right.Step - left.Step) * ((right.Slope + root - mean) / (right.Slope - left.Slope + (2 * root))));
        if (double.IsNaN(minimum))
        {
            return (least + most) / 2;
        }

        return Math.Min(Math.Max(minimum, least), most);
    }

    /// <summary>False for a loss of NaN.</summary>
    private static bool HasDecreased(Trial trial, Trial start) => trial.Loss <= start.Loss + (SufficientDecrease * trial.Step * start.Slope);

    /// <summary>The end of the bracket with the lower loss.</summary>
    private int Lower() => _bracket[0].Loss <= _bracket[1].Loss || double.IsNaN(_bracket[1].Loss) ? 0 : 1;

    private Trial Evaluate(Func<float> closure, AlignedBuffer direction, double step, AlignedBuffer gradient)
    {
        _parameters.SetValues(_origin, step, direction);
        double loss;
        try
        {
            loss = closure();
        }
        catch
        {
            _parameters.SetValues(_origin);
            _bracket.AsSpan().Clear();
            throw;
        }

        _parameters.CopyGradientsTo(gradient);
        return new Trial(step, loss, CompensatedDot.Of(gradient.Pointer, direction.Pointer, _parameters.Length), gradient);
    }

    private AlignedBuffer FreeGradient(Trial first, Trial second, Trial third)
    {
        foreach (AlignedBuffer gradient in _gradients)
        {
            if (gradient != first.Gradient && gradient != second.Gradient && gradient != third.Gradient)
            {
                return gradient;
            }
        }

        throw new InvalidOperationException("Of four buffers three were in use.");
    }

    /// <summary>A step that was tried.</summary>
    private readonly record struct Trial(double Step, double Loss, double Slope, AlignedBuffer Gradient);
}
