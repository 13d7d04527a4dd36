using GraphGen.Generator.Autodiff;
using GraphGen.Generator.Compile;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Tests.Harness;

namespace GraphGen.Generator.Tests.Compiler.Interpreter;

/// <summary>Everything that a model computes in one training step and one evaluation.</summary>
/// <param name="Output">What Forward returns.</param>
/// <param name="Predicted">What Predict returns.</param>
/// <param name="Loss">The loss of the training pass; empty without a loss.</param>
/// <param name="LossValues">One loss a sample; empty where the loss is no reduction of such.</param>
/// <param name="OutputGradient">The gradient of the output, where the backward pass began.</param>
/// <param name="Gradients">The gradient of each parameter; <see langword="null"/> where it has none.</param>
internal sealed record ModelValues(
    double[] Output, double[] Predicted, double[] Loss, double[] LossValues, double[] OutputGradient, IReadOnlyList<double[]?> Gradients)
{
    /// <summary>The loss of what Predict returns; empty without a loss.</summary>
    public double[] Evaluated { get; init; } = [];

    /// <summary>All of it, by name.</summary>
    public IEnumerable<(string Name, double[]? Value)> Named(IEnumerable<string> parameters) =>
    [
        ("output", Output), ("predicted", Predicted), ("loss", Loss), ("loss values", LossValues), ("gradient of the output", OutputGradient),
        .. parameters.Select((name, i) => ($"gradient of {name}", Gradients[i])),
    ];
}

/// <summary>Evaluates models by the interpreter: as the user wrote them, and as the compiler rewrote them.</summary>
internal static class ModelEvaluation
{
    /// <summary>The shapes and primitives of the only model of a source.</summary>
    public static TypedModel Type(string source)
    {
        TypedModel model = Typing.Apply(ReaderProbe.Read(source));
        GraphVerifier.Verify(model);
        return model;
    }

    /// <summary>The model as written: no rewriting, gradients by the table.</summary>
    public static ModelValues AsWritten(TypedModel model, Bindings bindings) => AsWritten(model, new Evaluator(bindings, HasErrors: false)).Values;

    /// <summary>The same, and how far rounding can move each of the values (<see cref="RoundingErrors"/>).</summary>
    public static (ModelValues Values, ModelValues Errors) AsWrittenWithErrors(TypedModel model, Bindings bindings) => AsWritten(model, new Evaluator(bindings, HasErrors: true));

    private static (ModelValues Values, ModelValues Errors) AsWritten(TypedModel model, Evaluator evaluator)
    {
        GraphBuilder graph = model.Graph;
        Node[] parameters = [.. model.Parameters.Select((parameter, index) => graph.Add(new Op.Parameter(index), parameter.Shape))];
        Inexact output = evaluator.Of(model.TrainingOutput);
        Inexact predicted = evaluator.Of(model.InferenceOutput);
        Inexact evaluated = evaluator.After(predicted).Of(model.Loss?.Evaluated);
        evaluator = evaluator.After(output);
        Dictionary<Node, Node> direct = [];
        if (model.Loss is { } loss)
        {
            direct = ReverseMode.Differentiate(graph, loss.Value, graph.Constant(1, Shape.Scalar), [loss.Output, .. parameters]);
            evaluator = evaluator.From(evaluator.Of(direct.GetValueOrDefault(loss.Output) ?? graph.Constant(0, loss.Output.Shape)));
        }

        Dictionary<Node, Node> through = ReverseMode.Differentiate(graph, model.TrainingOutput, graph.Add(new Op.OutputGradient(), model.TrainingOutput.Shape), parameters);
        Inexact value = evaluator.Of(model.Loss?.Value);
        Inexact perSample = evaluator.Of(model.Loss?.PerSample);
        Inexact?[] gradients = [.. parameters.Select(parameter => new[] { through, direct }.Where(part => part.ContainsKey(parameter)).Select(part => evaluator.Of(part[parameter])).Aggregate((Inexact?)null, Inexact.Sum))];
        return (
            new ModelValues(output.Value, predicted.Value, value.Value, perSample.Value, evaluator.Bindings.OutputGradient, [.. gradients.Select(gradient => gradient?.Value)]) { Evaluated = evaluated.Value },
            new ModelValues(output.Error, predicted.Error, value.Error, perSample.Error, evaluator.GradientErrors, [.. gradients.Select(gradient => gradient?.Error)]) { Evaluated = evaluated.Error });
    }

    /// <summary>The model as its passes compute it: simplified before and after its gradients were taken.</summary>
    public static ModelValues AsRewritten(TypedModel model, PassSet passes, Bindings bindings)
    {
        double[] output = Evaluate(passes.Values.TrainingOutput, bindings);
        double[] predicted = Evaluate(passes.Values.InferenceOutput, bindings);
        bindings = bindings with { ForwardOutput = output };
        if (passes.Loss is not null)
        {
            bindings = bindings with { OutputGradient = Evaluate(passes.Values.OutputGradient!, bindings) };
        }

        return new ModelValues(
            output,
            predicted,
            EvaluateOrNone(passes.Values.Loss, bindings),
            EvaluateOrNone(passes.Values.LossValues, bindings),
            bindings.OutputGradient,
            [.. model.Parameters.Select((_, index) => Sum(Gradient(passes.Backward, index), Gradient(passes.Penalty, index)))]);

        double[]? Gradient(Fuse.Pass? pass, int index) =>
            EvaluateOrNull(pass?.Roots.SingleOrDefault(root => root.Op is Op.AddToGradient sink && sink.Index == index), bindings);
    }

    private static double[] Evaluate(Node node, Bindings bindings) => new GraphInterpreter(bindings).Evaluate(node);

    private static double[]? EvaluateOrNull(Node? node, Bindings bindings) => node is null ? null : Evaluate(node, bindings);

    private static double[] EvaluateOrNone(Node? node, Bindings bindings) => EvaluateOrNull(node, bindings) ?? [];

    private static double[]? Sum(double[]? a, double[]? b) => a is null ? b : b is null ? a : [.. a.Zip(b, (x, y) => x + y)];

    /// <summary>A value's elements, and how far rounding can move them.</summary>
    private sealed record Inexact(double[] Value, double[] Error)
    {
        public static Inexact Sum(Inexact? a, Inexact b) =>
            a is null ? b : new([.. a.Value.Zip(b.Value, (x, y) => x + y)], [.. a.Error.Zip(b.Error, (x, y) => x + y)]);
    }

    /// <summary>Evaluates values of one stage of a training step, given those of the stages before.</summary>
    private sealed record Evaluator(Bindings Bindings, bool HasErrors)
    {
        public double[] OutputErrors { get; init; } = [];

        public double[] GradientErrors { get; init; } = [];

        /// <summary>For what comes after the model's output.</summary>
        public Evaluator After(Inexact output) => this with { Bindings = Bindings with { ForwardOutput = output.Value }, OutputErrors = output.Error };

        /// <summary>For what comes from the gradient of the output.</summary>
        public Evaluator From(Inexact gradient) => this with { Bindings = Bindings with { OutputGradient = gradient.Value }, GradientErrors = gradient.Error };

        public Inexact Of(Node? node)
        {
            if (node is null)
            {
                return new Inexact([], []);
            }

            GraphInterpreter interpreter = new(Bindings);
            return new Inexact(
                interpreter.Evaluate(node),
                HasErrors ? new RoundingErrors(interpreter) { OfOutput = OutputErrors, OfOutputGradient = GradientErrors }.Of(node) : []);
        }
    }
}
