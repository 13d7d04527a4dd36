using GraphGen.Generator.Compile;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Emit;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Lower;
using GraphGen.Generator.Nests;
using GraphGen.Generator.Operations;
using GraphGen.Generator.Plan;

namespace GraphGen.Generator;

/// <summary>What compiling a model gives: the file to add, and the errors found on the way.</summary>
/// <param name="HintName">The generated file's name.</param>
/// <param name="Source">The generated file; where there are errors, the class with members that throw.</param>
/// <param name="Errors">Errors and warnings by descriptor id, with positions into the model's table.</param>
public sealed record CompiledModel(string HintName, string Source, EquatableArray<CompileError> Errors);

/// <summary>One diagnostic of the compiler: the id of its descriptor, the position it is about, and the arguments of its message.</summary>
public sealed record CompileError(string Id, int Position, EquatableArray<string> Arguments);

/// <summary>The stages after the first: from what was read of a model to the C# that computes it. Knows nothing of Roslyn.</summary>
public static class ModelCompiler
{
    public static CompiledModel Compile(ModelDefinition model)
    {
        string hintName = (model.Namespace is { } name ? name + "." : "") + model.Name + ".g.cs";
        try
        {
            TypedModel typed = Typing.Apply(model);
            return new CompiledModel(hintName, ModelEmitter.Emit(Plan(model, typed)), typed.Warnings.ToEquatableArray());
        }
        catch (CompileException exception)
        {
            return Failed(exception.Error);
        }
        catch (Exception exception) when (exception is InvalidOperationException or OverflowException or KeyNotFoundException)
        {
            return Failed(new CompileError("GG1999", -1, new[] { model.Name, exception.Message }.ToEquatableArray()));
        }

        CompiledModel Failed(CompileError error) =>
            new(hintName, FailedModelEmitter.Emit(ModelOutline.Of(model)), new[] { error }.ToEquatableArray());
    }

    /// <summary>All that is decided before the first line is written: kernels, their names and code, and where values lie.</summary>
    internal static EmissionInput Plan(ModelDefinition model, TypedModel typed)
    {
        GraphVerifier.Verify(typed);

        PassSet passes = KernelOrder.Arrange(PassBuilder.Build(typed));
        KernelVerifier.Verify(passes);

        PassFields fields = new(typed);
        IReadOnlyDictionary<Kernel, Nest> nests = Lowering.Lower([.. passes.Training, .. passes.Inference]);
        ArenaLayout training = ArenaLayout.Name([.. passes.Training], nests, fields);
        ArenaLayout inference = ArenaLayout.Name([.. passes.Inference], nests, fields);
        KernelLibrary kernels = new();
        kernels.Add(training);
        kernels.Add(inference);

        training.Place(passes.Values.OfTraining);
        inference.Place(passes.Values.OfInference);
        return new EmissionInput(model, typed, passes, fields, training, inference, kernels);
    }
}
