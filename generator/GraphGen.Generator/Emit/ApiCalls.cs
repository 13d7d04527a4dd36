using GraphGen.Generator.Compile;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;
using GraphGen.Generator.Operations;
using GraphGen.Generator.Plan;

namespace GraphGen.Generator.Emit;

/// <summary>What the methods of a model and those of its predictor are made of: documentation, arguments, checks, and passes that are run.</summary>
internal sealed class ApiCalls
{
    public const string Floats = "global::System.ReadOnlySpan<float>";
    public const string Misuse = "/// <exception cref=\"global::System.InvalidOperationException\">";

    private readonly CodeWriter _code;
    private readonly EmissionInput _input;
    private readonly ApiNames _names;
    private readonly string _turn;
    private readonly Dictionary<Node, string> _pinned = [];

    public ApiCalls(CodeWriter code, EmissionInput input)
    {
        _code = code;
        _input = input;
        _names = input.Names;
        Names locals = _names.Locals();
        N = locals.Unique("n");
        Pass = locals.Unique("pass");
        _turn = locals.Unique("turn");
        foreach (Node given in input.Fields.Inputs)
        {
            _pinned.Add(given, locals.Unique(Identifiers.Camel(((Op.Input)given.Op).Name) + "Pointer"));
        }
    }

    /// <summary>The local that has the size of the batch.</summary>
    public string N { get; }

    /// <summary>The local that says where everything is.</summary>
    public string Pass { get; }

    public static string Arguments(IReadOnlyList<Node> inputs) =>
        string.Join(", ", inputs.Select(given => (Op.Input)given.Op).Select(op => $"global::System.ReadOnlySpan<{ElementType(op)}> {Argument(op.Name)}"));

    public static string ArgumentNames(IReadOnlyList<Node> inputs) => string.Join(", ", inputs.Select(given => Argument(((Op.Input)given.Op).Name)));

    public static string ElementType(Op.Input op) => op.Type.Keyword;

    public void Documentation(IReadOnlyList<Node> inputs)
    {
        foreach (Node given in inputs)
        {
            string name = ((Op.Input)given.Op).Name;
            string content = _input.Typed.Labels.FirstOrDefault(range => range.Argument == name && range.AreWhole) is { } range
                ? $": classes from 0 to {range.Classes - 1}{(range.Meaning.Length == 0 ? "" : $", or {range.IgnoreIndex} {range.Meaning}")}"
                : (given.Shape.Rank > 1 ? ", row-major" : "") + (_input.Typed.Probabilities.Contains(name) ? ", each from 0 to 1" : "");
            _code.Line($"/// <param name=\"{name}\">{given.Shape}{content}.</param>");
        }
    }

    /// <summary>Refuses a capacity that cannot be, before anything is allocated.</summary>
    public void EmitCapacityCheck(params MemoryPlan[] arenas)
    {
        string sizes = string.Join(", ", arenas.Select(arena => $"({CodeWriter.Text(arena.PerSampleFloats)}, {CodeWriter.Text(arena.FixedFloats)})"));
        _code.Line($"{_names.Guard}.Capacity(maxBatch, {sizes});");
    }

    /// <summary>The memory of an arena, as an expression.</summary>
    public string Memory(MemoryPlan plan) => $"new {_names.AlignedBuffer}(({CodeWriter.Text(plan.PerSampleFloats)}L * maxBatch) + {CodeWriter.Text(plan.FixedFloats)})";

    /// <summary>From here to its end, the method has the memory of the training step to itself.</summary>
    public void EmitTrainingTurn() => EmitTurn(_names.TrainingUse, "Train");

    /// <summary>From here to its end, the method has the memory of the inference pass to itself.</summary>
    public void EmitInferenceTurn() => EmitTurn(_names.InferenceUse, "Predict");

    /// <summary>Checks all that is given before anything is changed.</summary>
    public void EmitBatchCheck(IReadOnlyList<Node> inputs)
    {
        for (int i = 0; i < inputs.Count; i++)
        {
            Op.Input input = (Op.Input)inputs[i].Op;
            string name = Argument(input.Name);
            _code.Line(i == 0
                ? $"int {N} = {_names.Guard}.Batch({name}.Length, {inputs[i].Shape.ElementsPerSample}, this.MaxBatch, \"{input.Name}\");"
                : $"{_names.Guard}.Length({name}.Length, {N} * {inputs[i].Shape.ElementsPerSample}, \"{input.Name}\");");
        }

        EmitValueChecks(inputs);
    }

