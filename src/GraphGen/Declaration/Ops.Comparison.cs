namespace GraphGen;

// Comparisons, which give masks of 1 and 0, and what chooses.
public static partial class Ops
{
    /// <summary>1 where <c>left &gt; right</c>, else 0; no gradient flows through it.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">A shape that broadcasts with it.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.gt.html">torch.gt</see>.</remarks>
    public static Tensor Greater(Tensor left, Tensor right) => throw Symbol.NeverRuns();

    /// <summary>1 where <c>left &gt; right</c>, else 0; no gradient flows through it.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">A number.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.gt.html">torch.gt</see>.</remarks>
    public static Tensor Greater(Tensor left, double right) => throw Symbol.NeverRuns();

    /// <summary>1 where <c>left ≥ right</c>, else 0; no gradient flows through it.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">A shape that broadcasts with it.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.ge.html">torch.ge</see>.</remarks>
    public static Tensor GreaterEqual(Tensor left, Tensor right) => throw Symbol.NeverRuns();

    /// <summary>1 where <c>left ≥ right</c>, else 0; no gradient flows through it.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">A number.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.ge.html">torch.ge</see>.</remarks>
    public static Tensor GreaterEqual(Tensor left, double right) => throw Symbol.NeverRuns();

    /// <summary>1 where <c>left &lt; right</c>, else 0; no gradient flows through it.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">A shape that broadcasts with it.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.lt.html">torch.lt</see>.</remarks>
    public static Tensor Less(Tensor left, Tensor right) => throw Symbol.NeverRuns();

    /// <summary>1 where <c>left &lt; right</c>, else 0; no gradient flows through it.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">A number.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.lt.html">torch.lt</see>.</remarks>
    public static Tensor Less(Tensor left, double right) => throw Symbol.NeverRuns();

    /// <summary>1 where <c>left ≤ right</c>, else 0; no gradient flows through it.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">A shape that broadcasts with it.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.le.html">torch.le</see>.</remarks>
    public static Tensor LessEqual(Tensor left, Tensor right) => throw Symbol.NeverRuns();

    /// <summary>1 where <c>left ≤ right</c>, else 0; no gradient flows through it.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">A number.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.le.html">torch.le</see>.</remarks>
    public static Tensor LessEqual(Tensor left, double right) => throw Symbol.NeverRuns();

    /// <summary>1 where <c>left = right</c>, else 0; no gradient flows through it.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">A shape that broadcasts with it.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.eq.html">torch.eq</see>.</remarks>
    public static Tensor Equal(Tensor left, Tensor right) => throw Symbol.NeverRuns();

    /// <summary>1 where <c>left = right</c>, else 0; no gradient flows through it.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">A number.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.eq.html">torch.eq</see>.</remarks>
    public static Tensor Equal(Tensor left, double right) => throw Symbol.NeverRuns();

    /// <summary>1 where <c>left ≠ right</c>, else 0; no gradient flows through it.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">A shape that broadcasts with it.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.ne.html">torch.ne</see>.</remarks>
    public static Tensor NotEqual(Tensor left, Tensor right) => throw Symbol.NeverRuns();

    /// <summary>1 where <c>left ≠ right</c>, else 0; no gradient flows through it.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">A number.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.ne.html">torch.ne</see>.</remarks>
    public static Tensor NotEqual(Tensor left, double right) => throw Symbol.NeverRuns();

    /// <summary><c>input</c> where the condition is not 0, else <c>other</c>. The gradient goes to the one that was chosen.</summary>
    /// <param name="condition">Any shape, such as a comparison gives.</param>
    /// <param name="input">A shape that broadcasts with it.</param>
    /// <param name="other">A shape that broadcasts with both.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.where.html">torch.where</see>.</remarks>
    public static Tensor Where(Tensor condition, Tensor input, Tensor other) => throw Symbol.NeverRuns();

    /// <summary><c>input</c> where the condition is not 0, else a number.</summary>
    /// <param name="condition">Any shape, such as a comparison gives.</param>
    /// <param name="input">A shape that broadcasts with it.</param>
    /// <param name="other">A number.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.where.html">torch.where</see>.</remarks>
    public static Tensor Where(Tensor condition, Tensor input, double other) => throw Symbol.NeverRuns();

    /// <summary>1, −1 or 0 by the sign of each element; no gradient flows through it.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.sign.html">torch.sign</see>.</remarks>
    public static Tensor Sign(Tensor input) => throw Symbol.NeverRuns();

    /// <summary>Each element kept between two bounds, of which one may be left out. At a bound the gradient flows, beyond it does not; NaN stays NaN.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <param name="min">The lower bound; none by default.</param>
    /// <param name="max">The upper bound; none by default.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.clamp.html">torch.clamp</see>.</remarks>
    public static Tensor Clamp(Tensor input, double min = double.NegativeInfinity, double max = double.PositiveInfinity) => throw Symbol.NeverRuns();
}
