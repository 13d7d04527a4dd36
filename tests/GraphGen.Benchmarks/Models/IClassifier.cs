namespace GraphGen.Benchmarks.Models;

/// <summary>What the comparison calls of a generated model.</summary>
public interface IClassifier
{
    public ParameterBlock Parameters { get; }

    public ReadOnlySpan<float> Forward(ReadOnlySpan<float> x);

    public float Loss(ReadOnlySpan<int> labels);

    public void Backward();

    public ReadOnlySpan<float> Predict(ReadOnlySpan<float> x);
}
