using GraphGen.Generator.Autodiff;
using GraphGen.Generator.Compile;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Tests.Harness;

namespace GraphGen.Generator.Tests.Compiler.Interpreter;

/// <summary>Everything that a model computes in one training step and one evaluation.</summary>
/// <param name="Outputs">What Forward returns.</param>
/// <param name="Predicted">What Predict returns.</param>
/// <param name="Loss">The loss of the training pass; empty without a loss.</param>
/// <param name="LossValues">One loss a sample; empty where the loss is no reduction of such.</param>
/// <param name="OutputGradients">The gradients of the outputs, where the backward pass began.</param>
/// <param name="Gradients">The gradient of each parameter; <see langword="null"/> where it has none.</param>
internal sealed record ModelValues(
    IReadOnlyList<double[]> Outputs,
    IReadOnlyList<double[]> Predicted,
    double[] Loss,
    double[] LossValues,
    IReadOnlyList<double[]> OutputGradients,
    IReadOnlyList<double[]?> Gradients)
{
    /// <summary>The loss of what Predict returns; empty without a loss.</summary>
    public double[] Evaluated { get; init; } = [];

    /// <summary>All of it, by name.</summary>
    public IEnumerable<(string Name, double[]? Value)> Named(IEnumerable<string> parameters) =>
    [
        .. Outputs.Select((output, i) => ($"output {i}", output)),
        .. Predicted.Select((output, i) => ($"predicted {i}", output)),
        ("loss", Loss),
        ("loss values", LossValues),
        .. OutputGradients.Select((gradient, i) => ($"gradient of output {i}", gradient)),
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
        Inexact[] outputs = [.. model.Outputs.Select(output => evaluator.Of(output.Training))];
        Inexact[] predicted = [.. model.Outputs.Select(output => evaluator.Of(output.Inference))];
        Inexact evaluated = evaluator.After(predicted).Of(model.Loss?.Evaluated);
        evaluator = evaluator.After(outputs);
        Dictionary<Node, Node> direct = [];
        if (model.Loss is { } loss)
        {
            direct = ReverseMode.Differentiate(graph, [(loss.Value, loss.Seed(graph))], [.. loss.Outputs, .. parameters]);
            evaluator = evaluator.From([.. loss.Outputs.Select(output => evaluator.Of(direct.GetValueOrDefault(output) ?? graph.Constant(0, output.Shape)))]);
        }

        Dictionary<Node, Node> through = ReverseMode.Differentiate(graph, Seeded(model), parameters);
        Inexact value = evaluator.Of(model.Loss?.Value);
        Inexact perSample = evaluator.Of(model.Loss?.PerSample);
        Inexact?[] gradients = [.. parameters.Select(parameter => new[] { through, direct }.Where(part => part.ContainsKey(parameter)).Select(part => evaluator.Of(part[parameter])).Aggregate((Inexact?)null, Inexact.Sum))];
        return (
            new ModelValues(Values(outputs), Values(predicted), value.Value, perSample.Value, evaluator.Bindings.OutputGradients, [.. gradients.Select(gradient => gradient?.Value)]) { Evaluated = evaluated.Value },
            new ModelValues(Errors(outputs), Errors(predicted), value.Error, perSample.Error, evaluator.GradientErrors, [.. gradients.Select(gradient => gradient?.Error)]) { Evaluated = evaluated.Error });
    }

    /// <summary>The outputs in training, each with the gradient that is given of it.</summary>
    public static (Node Output, Node Seed)[] Seeded(TypedModel model) =>
        [.. model.Outputs.Select((output, i) => (output.Training, model.Graph.Add(new Op.OutputGradient(i), output.Shape)))];

    /// <summary>The model as its passes compute it: simplified before and after its gradients were taken.</summary>
    public static ModelValues AsRewritten(TypedModel model, PassSet passes, Bindings bindings)
    {
        double[][] outputs = [.. passes.Values.TrainingOutputs.Select(output => Evaluate(output, bindings))];
        double[][] predicted = [.. passes.Values.InferenceOutputs.Select(output => Evaluate(output, bindings))];
        bindings = bindings with { ForwardOutputs = outputs };
        if (passes.Loss is not null)
        {
            bindings = bindings with { OutputGradients = [.. passes.Values.OutputGradients.Select(gradient => Evaluate(gradient, bindings))] };
        }

        return new ModelValues(
            outputs,
            predicted,
            EvaluateOrNone(passes.Values.Loss, bindings),
            EvaluateOrNone(passes.Values.LossValues, bindings),
            bindings.OutputGradients,
            [.. model.Parameters.Select((_, index) => Sum(Gradient(passes.Backward, index), Gradient(passes.LossBackward, index)))]);

        double[]? Gradient(Fuse.Pass? pass, int index) =>
            EvaluateOrNull(pass?.Roots.SingleOrDefault(root => root.Op is Op.AddToGradient sink && sink.Index == index), bindings);
    }

    private static double[] Evaluate(Node node, Bindings bindings) => new GraphInterpreter(bindings).Evaluate(node);

    private static double[]? EvaluateOrNull(Node? node, Bindings bindings) => node is null ? null : Evaluate(node, bindings);

    private static double[] EvaluateOrNone(Node? node, Bindings bindings) => EvaluateOrNull(node, bindings) ?? [];

    private static double[]? Sum(double[]? a, double[]? b) => a is null ? b : b is null ? a : [.. a.Zip(b, (x, y) => x + y)];

    private static double[][] Values(IEnumerable<Inexact> values) => [.. values.Select(value => value.Value)];

    private static double[][] Errors(IEnumerable<Inexact> values) => [.. values.Select(value => value.Error)];

    /// <summary>A value's elements, and how far rounding can move them.</summary>
    private sealed record Inexact(double[] Value, double[] Error)
    {
        public static Inexact Sum(Inexact? a, Inexact b) =>
            a is null ? b : new([.. a.Value.Zip(b.Value, (x, y) => x + y)], [.. a.Error.Zip(b.Error, (x, y) => x + y)]);
    }

    /// <summary>Evaluates values of one stage of a training step, given those of the stages before.</summary>
    private sealed record Evaluator(Bindings Bindings, bool HasErrors)
    {
        public double[][] OutputErrors { get; init; } = [];

        public double[][] GradientErrors { get; init; } = [];

        /// <summary>For what comes after the model's outputs.</summary>
        public Evaluator After(Inexact[] outputs) => this with { Bindings = Bindings with { ForwardOutputs = Values(outputs) }, OutputErrors = Errors(outputs) };

        /// <summary>For what comes from the gradients of the outputs.</summary>
        public Evaluator From(Inexact[] gradients) => this with { Bindings = Bindings with { OutputGradients = Values(gradients) }, GradientErrors = Errors(gradients) };

        public Inexact Of(Node? node)
        {
            if (node is null)
            {
                return new Inexact([], []);
            }

            GraphInterpreter interpreter = new(Bindings);
            return new Inexact(
                interpreter.Evaluate(node),
                HasErrors ? new RoundingErrors(interpreter) { OfOutputs = OutputErrors, OfOutputGradients = GradientErrors }.Of(node) : []);
        }
    }
}