    public void EmitLossChecks(TypedLoss loss)
    {
        foreach (Node target in loss.Inputs)
        {
            string name = ((Op.Input)target.Op).Name;
            int elements = target.Shape.ElementsPerSample;
            _code.Line(target.Shape.IsPerSample
                ? $"{_names.Guard}.Length({Argument(name)}.Length, {(elements == 1 ? N : $"{N} * {elements}")}, \"{name}\");"
                : $"{_names.Guard}.FixedLength({Argument(name)}.Length, {elements}, \"{name}\");");
        }

        EmitValueChecks(loss.Inputs);
    }

    /// <summary>Checks what the values given can be: classes, probabilities.</summary>
    private void EmitValueChecks(IReadOnlyList<Node> inputs)
    {
        HashSet<string> names = [.. inputs.Select(given => ((Op.Input)given.Op).Name)];
        foreach (string probabilities in _input.Typed.Probabilities.Where(names.Contains))
        {
            _code.Line($"{_names.Guard}.Probabilities({Argument(probabilities)}, \"{probabilities}\");");
        }

        foreach (LabelRange range in _input.Typed.Labels.Where(range => names.Contains(range.Argument)))
        {
            string rules = $"{range.Classes}, {range.IgnoreIndex}, \"{range.Argument}\"";
            if (range.AreWhole)
            {
                _code.Line($"{_names.Guard}.Labels({Argument(range.Argument)}, {rules});");
                continue;
            }

            foreach ((int sample, int first, int count, int step) in PartsOfSamples(range.Labels))
            {
                _code.Line($"{_names.Guard}.LabelsOfPart({Argument(range.Argument)}, {CodeWriter.Text(sample)}, {CodeWriter.Text(first)}, {CodeWriter.Text(count)}, {CodeWriter.Text(step)}, {rules});");
            }
        }
    }

    /// <summary>The elements of each sample of an argument that a view of it has, as runs of elements that are evenly apart.</summary>
    private static IEnumerable<(int Sample, int First, int Count, int Step)> PartsOfSamples(Node view)
    {
        Node given = view;
        List<Node> views = [];
        for (; given.Op.IsView; given = given.Inputs[0])
        {
            views.Insert(0, given);
        }

        int sample = given.Shape.ElementsPerSample;
        if (ViewStrides.Through(given.Shape, given.Shape.Strides(), views) is not { } place)
        {
            // No strides say which they are: all must be labels.
            return [(sample, 0, sample, 1)];
        }

        // As many of the last axes as are evenly apart are a run; there is one for each position along the others.
        Shape shape = view.Shape;
        int axis = shape.Rank;
        while (axis > 1 && ViewStrides.Merge(shape, place.Strides, axis - 1, shape.Rank) is not null)
        {
            axis--;
        }

        int count = Shape.Product(shape.Dims.Skip(axis)).Size;
        int step = ViewStrides.Merge(shape, place.Strides, axis, shape.Rank) ?? 0;
        IEnumerable<int> firsts = [place.Offset];
        for (int outer = 1; outer < axis; outer++)
        {
            int along = outer;
            firsts = firsts.SelectMany(first => Enumerable.Range(0, shape[along].Size).Select(i => first + (i * place.Strides[along])));
        }

        return firsts.Select(first => (sample, first, count, step));
    }

    /// <summary>Pins what the caller gave and runs the passes.</summary>
    public void EmitRun(IReadOnlyList<Node> inputs, PassRole[] roles)
    {
        foreach (Node given in inputs)
        {
            Op.Input op = (Op.Input)given.Op;
            _code.Line($"fixed ({ElementType(op)}* {_pinned[given]} = {Argument(op.Name)})");
        }

        _code.Line("{");
        foreach (Node given in inputs)
        {
            foreach (KernelCall call in roles.SelectMany(KernelsOf).Select(_input.Kernels.CallOf))
            {
                foreach (string field in call.FieldsOf(argument => argument is CallArgument.Memory { Place: Place.Value value } && value.Node == given))
                {
                    _code.Line($"    {Set($"{_input.Kernels.Place(call, Pass, _names.Kernels + ".")}.{field}", _pinned[given])}");
                }
            }
        }

        foreach (PassRole role in roles)
        {
            _code.Line($"    {Run(role)}");
        }

        _code.Line("}");
        _code.Line();
    }

