using System.Globalization;
using GraphGen.Generator.Compile;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Operations;

namespace GraphGen.Generator.Emit;

/// <summary>Writes what the user calls: the constructor, Forward, Loss, Backward, Predict, Evaluate and what they share.</summary>
internal sealed class ApiEmitter
{
    private const string Floats = "global::System.ReadOnlySpan<float>";
    private const string Misuse = "/// <exception cref=\"global::System.InvalidOperationException\">";

    private readonly CodeWriter _code;
    private readonly EmissionInput _input;
    private readonly ApiNames _names;
    private readonly string _n;
    private readonly string _pass;
    private readonly Dictionary<Node, string> _pinned = [];

    private ApiEmitter(CodeWriter code, EmissionInput input)
    {
        _code = code;
        _input = input;
        _names = input.Names;
        Names locals = _names.Locals();
        _n = locals.Unique("n");
        _pass = locals.Unique("pass");
        foreach (Node given in input.Fields.Inputs)
        {
            _pinned.Add(given, locals.Unique(Identifiers.Camel(((Op.Input)given.Op).Name) + "Pointer"));
        }
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
        api.EmitPredict();
        if (input.Typed.Loss is { } evaluated)
        {
            api.EmitEvaluate(evaluated);
        }
    }

    private void EmitFields()
    {
        _code.Line($"private readonly {_names.AlignedBuffer} {_names.Training}; // values of the training step");
        _code.Line($"private readonly {_names.AlignedBuffer} {_names.Inference}; // values of Predict and Evaluate");
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
            _code.Line("global::System.ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);");
            _code.Line("this.MaxBatch = maxBatch;");
            _code.Line($"{_names.Seed} = seed;");
            _code.Line($"{_names.Training} = new {_names.AlignedBuffer}(({Text(_input.Training.Plan!.PerSampleFloats)}L * maxBatch) + {Text(_input.Training.Plan.FixedFloats)});");
            _code.Line($"{_names.Inference} = new {_names.AlignedBuffer}(({Text(_input.Inference.Plan!.PerSampleFloats)}L * maxBatch) + {Text(_input.Inference.Plan.FixedFloats)});");
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
        Documentation(inputs);
        _code.Line($"/// <returns>The output, {_input.Typed.OutputShape}, row-major; valid until the next training pass.</returns>");
        using (_code.Open($"public {Floats} Forward({Arguments(inputs)})"))
        {
            EmitBatchCheck(inputs);
            _code.Line();
            _code.Line(TrainingPass(_n));
            _code.Line($"{_names.Step}++;");
            _code.Line(Key);
            EmitRun(inputs, [PassRole.Forward]);
            _code.Line($"{_names.Samples} = {_n};");
            _code.Line($"{_names.Stage} = {_names.TrainingStage}.Forward;");
            _code.Line($"return {_names.Training}.Slice({_pass}.Output, {_n} * {_input.Typed.OutputShape.ElementsPerSample});");
        }

        _code.Line();
    }

    private void EmitPredict()
    {
        IReadOnlyList<Node> inputs = _input.Typed.Inputs;
        _code.Line("/// <summary>The inference pass: dropout is off, and a training step under way is left alone.</summary>");
        Documentation(inputs);
        _code.Line($"/// <returns>The output, {_input.Typed.OutputShape}, row-major; valid until the next inference pass.</returns>");
        using (_code.Open($"public {Floats} Predict({Arguments(inputs)})"))
        {
            EmitBatchCheck(inputs);
            _code.Line();
            _code.Line(InferencePass);
            EmitRun(inputs, [PassRole.Predict]);
            _code.Line($"return {_names.Inference}.Slice({_pass}.Output, {_n} * {_input.Typed.OutputShape.ElementsPerSample});");
        }

        _code.Line();
    }

    private void EmitLoss(TypedLoss loss)
    {
        _code.Line("/// <summary>The loss of the last training pass, from which <see cref=\"Backward()\"/> goes on.</summary>");
        Documentation(loss.Inputs);
        _code.Line($"{Misuse}There is no training pass to take the loss of.</exception>");
        using (_code.Open($"public float Loss({Arguments(loss.Inputs)})"))
        {
            EmitRefusal("== None", "LossBeforeForward");
            _code.Line($"int {_n} = {_names.Samples};");
            EmitLossChecks(loss);
            _code.Line();
            _code.Line(TrainingPass(_n));
            EmitRun(loss.Inputs, [PassRole.Loss]);
            _code.Line($"{_names.Stage} = {_names.TrainingStage}.Loss;");
            if (_input.Passes.Values.LossValues is not null)
            {
                _code.Line($"{_names.LossSamples} = {_n};");
            }

            _code.Line($"return *{Field(_input.Training, _input.Passes.Values.Loss!)};");
        }

        _code.Line();
        if (_input.Passes.Values.LossValues is { } values)
        {
            _code.Line("/// <summary>The loss of each sample of the last loss, [n]; empty before the first. Valid until the next training pass.</summary>");
            using (_code.Open($"public {Floats} LossValues"))
            {
                using (_code.Open("get"))
                {
                    _code.Line(TrainingPass(_names.LossSamples));
                    _code.Line($"return {_names.Training}.Slice({Field(_input.Training, values)}, {_names.LossSamples});");
                }
            }

            _code.Line();
        }
    }

