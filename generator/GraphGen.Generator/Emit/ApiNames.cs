using GraphGen.Generator.Compile;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Emit;

/// <summary>
/// What the generated part of the user's class calls its own things. There the user's names are in sight: so types are named
/// from <c>global::</c> on or by an alias, public properties from <c>this</c>, and everything private, aliases included,
/// gives way to the user's names. The kernels are in a class of their own, where no name of the user's is in sight.
/// </summary>
internal sealed class ApiNames
{
    /// <summary>The namespace of the classes that hold kernels.</summary>
    public const string KernelSpace = "GraphGen.Generated";

    private static readonly string[] RuntimeTypes = ["AlignedBuffer", "ExclusiveUse", "Guard", "PassMemory", "TrainingStage"];
    private static readonly string[] Private = ["_training", "_trainingPass", "_trainingUse", "_inference", "_inferencePass", "_inferenceUse", "_predictor", "_seed", "_step", "_samples", "_stage", "_lossSamples", "BackwardFromOutput"];

    private readonly Names _members;
    private readonly List<(string Alias, string Type)> _aliases = [];

    public ApiNames(ModelDefinition definition, TypedModel typed)
    {
        Class = definition.Name.TrimStart('@');
        KernelClass = Class + "Kernels";
        _members = new([.. definition.NamesInTheWay, .. typed.Inputs.Concat(typed.Loss?.Inputs ?? []).Select(input => ((Op.Input)input.Op).Name)]);
        Training = _members.Unique("_training");
        TrainingPass = _members.Unique("_trainingPass");
        TrainingUse = _members.Unique("_trainingUse");
        Inference = _members.Unique("_inference");
        InferencePass = _members.Unique("_inferencePass");
        InferenceUse = _members.Unique("_inferenceUse");
        Predictor = _members.Unique("_predictor");
        Seed = _members.Unique("_seed");
        Step = _members.Unique("_step");
        Samples = _members.Unique("_samples");
        Stage = _members.Unique("_stage");
        LossSamples = _members.Unique("_lossSamples");
        BackwardFromOutput = _members.Unique("BackwardFromOutput");
        AlignedBuffer = Type("global::GraphGen.Runtime", "AlignedBuffer", definition.Namespace);
        ExclusiveUse = Type("global::GraphGen.Runtime", "ExclusiveUse", definition.Namespace);
        Guard = Type("global::GraphGen.Runtime", "Guard", definition.Namespace);
        PassMemory = Type("global::GraphGen.Runtime", "PassMemory", definition.Namespace);
        TrainingStage = Type("global::GraphGen.Runtime", "TrainingStage", definition.Namespace);
        Kernels = Type($"global::{KernelSpace}", KernelClass, definition.Namespace);
    }

    /// <summary>The model's class, as it reads in a sentence.</summary>
    public string Class { get; }

    /// <summary>The class of the kernels, where it is declared.</summary>
    public string KernelClass { get; }

    /// <summary>The types that have a short name in the user's namespace.</summary>
    public IReadOnlyList<(string Alias, string Type)> Aliases => _aliases;

    public string AlignedBuffer { get; }

    public string ExclusiveUse { get; }

    public string Guard { get; }

    public string PassMemory { get; }

    public string TrainingStage { get; }

    /// <summary>The class of the kernels, from the user's class.</summary>
    public string Kernels { get; }

    public string Training { get; }

    public string TrainingPass { get; }

    public string TrainingUse { get; }

    public string Inference { get; }

    public string InferencePass { get; }

    public string InferenceUse { get; }

    public string Predictor { get; }

    public string Seed { get; }

    public string Step { get; }

    public string Samples { get; }

    public string Stage { get; }

    public string LossSamples { get; }

    public string BackwardFromOutput { get; }

    /// <summary>Whether a name of the user's can be in the way of one of these.</summary>
    public static bool IsInTheWay(string name, string model) =>
        Private.Concat(RuntimeTypes).Append(model + "Kernels").Any(own => name.StartsWith(own, StringComparison.Ordinal));

    /// <summary>The locals of a method.</summary>
    public Names Locals() => _members.Copy();

    /// <summary>An alias for a type; in the global namespace, where the project's global aliases are too, the full name.</summary>
    private string Type(string space, string name, string? modelSpace)
    {
        if (modelSpace is null)
        {
            return $"{space}.{name}";
        }

        string alias = _members.Unique(name);
        _aliases.Add((alias, $"{space}.{name}"));
        return alias;
    }
}
