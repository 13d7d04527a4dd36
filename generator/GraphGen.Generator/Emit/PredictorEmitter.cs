using GraphGen.Generator.Compile;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Emit;

/// <summary>
/// Writes the nested class <c>Predictor</c>, inference with memory of its own, and the methods by which the model predicts and makes
/// predictors.
/// </summary>
internal sealed class PredictorEmitter
{
    /// <summary>The nested class.</summary>
    public const string ClassName = "Predictor";

    private readonly CodeWriter _code;
    private readonly EmissionInput _input;
    private readonly ApiNames _names;
    private readonly ApiCalls _calls;
    private readonly IReadOnlyList<Node> _inputs;

    private PredictorEmitter(CodeWriter code, EmissionInput input, ApiCalls calls)
    {
        _code = code;
        _input = input;
        _names = input.Names;
        _calls = calls;
        _inputs = input.Typed.Inputs;
    }

    public static void Emit(CodeWriter code, EmissionInput input, ApiCalls calls)
    {
        PredictorEmitter predictor = new(code, input, calls);
        predictor.EmitModelMethods();
        predictor.EmitClass();
    }

    /// <summary>The interface of the nested class; a model of one input and one output can be predicted with without knowing which it is.</summary>
    public static string Interface(IEnumerable<string> elementTypes, bool hasOneOutput)
    {
        List<string> inputs = [.. elementTypes];
        return inputs.Count == 1 && hasOneOutput ? $"global::GraphGen.IPredictor<{inputs[0]}>" : "global::GraphGen.IPredictor";
    }

    /// <summary>The model's own: what a predictor does, in the model's own memory.</summary>
    private void EmitModelMethods()
    {
        DocumentPredict("valid until the model's next inference pass");
        _code.Line($"public {_calls.ReturnType} Predict({ApiCalls.Arguments(_inputs)}) => {_names.Predictor}.Predict({ApiCalls.ArgumentNames(_inputs)});");
        _code.Line();
        if (_input.Typed.Loss is { } loss)
        {
            List<Node> arguments = [.. _inputs, .. loss.Inputs];
            DocumentEvaluate(loss, arguments, "valid until the model's next inference pass");
            _code.Line($"public {ApiCalls.LossType(loss)} Evaluate({ApiCalls.Arguments(arguments)}) => {_names.Predictor}.Evaluate({ApiCalls.ArgumentNames(arguments)});");
            _code.Line();
        }

        _code.Line("/// <summary>Makes a predictor: memory of its own for inference, and this model's parameters. A thread that predicts needs one.</summary>");
        _code.Line("/// <param name=\"maxBatch\">The most samples a batch of this predictor may have, at least 1.</param>");
        _code.Line($"public {ClassName} CreatePredictor(int maxBatch) => new {ClassName}(this.Parameters, maxBatch);");
        _code.Line();
        _code.Line("global::GraphGen.IPredictor global::GraphGen.IModel.CreatePredictor(int maxBatch) => this.CreatePredictor(maxBatch);");
        _code.Line();
    }

    private void EmitClass()
    {
        _code.Line("/// <summary>Predicts in memory of its own with the model's parameters: one for each thread that predicts.</summary>");
        string implemented = Interface(_inputs.Select(given => ApiCalls.ElementType((Op.Input)given.Op)), hasOneOutput: _input.Typed.OutputNames.Count == 0);
        using (_code.Open($"public sealed class {ClassName} : {implemented}"))
        {
            _code.Line($"private readonly {_names.AlignedBuffer} {_names.Inference}; // values of Predict and Evaluate");
            _code.Line($"private readonly {_names.PassMemory} {_names.InferencePass}; // where each of them is");
            _code.Line($"private {_names.ExclusiveUse} {_names.InferenceUse}; // of those values, by one thread at a time");
            _code.Line();
            using (_code.Open($"internal {ClassName}(global::GraphGen.ParameterBlock parameters, int maxBatch)"))
            {
                _calls.EmitCapacityCheck(_input.Inference.Plan!);
                _code.Line("this.MaxBatch = maxBatch;");
                _code.Line("this.Parameters = parameters;");
                _code.Line($"{_names.Inference} = {_calls.Memory(_input.Inference.Plan!)};");
                _calls.EmitInferenceMap();
            }

            _code.Line();
            _code.Line("/// <summary>The most samples a batch may have: what memory was laid out for.</summary>");
            _code.Line("public int MaxBatch { get; }");
            _code.Line();
            _code.Line("/// <summary>The parameters, which are the model's.</summary>");
            _code.Line("public global::GraphGen.ParameterBlock Parameters { get; }");
            _code.Line();
            EmitPredict();
            if (_input.Typed.Loss is { } loss)
            {
                EmitEvaluate(loss);
            }
        }

        _code.Line();
    }

    private void EmitPredict()
    {
        DocumentPredict("valid until the next inference pass of this predictor");
        using (_code.Open($"public {_calls.ReturnType} Predict({ApiCalls.Arguments(_inputs)})"))
        {
            _calls.EmitInferenceTurn();
            _calls.EmitBatchCheck(_inputs);
            _code.Line();
            _code.Line(_calls.BeginInference(_calls.N));
            _calls.EmitRun(_inputs, [PassRole.Predict]);
            _code.Line($"return {_calls.Outputs(_names.Inference)};");
        }

        _code.Line();
    }

    private void EmitEvaluate(TypedLoss loss)
    {
        List<Node> arguments = [.. _inputs, .. loss.Inputs];
        DocumentEvaluate(loss, arguments, "valid until the next inference pass of this predictor");
        using (_code.Open($"public {ApiCalls.LossType(loss)} Evaluate({ApiCalls.Arguments(arguments)})"))
        {
            _calls.EmitInferenceTurn();
            _calls.EmitBatchCheck(_inputs);
            _calls.EmitLossChecks(loss);
            _code.Line();
            _code.Line(_calls.BeginInference(_calls.N));
            _calls.EmitRun(arguments, [PassRole.Predict, PassRole.Evaluate]);
            _code.Line($"return {_calls.Loss(loss, _names.Inference)};");
        }

        _code.Line();
    }

    private void DocumentPredict(string validity)
    {
        _code.Line("/// <summary>The inference pass: dropout is off, and a training step under way is left alone.</summary>");
        _calls.Documentation(_inputs);
        _calls.DocumentOutputs(validity);
        _code.Line($"{ApiCalls.Misuse}Another thread is in Predict or Evaluate: each needs a predictor of its own.</exception>");
    }

    private void DocumentEvaluate(TypedLoss loss, List<Node> arguments, string validity)
    {
        _code.Line("/// <summary>The loss on the inference pass: no dropout, no gradients, and a training step under way is left alone.</summary>");
        _calls.Documentation(arguments);
        _calls.DocumentLoss(loss, validity);
        _code.Line($"{ApiCalls.Misuse}Another thread is in Predict or Evaluate: each needs a predictor of its own.</exception>");
    }
}
