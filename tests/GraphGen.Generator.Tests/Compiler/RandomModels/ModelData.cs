using GraphGen.Generator.Compile;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Operations;
using GraphGen.Generator.Tests.Compiler.Interpreter;

namespace GraphGen.Generator.Tests.Compiler.RandomModels;

/// <summary>Random arguments for a model, in the forms that the generated code and the interpreter take.</summary>
/// <param name="Inputs">The arguments of Forward and Predict.</param>
/// <param name="Targets">The arguments of Loss.</param>
/// <param name="OutputGradients">Gradients of the outputs, to begin a backward pass with.</param>
/// <param name="LossGradient">A gradient of the loss; empty where that is one number.</param>
/// <param name="Bindings">The same, and the parameters, for the interpreter.</param>
internal sealed record ModelData(Array[] Inputs, Array[] Targets, float[][] OutputGradients, float[] LossGradient, Bindings Bindings)
{
    /// <summary>The seed of the masks, which begin anew with every step.</summary>
    public const long MaskSeed = 7;

    public static ModelData Draw(TypedModel typed, ParameterBlock parameters, int samples, int seed)
    {
        Random random = new((seed * 1000) + samples);
        Array[] inputs = [.. typed.Inputs.Select(Argument)];
        Array[] targets = [.. (typed.Loss?.Inputs ?? []).Select(Argument)];
        float[][] gradients = [.. typed.Outputs.Select(output => Floats(output.Shape))];
        float[] lossGradient = typed.Loss is { IsReduced: false } loss ? Floats(loss.Value.Shape) : [];
        return new ModelData(inputs, targets, gradients, lossGradient, new Bindings
        {
            Samples = samples,
            Inputs = typed.Inputs.Zip(inputs).Concat((typed.Loss?.Inputs ?? []).Zip(targets)).ToDictionary(pair => ((Op.Input)pair.First.Op).Name, pair => Doubles(pair.Second)),
            Parameters = [.. parameters.Select(parameter => Doubles(parameter.Values.ToArray()))],
            OutputGradients = [.. gradients.Select(Doubles)],
            LossGradient = Doubles(lossGradient),
        });

        Array Argument(Node given)
        {
            string name = ((Op.Input)given.Op).Name;
            return typed.Labels.FirstOrDefault(range => range.Argument == name) is { } range ? Labels(Length(given.Shape), range)
                : typed.Probabilities.Contains(name) ? Enumerable.Range(0, Length(given.Shape)).Select(_ => random.NextSingle()).ToArray()
                : Floats(given.Shape);
        }

        int Length(Shape shape) => shape.ElementsPerSample * (shape.IsPerSample ? samples : 1);

        float[] Floats(Shape shape) =>
            [.. Enumerable.Range(0, Length(shape)).Select(_ => (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5))];

        // Some labels are the ignored index, but never the first: a mean over nothing is not a number.
        int[] Labels(int length, LabelRange range)
        {
            int ignored = range.IgnoreIndex;
            int[] labels = [.. Enumerable.Range(0, length).Select(_ => random.Next(4) == 0 && ignored != int.MinValue ? ignored : random.Next(range.Classes))];
            labels[0] = ignored == 0 ? 1 : 0;
            return labels;
        }
    }

    public static double[] Doubles(Array values) => values switch
    {
        float[] floats => [.. floats.Select(value => (double)value)],
        int[] integers => [.. integers.Select(value => (double)value)],
        _ => throw new ArgumentException($"unknown array {values}", nameof(values)),
    };
}

/// <summary>What the generated code computed in one go through its whole interface.</summary>
internal sealed record Step(
    float[][] Outputs, float[][] Predicted, float[] Loss, float[] Evaluated, float[] LossValues, float[][] Gradients, float[][] Accumulated, float[][] GivenGradients)
{
    public IEnumerable<(string Name, float[] Value)> Named =>
    [
        .. Outputs.Select((output, i) => ($"output {i}", output)),
        .. Predicted.Select((output, i) => ($"prediction {i}", output)),
        ("loss", Loss), ("evaluation", Evaluated), ("loss values", LossValues),
        .. Gradients.Select((gradient, i) => ($"gradient {i}", gradient)),
        .. Accumulated.Select((gradient, i) => ($"accumulated gradient {i}", gradient)),
        .. GivenGradients.Select((gradient, i) => ($"given gradient {i}", gradient)),
    ];

    public static Step Run(ModelInstance model, TypedModel typed, ModelData data)
    {
        bool hasLoss = typed.Loss is not null;
        model.Parameters.ZeroGrad();
        model.Restart(new RandomState(ModelData.MaskSeed, 0));
        (float[][] outputs, float[] loss) = Train();
        float[] lossValues = model.LossValues;
        float[][] gradients = Gradients();

        Train();
        float[][] accumulated = Gradients();

        model.Parameters.ZeroGrad();
        model.Forward(data.Inputs);
        if (typed.Loss?.IsReduced != false)
        {
            model.Backward(data.OutputGradients);
        }

        return new Step(
            outputs,
            model.Predict(data.Inputs),
            loss,
            hasLoss ? model.Evaluate([.. data.Inputs, .. data.Targets]) : [],
            lossValues,
            gradients,
            accumulated,
            Gradients());

        // The caller may use its arrays again as soon as a call returns: here they are wiped.
        (float[][] Outputs, float[] Loss) Train()
        {
            Array[] inputs = Copies(data.Inputs);
            float[][] y = model.Forward(inputs);
            Wipe(inputs);
            if (!hasLoss)
            {
                float[][] gradients = [.. data.OutputGradients.Select(gradient => gradient.ToArray())];
                model.Backward(gradients);
                Wipe(gradients);
                return (y, []);
            }

            Array[] targets = Copies(data.Targets);
            float[] loss = model.Loss(targets);
            Wipe(targets);
            float[] lossGradient = [.. data.LossGradient];
            model.Backward(lossGradient);
            Array.Clear(lossGradient);
            return (y, loss);
        }

        float[][] Gradients() => [.. model.Parameters.Select(parameter => parameter.Gradients.ToArray())];
    }

    private static Array[] Copies(Array[] arrays) => [.. arrays.Select(array => (Array)array.Clone())];

    private static void Wipe(Array[] arrays) => Array.ForEach(arrays, Array.Clear);
}
