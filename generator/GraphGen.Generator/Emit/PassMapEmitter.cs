using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;
using GraphGen.Generator.Operations;
using GraphGen.Generator.Plan;

namespace GraphGen.Generator.Emit;

/// <summary>Writes where everything is in an arena: a pointer for each place in it, and for each kernel the pointers it is given.</summary>
internal sealed class PassMapEmitter
{
    private readonly CodeWriter _code;
    private readonly ArenaLayout _layout;
    private readonly MemoryPlan _plan;
    private readonly EmissionInput _input;
    private readonly Names _names;

    /// <summary>The local of each buffer of the plan, by the buffer's name.</summary>
    private readonly Dictionary<string, string> _locals = [];

    /// <summary>The local of each value.</summary>
    private readonly Dictionary<Node, string> _values = [];

    public PassMapEmitter(CodeWriter code, ArenaLayout layout, EmissionInput input)
    {
        _code = code;
        _layout = layout;
        _plan = layout.Plan!;
        _input = input;
        _names = new Names([.. Identifiers.Keywords, "memory", "parameters", "maxBatch", "map", "pass", "arena", "rest", "capacity", "values", "gradients"]);
        foreach (Plan.Buffer buffer in _plan.Buffers)
        {
            string local = _names.Unique(Identifiers.Camel(buffer.Name));
            _locals.Add(buffer.Name, local);
            if (buffer.Node is { } value)
            {
                _values.Add(value, local);
            }
        }

        foreach (Part part in layout.Parts)
        {
            _values.Add(part.Node, _names.Unique(Identifiers.Camel(part.Name)));
        }
    }

    private bool IsTraining => _layout == _input.Training;

    public void Emit()
    {
        _code.Line("PassMemory map = new(sizeof(Pass));");
        _code.Line("Pass* pass = (Pass*)map.Pointer;");
        _code.Line("float* values = parameters.ValuePointer;");
        if (IsTraining)
        {
            _code.Line("float* gradients = parameters.GradientPointer;");
        }

        _code.Line("float* arena = memory.Pointer;");
        _code.Line("long capacity = maxBatch;");
        if (_plan.FixedFloats > 0)
        {
            _code.Line($"float* rest = arena + ({CodeWriter.Text(_plan.PerSampleFloats)} * capacity); // what does not grow with the batch");
        }

        _code.Line();
        foreach (Plan.Buffer buffer in _plan.Buffers)
        {
            string place = buffer.InPlaceOf is { } before ? $", in place of {_locals[before.Name]}" : "";
            _code.Line($"{buffer.Type}* {_locals[buffer.Name]} = {Address(buffer)}; // {buffer.Description}{place}");
        }

        foreach (Part part in _layout.Parts)
        {
            string offset = part.Offset == 0 ? "" : $" + {CodeWriter.Text(part.Offset)}";
            _code.Line($"{part.Whole.Type}* {_values[part.Node]} = {_locals[part.Whole.Name]}{offset}; // {part.Node.Shape}, a part of {_locals[part.Whole.Name]}");
        }

        _code.Line();
        EmitResults();
        foreach (ProgramStretch stretch in _layout.Passes.SelectMany(_input.Kernels.ProgramOf))
        {
            if (stretch.IsRepeated)
            {
                EmitBlocks(stretch);
            }
            else
            {
                EmitCall($"pass->{stretch.First[0].Name}", stretch.First[0]);
            }
        }

        _code.Line("return map;");
    }

    /// <summary>What the kernels of all turns are given.</summary>
    private void EmitBlocks(ProgramStretch stretch)
    {
        string blocks = _names.Unique(Identifiers.Camel(stretch.FieldName));
        _code.Line();
        _code.Line($"{stretch.StructName}* {blocks} = ({stretch.StructName}*)&pass->{stretch.FieldName};");
        for (int turn = 0; turn < stretch.Turns.Count; turn++)
        {
            for (int place = 0; place < stretch.First.Count; place++)
            {
                EmitCall($"{blocks}[{CodeWriter.Text(turn)}].{stretch.First[place].Name}", stretch.Turns[turn][place]);
            }
        }

        _code.Line();
    }

    private void EmitCall(string place, KernelCall call)
    {
        IEnumerable<string> given = call.Routine.Fields.Zip(call.Arguments, (name, argument) => (name.Name, Value: Value(call, argument)))
            .Where(pair => pair.Value is not null)
            .Select(pair => $"{pair.Name} = {pair.Value}");
        _code.Line($"{place} = new() {{ {string.Join(", ", given.Prepend("Pass = pass"))} }};");
    }

    /// <summary>What the model's class reads and writes by itself.</summary>
    private void EmitResults()
    {
        PassValues values = _input.Passes.Values;
        IReadOnlyList<Node> outputs = Outputs;
        for (int i = 0; i < outputs.Count; i++)
        {
            EmitResult(_input.Fields.Output(i), outputs[i]);
        }

        EmitResult(PassFields.Loss, IsTraining ? values.Loss : values.Evaluated);
        if (IsTraining)
        {
            for (int i = 0; i < values.OutputGradients.Count; i++)
            {
                EmitResult(_input.Fields.OutputGradient(i), values.OutputGradients[i]);
            }

            EmitResult(PassFields.LossValues, values.LossValues);
            EmitResult(PassFields.LossGradient, values.LossGradient);
        }
    }

    private IReadOnlyList<Node> Outputs => IsTraining ? _input.Passes.Values.TrainingOutputs : _input.Passes.Values.InferenceOutputs;

    private void EmitResult(string field, Node? value)
    {
        if (value is not null)
        {
            _code.Line($"pass->{field} = {Local(value)};");
        }
    }

    /// <summary>What a kernel is given, as an expression; <see langword="null"/> for what the caller gives in every pass.</summary>
    private string? Value(KernelCall call, CallArgument argument) => argument switch
    {
        CallArgument.Begun begun => $"&pass->Accumulate[{CodeWriter.Text(begun.Parameter)}]",
        CallArgument.Draw draw => CodeWriter.Text(draw.Number),
        CallArgument.Memory { Place: Place.Scratch scratch } => _locals[call.Name + scratch.Suffix],
        CallArgument.Memory { Place: Place.Value value } => Value(value.Node),
        _ => throw new InvalidOperationException($"{call.Name} is given {argument}."),
    };

    private string? Value(Node node) => node.Op switch
    {
        Op.Input => null,
        Op.Parameter parameter => At("values", parameter.Index),
        Op.AddToGradient gradient => At("gradients", gradient.Index),
        Op.ForwardOutput output => Local(Outputs[output.Index]),
        Op.OutputGradient output => Local(_input.Passes.Values.OutputGradients[output.Index]),
        Op.LossGradient => Local(_input.Passes.Values.LossGradient!),
        Op.ConstantVector vector => MemoryNames.VectorName(vector) + "()",
        _ => Local(node),
    };

    private string Local(Node value) => _values[value.BehindReshapes];

    /// <summary>A place in a block of all parameters.</summary>
    private string At(string block, int index)
    {
        ParameterInfo parameter = _input.Fields.Parameters[index];
        return parameter.Offset == 0 ? block : $"{block} + {CodeWriter.Text(parameter.Offset)}";
    }

    private static string Address(Plan.Buffer buffer)
    {
        string offset = CodeWriter.Text(buffer.Offset);
        string address = buffer.PerSample
            ? buffer.Offset == 0 ? "arena" : $"arena + ({offset} * capacity)"
            : buffer.Offset == 0 ? "rest" : $"rest + {offset}";
        return buffer.Type == DataType.Float ? address : $"({buffer.Type}*)({address})";
    }
}
