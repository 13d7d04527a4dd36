namespace GraphGen.Tests.Golden;

/// <summary>What every generated model has; the models of these tests declare it, so that one test runs them all.</summary>
public interface ITestModel
{
    public ParameterBlock Parameters { get; }

    public ReadOnlySpan<float> Forward(ReadOnlySpan<float> x);

    public ReadOnlySpan<float> Predict(ReadOnlySpan<float> x);

    public void Backward(ReadOnlySpan<float> outputGradient);
}

/// <summary>A model with a loss.</summary>
public interface ILossModel : ITestModel
{
    public void Backward();
}

/// <summary>A model whose loss takes class labels.</summary>
public interface ILabelModel : ILossModel
{
    public ReadOnlySpan<float> LossValues { get; }

    public float Loss(ReadOnlySpan<int> labels);

    public float Evaluate(ReadOnlySpan<float> x, ReadOnlySpan<int> labels);
}

/// <summary>A model whose loss takes a target of its output's shape.</summary>
public interface ITargetModel : ILossModel
{
    public float Loss(ReadOnlySpan<float> target);

    public float Evaluate(ReadOnlySpan<float> x, ReadOnlySpan<float> target);
}

/// <summary>A model whose loss takes nothing but the output.</summary>
public interface IPlainLossModel : ILossModel
{
    public float Loss();

    public float Evaluate(ReadOnlySpan<float> x);
}
