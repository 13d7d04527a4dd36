namespace GraphGen;

// The parameters of layers as values: penalties on them, and weights that two layers share.
public static partial class Ops
{
    /// <summary>
    /// The weight of a layer, by the name of its method: <c>Sum(Abs(WeightOf(nameof(Fc1))))</c>. What a loss makes of it goes into the weight's gradient, in
    /// the same backward pass.
    /// </summary>
    /// <param name="layer">The name of a layer's method: of one that has a weight and has been called.</param>
    /// <remarks>PyTorch: <c>layer.weight</c>. It has the shape that the layer's attribute says.</remarks>
    public static Tensor WeightOf(string layer) => throw Symbol.NeverRuns();

    /// <summary>The bias of a layer, by the name of its method.</summary>
    /// <param name="layer">The name of a layer's method: of one that has a bias and has been called.</param>
    /// <remarks>PyTorch: <c>layer.bias</c>. It has the shape that the layer's attribute says.</remarks>
    public static Tensor BiasOf(string layer) => throw Symbol.NeverRuns();

    /// <summary>
    /// The sum of the absolute values of all parameters of the model, a scalar: L1 regularisation is <c>+ 1e-4 * L1Penalty()</c>. The gradient at 0 is 0.
    /// </summary>
    /// <remarks>PyTorch: <c>sum(p.abs().sum() for p in model.parameters())</c>.</remarks>
    public static Tensor L1Penalty() => throw Symbol.NeverRuns();

    /// <summary>The sum of the squares of all parameters of the model, a scalar.</summary>
    /// <remarks>PyTorch: <c>sum(p.square().sum() for p in model.parameters())</c>. An optimizer's weight decay of d is d/2 times it, for SGD.</remarks>
    public static Tensor L2Penalty() => throw Symbol.NeverRuns();
}
