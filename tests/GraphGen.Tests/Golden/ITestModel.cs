namespace GraphGen.Tests.Golden;

/// <summary>What every generated model has; the models of these tests declare it, so that one test runs them all.</summary>
public interface ITestModel
{
    ParameterBlock Parameters { get; }

    ReadOnlySpan<float> Forward(ReadOnlySpan<float> x);

    ReadOnlySpan<float> Predict(ReadOnlySpan<float> x);

    void Backward(ReadOnlySpan<float> outputGradient);
}

/// <summary>A model with a loss.</summary>
public interface ILossModel : ITestModel
{
    void Backward();
}

/// <summary>A model whose loss takes class labels.</summary>
public interface ILabelModel : ILossModel
{
    ReadOnlySpan<float> LossValues { get; }

    float Loss(ReadOnlySpan<int> labels);

    float Evaluate(ReadOnlySpan<float> x, ReadOnlySpan<int> labels);
}

/// <summary>A model whose loss takes a target of its output's shape.</summary>
public interface ITargetModel : ILossModel
{
    float Loss(ReadOnlySpan<float> target);

    float Evaluate(ReadOnlySpan<float> x, ReadOnlySpan<float> target);
}

/// <summary>A model whose loss takes nothing but the output.</summary>
public interface IPlainLossModel : ILossModel
{
    float Loss();

    float Evaluate(ReadOnlySpan<float> x);
}
