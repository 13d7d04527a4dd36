using GraphGen.Generator.Compile;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Operations;
using GraphGen.Generator.Plan;

namespace GraphGen.Generator.Emit;

/// <summary>Writes what the user calls: the constructor, the training step (Forward, Loss, Backward) and, by <see cref="PredictorEmitter"/>, inference.</summary>
internal sealed class ApiEmitter
{
    private const string Floats = ApiCalls.Floats;
    private const string Misuse = ApiCalls.Misuse;

    private readonly CodeWriter _code;
    private readonly EmissionInput _input;
    private readonly ApiNames _names;
    private readonly ApiCalls _calls;
    private readonly string _n;
    private readonly string _pass;

    private ApiEmitter(CodeWriter code, EmissionInput input)
    {
        _code = code;
        _input = input;
        _names = input.Names;
        _calls = new ApiCalls(code, input);
        _n = _calls.N;
        _pass = _calls.Pass;
    }

    public static void Emit(CodeWriter code, EmissionInput input)
    {
        ApiEmitter api = new(code, input);
        api.EmitFields();
        api.EmitConstructor();
        api.EmitProperties();
        api.EmitForward();
        if (input.Typed.Loss is { } loss)
        {
            api.EmitLoss(loss);
        }

        api.EmitBackward();
        OutputsEmitter.Emit(code, input);
        PredictorEmitter.Emit(code, input, api._calls);
    }

    private void EmitFields()
    {
        _code.Line($"private readonly {_names.AlignedBuffer} {_names.Training}; // values of the training step");
        _code.Line($"private readonly {_names.PassMemory} {_names.TrainingPass}; // where each of them is");
        _code.Line($"private readonly {PredictorEmitter.ClassName} {_names.Predictor}; // for Predict and Evaluate");
        _code.Line($"private {_names.ExclusiveUse} {_names.TrainingUse}; // of the training step's values, by one thread at a time");
        _code.Line($"private long {_names.Seed}; // of initialization and dropout");
        _code.Line($"private long {_names.Step}; // training passes so far");
        _code.Line($"private int {_names.Samples}; // in the batch of the last training pass");
        _code.Line($"private {_names.TrainingStage} {_names.Stage}; // how far the training step has come");
        if (_input.Passes.Values.LossValues is not null)
        {
            _code.Line($"private int {_names.LossSamples}; // in the batch of the last loss");
        }

        _code.Line();
    }

    private void EmitConstructor()
    {
        _code.Line("/// <summary>Makes the model with PyTorch's default initialization, and all the memory it will ever use.</summary>");
        _code.Line("/// <param name=\"maxBatch\">The most samples a batch may have, at least 1.</param>");
        _code.Line("/// <param name=\"seed\">Where the random numbers of initialization and dropout begin.</param>");
        using (_code.Open($"public {_input.Definition.Name}(int maxBatch, long seed = 0)"))
        {
            _calls.EmitCapacityCheck(_input.Training.Plan!, _input.Inference.Plan!);
            _code.Line("this.MaxBatch = maxBatch;");
            _code.Line($"{_names.Seed} = seed;");
            _code.Line($"{_names.Training} = {_calls.Memory(_input.Training.Plan!)};");
            _code.Line("this.Parameters = new global::GraphGen.ParameterBlock(");
            IReadOnlyList<ParameterInfo> parameters = _input.Typed.Parameters;
            _code.Line($"    seed{(parameters.Count == 0 ? ");" : ",")}");
            for (int i = 0; i < parameters.Count; i++)
            {
                ParameterInfo parameter = parameters[i];
                string shape = $"[{string.Join(", ", parameter.Shape.Dims)}]";
                string bound = parameter.Initializer == ParameterInitializer.Uniform ? $", {KernelContext.Literal(parameter.Bound)}" : "";
                _code.Line($"    global::GraphGen.ParameterSpec.{parameter.Initializer}(\"{parameter.Name}\", {shape}{bound}){(i == parameters.Count - 1 ? ");" : ",")}");
            }

