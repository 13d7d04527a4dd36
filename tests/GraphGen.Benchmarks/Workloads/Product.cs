namespace GraphGen.Benchmarks.Workloads;

/// <summary>A matrix product or convolution of a network, for one sample.</summary>
/// <param name="MultiplyAdds">Multiply-adds that are needed for its results, without those of a row and a column that pooling leaves out.</param>
/// <param name="InputGradient">Whether backward needs the gradient of what comes in; not of a network's own input.</param>
/// <param name="Pooled">Outputs of which max-pooling lets one through: of a gradient, only the winners' part is needed.</param>
/// <param name="Transformed">The part of the multiply-adds that the forward pass does where it is done by Winograd's transforms: 16 of 36.</param>
internal sealed record Product(double MultiplyAdds, bool InputGradient = true, int Pooled = 1, double Transformed = 1)
{
    internal double ForwardOperations => 2 * MultiplyAdds * Transformed;

    /// <summary>As many operations for the gradient of the weights, or of the right operand, and for that of the input.</summary>
    internal double BackwardOperations => 2 * MultiplyAdds / Pooled * (InputGradient ? 2 : 1);

    internal static Product Linear(int inputs, int outputs, int rows = 1) => new((double)rows * inputs * outputs);

    /// <summary>A convolution with a square kernel behind which max-pooling of 2 x 2 makes a map of <paramref name="pooledSize"/> squared.</summary>
    internal static Product PooledConvolution(int inputs, int outputs, int kernel, int pooledSize) =>
        new((double)inputs * outputs * kernel * kernel * 4 * pooledSize * pooledSize, Pooled: 4, Transformed: kernel == 3 && inputs >= 16 ? 16 / 36.0 : 1);

    /// <summary>The same product as a network's first layer.</summary>
    internal Product First() => this with { InputGradient = false };
}