    /// <summary>Lays the training step out in its memory.</summary>
    public void EmitTrainingMap() => EmitMap(_names.TrainingPass, "TrainingPass", _names.Training);

    /// <summary>Lays the inference pass out in its memory.</summary>
    public void EmitInferenceMap() => EmitMap(_names.InferencePass, "InferencePass", _names.Inference);

    /// <summary>Begins a training pass, as a statement.</summary>
    public string BeginTraining(string samples) => Begin(_names.TrainingPass, samples);

    /// <summary>Begins an inference pass, as a statement.</summary>
    public string BeginInference(string samples) => Begin(_names.InferencePass, samples);

    /// <summary>Makes a place of the map hold a value, as a statement.</summary>
    public string Set(string place, string value) => $"{_names.PassMemory}.Set(ref {place}, {value});";

    /// <summary>Runs the kernels of a pass, as a statement.</summary>
    public string Run(PassRole role) => $"global::GraphGen.Simd.SimdTarget.Run<{_names.Kernels}.{PassEmitter.ProgramName(role)}>({Pass});";

    public string Field(string name) => $"{Pass}->{name}";

    /// <summary>What a pass returns: a span, or the struct of the outputs.</summary>
    public string ReturnType => OutputsEmitter.ReturnType(_input.Typed.OutputNames);

    /// <summary>The outputs of a pass, as spans that keep the memory alive.</summary>
    public string Outputs(string memory)
    {
        string[] spans = [.. _input.Typed.Outputs.Select((output, i) => $"{memory}.Slice({Pass}->{_input.Fields.Output(i)}, {N} * {output.Shape.ElementsPerSample})")];
        return _input.Typed.OutputNames.Count == 0 ? spans[0] : $"new {OutputsEmitter.ClassName}({string.Join(", ", spans)})";
    }

    /// <summary>What a loss is: a number, or a span of those that are not reduced.</summary>
    public static string LossType(TypedLoss loss) => loss.IsReduced ? "float" : Floats;

    /// <summary>The loss of a pass; of values, a span that keeps the memory alive.</summary>
    public string Loss(TypedLoss loss, string memory) =>
        loss.IsReduced ? $"*{Field(PassFields.Loss)}" : $"{memory}.Slice({Field(PassFields.Loss)}, {N} * {loss.Value.Shape.ElementsPerSample})";

    /// <summary>Documents a loss that is not one number.</summary>
    public void DocumentLoss(TypedLoss loss, string validity)
    {
        if (!loss.IsReduced)
        {
            _code.Line($"/// <returns>The losses, {loss.Value.Shape}, row-major; {validity}.</returns>");
        }
    }

    /// <summary>Documents what a pass returns.</summary>
    public void DocumentOutputs(string validity)
    {
        string what = _input.Typed.OutputNames.Count == 0
            ? $"The output, {_input.Typed.Outputs[0].Shape}, row-major"
            : $"The outputs, {string.Join(", ", _input.Typed.Outputs.Select(output => $"{OutputsEmitter.Property(output.Name!)} {output.Shape}"))}, row-major";
        _code.Line($"/// <returns>{what}; {validity}.</returns>");
    }

    private static string Argument(string name) => "@" + name;

    private IEnumerable<Kernel> KernelsOf(PassRole role) => _input.Passes.Training.Concat(_input.Passes.Inference).Where(pass => pass.Role == role).SelectMany(pass => pass.Kernels).Where(_input.Kernels.Runs);

    private void EmitTurn(string use, string method) => _code.Line($"using {_names.ExclusiveUse}.Turn {_turn} = {use}.{method}(\"{_names.Class}\");");

    private void EmitMap(string field, string map, string memory) => _code.Line($"{field} = {_names.Kernels}.{map}({memory}, this.Parameters, maxBatch);");

    private string Begin(string field, string samples) => $"{_names.Kernels}.Pass* {Pass} = {_names.Kernels}.Begin({field}, {samples});";
}