            _calls.EmitTrainingMap();
            _code.Line($"{_names.Predictor} = new {PredictorEmitter.ClassName}(this.Parameters, maxBatch);");
        }

        _code.Line();
    }

    private void EmitProperties()
    {
        _code.Line("/// <summary>The most samples a batch may have: what memory was laid out for.</summary>");
        _code.Line("public int MaxBatch { get; }");
        _code.Line();
        _code.Line("/// <summary>The parameters and their gradients.</summary>");
        _code.Line("public global::GraphGen.ParameterBlock Parameters { get; }");
        _code.Line();
        _code.Line("/// <summary>Where the random numbers of dropout are. Set, it gives up a training step under way.</summary>");
        using (_code.Open("public global::GraphGen.RandomState RandomState"))
        {
            _code.Line($"get => new({_names.Seed}, {_names.Step});");
            using (_code.Open("set"))
            {
                _code.Line($"{_names.Seed} = value.Seed;");
                _code.Line($"{_names.Step} = value.Step;");
                _code.Line($"{_names.Stage} = {_names.TrainingStage}.None;");
            }
        }

        _code.Line();
    }

    private void EmitForward()
    {
        IReadOnlyList<Node> inputs = _input.Typed.Inputs;
        _code.Line("/// <summary>The training pass: dropout drops, and what the backward pass needs is kept.</summary>");
        _calls.Documentation(inputs);
        _calls.DocumentOutputs("valid until the next training pass");
        _code.Line($"{Misuse}Another thread is in the training step.</exception>");
        using (_code.Open($"public {_calls.ReturnType} Forward({ApiCalls.Arguments(inputs)})"))
        {
            _calls.EmitTrainingTurn();
            _calls.EmitBatchCheck(inputs);
            _code.Line();
            _code.Line(_calls.BeginTraining(_n));
            _code.Line($"{_names.Step}++;");
            EmitKey(_input.Passes.Forward);
            _calls.EmitRun(inputs, [PassRole.Forward]);
            _code.Line($"{_names.Samples} = {_n};");
            _code.Line($"{_names.Stage} = {_names.TrainingStage}.Forward;");
            _code.Line($"return {_calls.Outputs(_names.Training)};");
        }

        _code.Line();
    }

    private void EmitLoss(TypedLoss loss)
    {
        string backward = loss.IsReduced ? "Backward()" : "Backward(global::System.ReadOnlySpan{float})";
        _code.Line($"/// <summary>The loss of the last training pass, from which <see cref=\"{backward}\"/> goes on.</summary>");
        _calls.Documentation(loss.Inputs);
        _calls.DocumentLoss(loss, "valid until the next training pass");
        _code.Line($"{Misuse}There is no training pass to take the loss of, or another thread is in the training step.</exception>");
        using (_code.Open($"public {ApiCalls.LossType(loss)} Loss({ApiCalls.Arguments(loss.Inputs)})"))
        {
            _calls.EmitTrainingTurn();
            EmitRefusal("== None", "LossBeforeForward");
            _code.Line($"int {_n} = {_names.Samples};");
            _calls.EmitLossChecks(loss);
            _code.Line();
            _code.Line(_calls.BeginTraining(_n));
            EmitKey(_input.Passes.Loss!);
            _calls.EmitRun(loss.Inputs, [PassRole.Loss]);
            _code.Line($"{_names.Stage} = {_names.TrainingStage}.Loss;");
            if (_input.Passes.Values.LossValues is not null)
            {
                _code.Line($"{_names.LossSamples} = {_n};");
            }

            _code.Line($"return {_calls.Loss(loss, _names.Training)};");
        }

        _code.Line();
        if (_input.Passes.Values.LossValues is { } values)
        {
            _code.Line("/// <summary>The loss of each sample of the last loss, [n]; empty before the first. Valid until the next training pass.</summary>");
            using (_code.Open($"public {Floats} LossValues"))
            {
                using (_code.Open("get"))
                {
                    _calls.EmitTrainingTurn();
                    _code.Line(_calls.BeginTraining(_names.LossSamples));
                    _code.Line($"return {_names.Training}.Slice({_calls.Field(PassFields.LossValues)}, {_names.LossSamples});");
                }
            }

            _code.Line();
        }
    }

    private void EmitBackward()
    {
        if (_input.Typed.Loss is { IsReduced: false } unreduced)
        {
            EmitBackwardFromLosses(unreduced);
            EmitBackwardFromOutput(canSkipLoss: false);
            return;
        }

        bool canSkipLoss = _input.Passes.LossBackward is not null;
        if (_input.Typed.Loss is not null)
        {
            _code.Line("/// <summary>Adds the gradients of the last loss to <see cref=\"Parameters\"/>. A training pass can be gone back through once.</summary>");
            _code.Line($"{Misuse}There is no loss to go back from, or another thread is in the training step.</exception>");
            using (_code.Open("public void Backward()"))
            {
                _calls.EmitTrainingTurn();
                EmitRefusal("!= Loss", "BackwardBeforeLoss");
                _code.Line($"{_names.BackwardFromOutput}({(canSkipLoss ? "isOfLoss: true" : "")});");
            }

            _code.Line();
        }

        EmitBackwardFromGiven(canSkipLoss);
        EmitBackwardFromOutput(canSkipLoss);
    }

    private void EmitBackwardFromLosses(TypedLoss loss)
    {
        _code.Line("/// <summary>Adds the gradients that follow from a gradient of the last loss to <see cref=\"Parameters\"/>. A training pass can be gone back through once.</summary>");
        _code.Line($"/// <param name=\"lossGradient\">The gradient of what <c>Loss</c> returned, {loss.Value.Shape}, row-major: 1 / n in each place for that of its mean over the batch.</param>");
        _code.Line($"{Misuse}There is no loss to go back from, or another thread is in the training step.</exception>");
        using (_code.Open($"public void Backward({Floats} lossGradient)"))
        {
            _calls.EmitTrainingTurn();
            EmitRefusal("!= Loss", "BackwardBeforeLosses");
            _code.Line($"{_names.Guard}.Length(lossGradient.Length, {_names.Samples} * {loss.Value.Shape.ElementsPerSample}, \"lossGradient\");");
            _code.Line();
            _code.Line(_calls.BeginTraining(_names.Samples));
            _code.Line(CopyTo(PassFields.LossGradient, "lossGradient"));
            _code.Line($"{_names.BackwardFromOutput}();");
        }

        _code.Line();
    }

    private void EmitBackwardFromGiven(bool canSkipLoss)
    {
        IReadOnlyList<TypedOutput> outputs = _input.Typed.Outputs;
        bool isOne = _input.Typed.OutputNames.Count == 0;
        string[] arguments = [.. outputs.Select(output => OutputsEmitter.GradientArgument(output.Name))];
        string from = isOne ? "a gradient of the output" : "gradients of the outputs";
        _code.Line($"/// <summary>Adds the gradients that follow from {from} to <see cref=\"Parameters\"/>. A training pass can be gone back through once.</summary>");
        for (int i = 0; i < outputs.Count; i++)
        {
            string whose = isOne ? "the last training pass's output" : $"{OutputsEmitter.Property(outputs[i].Name!)} in the last training pass";
            _code.Line($"/// <param name=\"{arguments[i]}\">The gradient of {whose}, {outputs[i].Shape}, row-major{(isOne ? "" : "; empty for zeros")}.</param>");
        }

        _code.Line($"{Misuse}There is no training pass to go back through, or another thread is in the training step.</exception>");
        using (_code.Open($"public void Backward({string.Join(", ", arguments.Select(argument => $"{Floats} {argument}"))})"))
        {
            _calls.EmitTrainingTurn();
            EmitRefusal("== None", "BackwardBeforeForward");
            for (int i = 0; i < outputs.Count; i++)
            {
                _code.Line($"{_names.Guard}.{(isOne ? "Length" : "LengthOrNone")}({arguments[i]}.Length, {_names.Samples} * {outputs[i].Shape.ElementsPerSample}, \"{arguments[i]}\");");
            }

            _code.Line();
            _code.Line(_calls.BeginTraining(_names.Samples));
            for (int i = 0; i < outputs.Count; i++)
            {
                EmitGivenGradient(arguments[i], i, isOne);
            }

            _code.Line($"{_names.BackwardFromOutput}({(canSkipLoss ? "isOfLoss: false" : "")});");
        }

        _code.Line();
    }

    /// <summary>Puts a gradient that the caller gives in its place; without one, zeros.</summary>
    private void EmitGivenGradient(string argument, int index, bool isOne)
    {
        string field = _input.Fields.OutputGradient(index);
        if (isOne)
        {
            _code.Line(CopyTo(field, argument));
            return;
        }

        using (_code.Open($"if ({argument}.IsEmpty)"))
        {
            _code.Line($"new global::System.Span<float>({_pass}->{field}, {_names.Samples} * {_input.Typed.Outputs[index].Shape.ElementsPerSample}).Clear();");
        }

        using (_code.Open("else"))
        {
            _code.Line(CopyTo(field, argument));
        }

        _code.Line();
    }

    /// <summary>Copies a gradient that the caller gives to where the pass reads it.</summary>
    private string CopyTo(string field, string argument) => $"{argument}.CopyTo(new global::System.Span<float>({_pass}->{field}, {argument}.Length));";

    /// <param name="canSkipLoss">Whether the way back begins at the loss, or at an output past what the loss sends to parameters itself.</param>
    private void EmitBackwardFromOutput(bool canSkipLoss)
    {
        int count = _input.Typed.Parameters.Count;
        bool isOfLosses = _input.Typed.Loss is { IsReduced: false };
        string from = isOfLosses ? "gradient of the losses, which is in its place" : _input.Typed.OutputNames.Count == 0 ? "gradient of the output, which is in its place" : "gradients of the outputs, which are in their places";
        _code.Line($"/// <summary>Goes back from the {from}.</summary>");
        using (_code.Open($"private void {_names.BackwardFromOutput}({(canSkipLoss ? "bool isOfLoss" : "")})"))
        {
            _code.Line(_calls.BeginTraining(_names.Samples));
            EmitKey([.. new[] { _input.Passes.LossBackward }.OfType<Pass>(), _input.Passes.Backward]);
            _code.Line();
            _code.Line("// A gradient that has begun since ZeroGrad is added to; the others are written over what they were.");
            using (_code.Open($"for (int i = 0; i < {CodeWriter.Text(count)}; i++)"))
            {
                _code.Line(_calls.Set($"{_pass}->Accumulate[i]", "this.Parameters.HasGradient(i)"));
            }

            _code.Line();
            if (canSkipLoss)
            {
                using (_code.Open("if (isOfLoss)"))
                {
                    EmitLossBackward();
                }

                _code.Line();
            }
            else if (isOfLosses)
            {
                EmitLossBackward();
                _code.Line();
            }

            _code.Line(_calls.Run(PassRole.Backward));
            EmitMarks(_input.Passes.Backward, accumulate: false);
            _code.Line($"{_names.Stage} = {_names.TrainingStage}.None;");
        }

        _code.Line();
    }

    private void EmitLossBackward()
    {
        _code.Line(_calls.Run(PassRole.LossBackward));
        EmitMarks(_input.Passes.LossBackward!, accumulate: true);
    }

    /// <summary>Gives a pass that draws random numbers those of the step.</summary>
    private void EmitKey(params Pass[] passes)
    {
        if (passes.Any(PassEmitter.DrawsRandomNumbers))
        {
            _code.Line($"{_pass}->Key = {_names.Guard}.StepKey({_names.Seed}, {_names.Step});");
        }
    }

    /// <summary>Tells which parameters have a gradient now.</summary>
    private void EmitMarks(Pass pass, bool accumulate)
    {
        int[] marked = [.. pass.Roots.Select(root => root.Op).OfType<Op.AddToGradient>().Select(sink => sink.Index).OrderBy(index => index)];
        int parameters = _input.Typed.Parameters.Count;
        if (marked.Length == parameters && parameters > 1)
        {
            using (_code.Open($"for (int i = 0; i < {CodeWriter.Text(parameters)}; i++)"))
            {
                EmitMark("i", "", accumulate);
            }

            return;
        }

        foreach (int index in marked)
        {
            EmitMark(CodeWriter.Text(index), $" // {_input.Typed.Parameters[index].Name}", accumulate);
        }
    }

    private void EmitMark(string index, string comment, bool accumulate)
    {
        _code.Line($"this.Parameters.MarkGradient({index});{comment}");
        if (accumulate)
        {
            _code.Line($"{_pass}->Accumulate[{index}] = true;");
        }
    }

    private void EmitRefusal(string stage, string error)
    {
        using (_code.Open($"if ({_names.Stage} {stage.Insert(3, _names.TrainingStage + ".")})"))
        {
            _code.Line($"throw {_names.Guard}.{error}();");
        }

        _code.Line();
    }
}
