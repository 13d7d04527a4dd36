using GraphGen.Generator.Definition;

namespace GraphGen.Generator.Emit;

/// <summary>
/// The little that must be known of a model to declare everything the rest of the user's program refers to: its partial
/// members and its public API. Enough to keep follow-on compiler errors away when the model itself cannot be compiled.
/// </summary>
/// <param name="Namespace">The namespace, or <see langword="null"/> for the global one.</param>
/// <param name="Containers">The declarations of the classes it is nested in, outermost first; empty for a model that is legal.</param>
/// <param name="Declaration">The partial declaration to repeat.</param>
/// <param name="Name">The class name.</param>
/// <param name="BaseCall">What the constructor must call, such as <c> : base(default(string)!)</c>; empty for a model that is legal.</param>
/// <param name="Members">The partial members to implement.</param>
/// <param name="ForwardArguments">The inputs of the model.</param>
/// <param name="Outputs">The names of the outputs; empty for a model that returns a tensor.</param>
/// <param name="LossArguments">The loss's arguments but for outputs of the model; <see langword="null"/> for a model without loss.</param>
/// <param name="IsLossReduced">Whether the loss is one number; else it is a span.</param>
/// <param name="Omitted">Names of API members that the user has declared too, so that declaring them again would only add errors.</param>
public sealed record ModelOutline(
    string? Namespace,
    EquatableArray<string> Containers,
    string Declaration,
    string Name,
    string BaseCall,
    EquatableArray<OutlineMember> Members,
    EquatableArray<OutlineArgument> ForwardArguments,
    EquatableArray<string> Outputs,
    EquatableArray<OutlineArgument>? LossArguments,
    bool IsLossReduced,
    EquatableArray<string> Omitted)
{
    /// <summary>The outline of a model that was read without errors.</summary>
    public static ModelOutline Of(ModelDefinition model) => new(
        model.Namespace,
        EquatableArray<string>.Empty,
        model.Declaration,
        model.Name,
        BaseCall: "",
        model.Members.Select(OutlineMember.Of).ToEquatableArray(),
        model.Forward.Arguments.Select(OutlineArgument.Of).ToEquatableArray(),
        model.Forward.Results.Select(result => result.Name).OfType<string>().ToEquatableArray(),
        model.Loss?.Arguments.Where(argument => argument.Output is null).Select(OutlineArgument.Of).ToEquatableArray(),
        model.IsLossReduced,
        EquatableArray<string>.Empty);
}

/// <summary>A partial member to implement.</summary>
/// <param name="Signature">The full signature.</param>
/// <param name="Name">Its name.</param>
/// <param name="Accessors">The accessors of a property (<c>get</c>, <c>private set</c>); empty for a method.</param>
public sealed record OutlineMember(string Signature, string Name, EquatableArray<string> Accessors)
{
    public static OutlineMember Of(PartialMember member) =>
        new(member.Signature, member.Name, (member.IsProperty ? new[] { "get" } : []).ToEquatableArray());
}

/// <summary>An argument of the generated API.</summary>
/// <param name="Name">The user's name of it.</param>
/// <param name="IsInteger">Whether it is passed as integers.</param>
public sealed record OutlineArgument(string Name, bool IsInteger)
{
    public static OutlineArgument Of(ArgumentDefinition argument) => new(argument.Name, argument.IsInteger);

    /// <summary>What it is passed as spans of.</summary>
    public string ElementType => IsInteger ? "int" : "float";

    /// <summary>The declaration in a parameter list: <c>global::System.ReadOnlySpan&lt;float&gt; x</c>.</summary>
    public override string ToString() => $"global::System.ReadOnlySpan<{ElementType}> @{Name}";
}
