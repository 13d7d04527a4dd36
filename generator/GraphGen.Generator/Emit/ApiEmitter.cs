using System.Globalization;
using GraphGen.Generator.Compile;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Operations;

namespace GraphGen.Generator.Emit;

/// <summary>Writes what the user calls: the constructor, Forward, Loss, Backward, Predict, Evaluate and what they share.</summary>
internal static class ApiEmitter
{
    public static void Emit(CodeWriter code, EmissionInput input)
    {
        EmitFields(code, input);
        EmitConstructor(code, input);
        code.Line("/// <summary>The most samples a batch may have: what memory was laid out for.</summary>");
        code.Line("public int MaxBatch { get; }");
        code.Line();
        code.Line("/// <summary>The parameters and their gradients.</summary>");
        code.Line("public ParameterBlock Parameters { get; }");
        code.Line();
        EmitForward(code, input);
        EmitPredict(code, input);
        if (input.Typed.Loss is not null)
        {
            EmitLoss(code, input);
            EmitEvaluate(code, input);
        }

        EmitBackward(code, input);
    }

    private static void EmitFields(CodeWriter code, EmissionInput input)
    {
        code.Line("private readonly AlignedBuffer _training; // values of the training step");
        code.Line("private readonly AlignedBuffer _inference; // values of Predict and Evaluate");
        code.Line("private readonly long _seed;");
        code.Line("private long _step; // training passes so far");
        code.Line("private int _samples; // of the last training pass");
        code.Line("private TrainingStage _stage;");
        if (input.Passes.Values.LossValues is not null)
        {
            code.Line("private int _lossSamples; // of the last loss");
        }

        code.Line();
    }