    private void EmitEvaluate(TypedLoss loss)
    {
        List<Node> arguments = [.. _input.Typed.Inputs, .. loss.Inputs];
        _code.Line("/// <summary>The loss on the inference pass: no dropout, no gradients, and a training step under way is left alone.</summary>");
        Documentation(arguments);
        using (_code.Open($"public float Evaluate({Arguments(arguments)})"))
        {
            EmitBatchCheck(_input.Typed.Inputs);
            EmitLossChecks(loss);
            _code.Line();
            _code.Line(InferencePass);
            EmitRun(arguments, [PassRole.Predict, PassRole.Evaluate]);
            _code.Line($"return *{Field(_input.Inference, _input.Passes.Values.Evaluated!)};");
        }

        _code.Line();
    }

    private void EmitBackward()
    {
        bool hasPenalty = _input.Passes.Penalty is not null;
        if (_input.Typed.Loss is not null)
        {
            _code.Line("/// <summary>Adds the gradients of the last loss to <see cref=\"Parameters\"/>. A training pass can be gone back through once.</summary>");
            _code.Line($"{Misuse}There is no loss to go back from.</exception>");
            using (_code.Open("public void Backward()"))
            {
                EmitRefusal("!= Loss", "BackwardBeforeLoss");
                _code.Line($"{_names.BackwardFromOutput}({(hasPenalty ? "withPenalty: true" : "")});");
            }

            _code.Line();
        }

        _code.Line("/// <summary>Adds the gradients that follow from a gradient of the output to <see cref=\"Parameters\"/>. A training pass can be gone back through once.</summary>");
        _code.Line($"/// <param name=\"outputGradient\">The gradient of the last training pass's output, {_input.Typed.OutputShape}, row-major.</param>");
        _code.Line($"{Misuse}There is no training pass to go back through.</exception>");
        using (_code.Open($"public void Backward({Floats} outputGradient)"))
        {
            EmitRefusal("== None", "BackwardBeforeForward");
            _code.Line($"{_names.Guard}.Length(outputGradient.Length, {_names.Samples} * {_input.Typed.OutputShape.ElementsPerSample}, \"outputGradient\");");
            _code.Line();
            _code.Line(TrainingPass(_names.Samples));
            _code.Line($"outputGradient.CopyTo(new global::System.Span<float>({_pass}.OutputGradient, outputGradient.Length));");
            _code.Line($"{_names.BackwardFromOutput}({(hasPenalty ? "withPenalty: false" : "")});");
        }

        _code.Line();
        EmitBackwardFromOutput(hasPenalty);
    }

    private void EmitBackwardFromOutput(bool hasPenalty)
    {
        int count = _input.Typed.Parameters.Count;
        _code.Line("/// <summary>Goes back from the gradient of the output, which is in its place.</summary>");
        using (_code.Open($"private void {_names.BackwardFromOutput}({(hasPenalty ? "bool withPenalty" : "")})"))
        {
            _code.Line("// A gradient that has begun since ZeroGrad is added to; the others are written over what they were.");
            _code.Line($"bool* accumulate = stackalloc bool[{Text(Math.Max(1, count))}];");
            using (_code.Open($"for (int i = 0; i < {Text(count)}; i++)"))
            {
                _code.Line("accumulate[i] = this.Parameters.HasGradient(i);");
            }

            _code.Line();
            _code.Line(TrainingPass(_names.Samples));
            _code.Line($"{_pass}.Accumulate = accumulate;");
            _code.Line(Key);
            if (hasPenalty)
            {
                using (_code.Open("if (withPenalty)"))
                {
                    _code.Line($"{Driver(PassRole.Penalty)}(&{_pass});");
                    EmitMarks(_input.Passes.Penalty!, accumulate: true);
                }

                _code.Line();
            }

            _code.Line($"{Driver(PassRole.Backward)}(&{_pass});");
            EmitMarks(_input.Passes.Backward, accumulate: false);
            _code.Line($"{_names.Stage} = {_names.TrainingStage}.None;");
        }

        _code.Line();
    }