    private static void EmitConstructor(CodeWriter code, EmissionInput input)
    {
        code.Line("/// <summary>Makes the model with PyTorch's default initialization, and all the memory it will ever use.</summary>");
        code.Line("/// <param name=\"maxBatch\">The most samples a batch may have, at least 1.</param>");
        code.Line("/// <param name=\"seed\">Where the random numbers of initialization and dropout begin.</param>");
        using (code.Open($"public {input.Definition.Name}(int maxBatch, long seed = 0)"))
        {
            code.Line("ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);");
            code.Line("MaxBatch = maxBatch;");
            code.Line("_seed = seed;");
            code.Line($"_training = new AlignedBuffer(({Text(input.Training.Plan!.PerSampleFloats)}L * maxBatch) + {Text(input.Training.Plan.FixedFloats)});");
            code.Line($"_inference = new AlignedBuffer(({Text(input.Inference.Plan!.PerSampleFloats)}L * maxBatch) + {Text(input.Inference.Plan.FixedFloats)});");
            code.Line("Parameters = new ParameterBlock(");
            IReadOnlyList<ParameterInfo> parameters = input.Typed.Parameters;
            code.Line($"    seed{(parameters.Count == 0 ? ");" : ",")}");
            for (int i = 0; i < parameters.Count; i++)
            {
                ParameterInfo parameter = parameters[i];
                string shape = $"[{string.Join(", ", parameter.Shape.Dims)}]";
                string bound = parameter.Initializer == ParameterInitializer.Uniform ? $", {KernelContext.Literal(parameter.Bound)}" : "";
                code.Line($"    ParameterSpec.{parameter.Initializer}(\"{parameter.Name}\", {shape}{bound}){(i == parameters.Count - 1 ? ");" : ",")}");
            }
        }

        code.Line();
    }

    private static void EmitForward(CodeWriter code, EmissionInput input)
    {
        IReadOnlyList<Node> inputs = input.Typed.Inputs;
        code.Line("/// <summary>The training pass: dropout drops, and what the backward pass needs is kept.</summary>");
        Documentation(code, inputs);
        code.Line($"/// <returns>The output, {input.Typed.OutputShape}, row-major; valid until the next training pass.</returns>");
        using (code.Open($"public ReadOnlySpan<float> Forward({Arguments(inputs)})"))
        {
            EmitBatchCheck(code, inputs);
            code.Line("Pass pass = TrainingPass(n);");
            code.Line("_step++;");
            code.Line("pass.Key = Guard.StepKey(_seed, _step);");
            EmitRun(code, inputs, [PassRole.Forward]);
            code.Line("_samples = n;");
            code.Line("_stage = TrainingStage.Forward;");
            code.Line($"return _training.Slice(pass.Output, n * {input.Typed.OutputShape.ElementsPerSample});");
        }

        code.Line();
    }

    private static void EmitPredict(CodeWriter code, EmissionInput input)
    {
        IReadOnlyList<Node> inputs = input.Typed.Inputs;
        code.Line("/// <summary>The inference pass: dropout is off, and a training step under way is left alone.</summary>");
        Documentation(code, inputs);
        code.Line($"/// <returns>The output, {input.Typed.OutputShape}, row-major; valid until the next inference pass.</returns>");
        using (code.Open($"public ReadOnlySpan<float> Predict({Arguments(inputs)})"))
        {
            EmitBatchCheck(code, inputs);
            code.Line("Pass pass = InferencePass(n);");
            EmitRun(code, inputs, [PassRole.Predict]);
            code.Line($"return _inference.Slice(pass.Output, n * {input.Typed.OutputShape.ElementsPerSample});");
        }

        code.Line();
    }

    private static void EmitLoss(CodeWriter code, EmissionInput input)
    {
        TypedLoss loss = input.Typed.Loss!;
        code.Line("/// <summary>The loss of the last training pass, from which <see cref=\"Backward()\"/> goes on.</summary>");
        Documentation(code, loss.Inputs);
        code.Line("/// <exception cref=\"InvalidOperationException\">There is no training pass to take the loss of.</exception>");
        using (code.Open($"public float Loss({Arguments(loss.Inputs)})"))
        {
            using (code.Open("if (_stage == TrainingStage.None)"))
            {
                code.Line("throw Guard.LossBeforeForward();");
            }

            code.Line("int n = _samples;");
            EmitLossChecks(code, loss);
            code.Line("Pass pass = TrainingPass(n);");
            EmitRun(code, loss.Inputs, [PassRole.Loss]);
            code.Line("_stage = TrainingStage.Loss;");
            if (input.Passes.Values.LossValues is not null)
            {
                code.Line("_lossSamples = n;");
            }

            code.Line($"return *{Field(input.Training, input.Passes.Values.Loss!)};");
        }

        code.Line();
        if (input.Passes.Values.LossValues is { } values)
        {
            code.Line("/// <summary>The loss of each sample of the last loss, [n]; empty before the first.</summary>");
            code.Line("public ReadOnlySpan<float> LossValues => _training.Slice(TrainingPass(_lossSamples)." + FieldName(input.Training, values) + ", _lossSamples);");
            code.Line();
        }
    }

    private static void EmitEvaluate(CodeWriter code, EmissionInput input)
    {
        TypedLoss loss = input.Typed.Loss!;
        List<Node> arguments = [.. input.Typed.Inputs, .. loss.Inputs];
        code.Line("/// <summary>The loss on the inference pass: no dropout, no gradients.</summary>");
        Documentation(code, arguments);
        using (code.Open($"public float Evaluate({Arguments(arguments)})"))
        {
            EmitBatchCheck(code, input.Typed.Inputs);
            EmitLossChecks(code, loss);
            code.Line("Pass pass = InferencePass(n);");
            EmitRun(code, arguments, [PassRole.Predict, PassRole.Evaluate]);
            code.Line($"return *{Field(input.Inference, input.Passes.Values.Loss!)};");
        }

        code.Line();
    }

    private static void EmitBackward(CodeWriter code, EmissionInput input)
    {
        bool hasPenalty = input.Passes.Penalty is not null;
        if (input.Typed.Loss is not null)
        {
            code.Line("/// <summary>Adds the gradients of the last loss to <see cref=\"Parameters\"/>. A training pass can be gone back through once.</summary>");
            code.Line("/// <exception cref=\"InvalidOperationException\">There is no loss to go back from.</exception>");
            using (code.Open("public void Backward()"))
            {
                using (code.Open("if (_stage != TrainingStage.Loss)"))
                {
                    code.Line("throw Guard.BackwardBeforeLoss();");
                }

                code.Line("Pass pass = TrainingPass(_samples);");
                code.Line(hasPenalty ? "BackwardFromOutput(&pass, withPenalty: true);" : "BackwardFromOutput(&pass);");
            }

            code.Line();
        }

        code.Line("/// <summary>Adds the gradients that follow from a gradient of the output to <see cref=\"Parameters\"/>.</summary>");
        code.Line($"/// <param name=\"outputGradient\">The gradient of the last training pass's output, {input.Typed.OutputShape}, row-major.</param>");
        code.Line("/// <exception cref=\"InvalidOperationException\">There is no training pass to go back through.</exception>");
        using (code.Open("public void Backward(ReadOnlySpan<float> outputGradient)"))
        {
            using (code.Open("if (_stage == TrainingStage.None)"))
            {
                code.Line("throw Guard.BackwardBeforeForward();");
            }

            code.Line($"Guard.Length(outputGradient.Length, _samples * {input.Typed.OutputShape.ElementsPerSample}, nameof(outputGradient));");
            code.Line("Pass pass = TrainingPass(_samples);");
            code.Line("outputGradient.CopyTo(new Span<float>(pass.OutputGradient, outputGradient.Length));");
            code.Line(hasPenalty ? "BackwardFromOutput(&pass, withPenalty: false);" : "BackwardFromOutput(&pass);");
        }

        code.Line();
        EmitBackwardFromOutput(code, input, hasPenalty);
    }

    private static void EmitBackwardFromOutput(CodeWriter code, EmissionInput input, bool hasPenalty)
    {
        int count = input.Typed.Parameters.Count;
        using (code.Open($"private void BackwardFromOutput(Pass* pass{(hasPenalty ? ", bool withPenalty" : "")})"))
        {
            code.Line($"bool* accumulate = stackalloc bool[{Math.Max(1, count)}];");
            using (code.Open($"for (int i = 0; i < {count}; i++)"))
            {
                code.Line("accumulate[i] = Parameters.HasGradient(i);");
            }

            code.Line("pass->Accumulate = accumulate;");
            code.Line("pass->Key = Guard.StepKey(_seed, _step);");
            if (hasPenalty)
            {
                using (code.Open("if (withPenalty)"))
                {
                    code.Line($"{PassEmitter.DriverName(PassRole.Penalty)}(pass);");
                    EmitMarks(code, input.Passes.Penalty!, accumulate: true);
                }
            }

            code.Line($"{PassEmitter.DriverName(PassRole.Backward)}(pass);");
            EmitMarks(code, input.Passes.Backward, accumulate: false);
            code.Line("_stage = TrainingStage.None;");
        }

        code.Line();
    }

    private static void EmitMarks(CodeWriter code, Pass pass, bool accumulate)
    {
        foreach (int index in pass.Roots.Select(root => ((Op.AddToGradient)root.Op).Index).OrderBy(index => index))
        {
            code.Line($"Parameters.MarkGradient({index});");
            if (accumulate)
            {
                code.Line($"accumulate[{index}] = true;");
            }
        }
    }

    /// <summary>Checks all that is given before anything is changed.</summary>
    private static void EmitBatchCheck(CodeWriter code, IReadOnlyList<Node> inputs)
    {
        for (int i = 0; i < inputs.Count; i++)
        {
            string name = ArgumentName(inputs[i]);
            code.Line(i == 0
                ? $"int n = Guard.Batch({name}.Length, {inputs[i].Shape.ElementsPerSample}, MaxBatch, nameof({name}));"
                : $"Guard.Length({name}.Length, n * {inputs[i].Shape.ElementsPerSample}, nameof({name}));");
        }
    }

    private static void EmitLossChecks(CodeWriter code, TypedLoss loss)
    {
        foreach (Node target in loss.Inputs)
        {
            string name = ArgumentName(target);
            string samples = target.Shape.ElementsPerSample == 1 ? "n" : $"n * {target.Shape.ElementsPerSample}";
            code.Line($"Guard.Length({name}.Length, {samples}, nameof({name}));");
        }

        foreach (LabelRange range in loss.Labels)
        {
            code.Line($"Guard.Labels(@{range.Argument}, {range.Classes}, {range.IgnoreIndex}, nameof(@{range.Argument}));");
        }
    }

    /// <summary>Pins what the caller gave and runs the passes.</summary>
    private static void EmitRun(CodeWriter code, IReadOnlyList<Node> inputs, PassRole[] roles)
    {
        foreach (Node given in inputs)
        {
            Op.Input op = (Op.Input)given.Op;
            code.Line($"fixed ({(op.IsInteger ? "int" : "float")}* {Pinned(given)} = {ArgumentName(given)})");
        }

        code.Line("{");
        foreach (Node given in inputs)
        {
            code.Line($"    pass.{Identifiers.Pascal(((Op.Input)given.Op).Name)}Input = {Pinned(given)};");
        }

        foreach (PassRole role in roles)
        {
            code.Line($"    {PassEmitter.DriverName(role)}(&pass);");
        }

        code.Line("}");
        code.Line();
    }

    private static void Documentation(CodeWriter code, IReadOnlyList<Node> inputs)
    {
        foreach (Node given in inputs)
        {
            code.Line($"/// <param name=\"{((Op.Input)given.Op).Name}\">{given.Shape}, row-major.</param>");
        }
    }

    private static string Arguments(IReadOnlyList<Node> inputs) =>
        string.Join(", ", inputs.Select(given => $"ReadOnlySpan<{(((Op.Input)given.Op).IsInteger ? "int" : "float")}> {ArgumentName(given)}"));

    private static string ArgumentName(Node given) => "@" + ((Op.Input)given.Op).Name;

    private static string Pinned(Node given) => Identifiers.Camel(((Op.Input)given.Op).Name) + "Pointer";

    private static string Field(Plan.ArenaLayout layout, Node root) => "pass." + FieldName(layout, root);

    private static string FieldName(Plan.ArenaLayout layout, Node root) => layout.Memory.Name(root.BehindReshapes);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