    /// <summary>Tells which parameters have a gradient now.</summary>
    private void EmitMarks(Pass pass, bool accumulate)
    {
        foreach (int index in pass.Roots.Select(root => ((Op.AddToGradient)root.Op).Index).OrderBy(index => index))
        {
            _code.Line($"this.Parameters.MarkGradient({Text(index)}); // {_input.Typed.Parameters[index].Name}");
            if (accumulate)
            {
                _code.Line($"accumulate[{Text(index)}] = true;");
            }
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

    /// <summary>Checks all that is given before anything is changed.</summary>
    private void EmitBatchCheck(IReadOnlyList<Node> inputs)
    {
        for (int i = 0; i < inputs.Count; i++)
        {
            Op.Input input = (Op.Input)inputs[i].Op;
            string name = Argument(input.Name);
            _code.Line(i == 0
                ? $"int {_n} = {_names.Guard}.Batch({name}.Length, {inputs[i].Shape.ElementsPerSample}, this.MaxBatch, \"{input.Name}\");"
                : $"{_names.Guard}.Length({name}.Length, {_n} * {inputs[i].Shape.ElementsPerSample}, \"{input.Name}\");");
        }
    }

    private void EmitLossChecks(TypedLoss loss)
    {
        foreach (Node target in loss.Inputs)
        {
            string name = ((Op.Input)target.Op).Name;
            string samples = target.Shape.ElementsPerSample == 1 ? _n : $"{_n} * {target.Shape.ElementsPerSample}";
            _code.Line($"{_names.Guard}.Length({Argument(name)}.Length, {samples}, \"{name}\");");
        }

        foreach (LabelRange range in loss.Labels)
        {
            _code.Line($"{_names.Guard}.Labels({Argument(range.Argument)}, {range.Classes}, {range.IgnoreIndex}, \"{range.Argument}\");");
        }
    }

    /// <summary>Pins what the caller gave and runs the passes.</summary>
    private void EmitRun(IReadOnlyList<Node> inputs, PassRole[] roles)
    {
        foreach (Node given in inputs)
        {
            Op.Input op = (Op.Input)given.Op;
            _code.Line($"fixed ({(op.IsInteger ? "int" : "float")}* {_pinned[given]} = {Argument(op.Name)})");
        }

        _code.Line("{");
        foreach (Node given in inputs)
        {
            _code.Line($"    {_pass}.{_input.Fields.Input((Op.Input)given.Op)} = {_pinned[given]};");
        }

        foreach (PassRole role in roles)
        {
            _code.Line($"    {Driver(role)}(&{_pass});");
        }

        _code.Line("}");
        _code.Line();
    }

    private void Documentation(IReadOnlyList<Node> inputs)
    {
        foreach (Node given in inputs)
        {
            string name = ((Op.Input)given.Op).Name;
            string content = _input.Typed.Loss?.Labels.FirstOrDefault(range => range.Argument == name) is { } range
                ? $": classes from 0 to {range.Classes - 1}, or {range.IgnoreIndex} for samples that do not count"
                : given.Shape.Rank > 1 ? ", row-major" : "";
            _code.Line($"/// <param name=\"{name}\">{given.Shape}{content}.</param>");
        }
    }

    private static string Arguments(IReadOnlyList<Node> inputs) =>
        string.Join(", ", inputs.Select(given => (Op.Input)given.Op).Select(op => $"global::System.ReadOnlySpan<{(op.IsInteger ? "int" : "float")}> {Argument(op.Name)}"));

    private static string Argument(string name) => "@" + name;

    private string TrainingPass(string samples) => $"{_names.Kernels}.Pass {_pass} = {_names.Kernels}.TrainingPass({_names.Training}, this.Parameters, this.MaxBatch, {samples});";

    private string InferencePass => $"{_names.Kernels}.Pass {_pass} = {_names.Kernels}.InferencePass({_names.Inference}, this.Parameters, this.MaxBatch, {_n});";

    private string Key => $"{_pass}.Key = {_names.Guard}.StepKey({_names.Seed}, {_names.Step});";

    private string Driver(PassRole role) => $"{_names.Kernels}.{PassEmitter.DriverName(role)}";

    private string Field(Plan.ArenaLayout layout, Node root) => $"{_pass}.{layout.Memory.Name(root.BehindReshapes)}";

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
