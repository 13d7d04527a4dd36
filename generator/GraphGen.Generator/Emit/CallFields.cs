using System.Globalization;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;
using GraphGen.Generator.Operations;

namespace GraphGen.Generator.Emit;

/// <summary>A field of the struct that a routine is given. Its name says what the routine does with it, not whose it is: kernels that do the same share a routine.</summary>
/// <param name="Name">The name: <c>X</c> for what is read, <c>Y</c> for what is stored, <c>Weight</c> for a parameter.</param>
/// <param name="Type">The type in C#.</param>
internal sealed record CallField(string Name, string Type);

/// <summary>What a kernel has in a field of its routine's struct.</summary>
internal abstract record CallArgument
{
    /// <summary>A pointer to memory.</summary>
    public sealed record Memory(Place Place) : CallArgument;

    /// <summary>A pointer to the mark that the gradient of a parameter has begun.</summary>
    public sealed record Begun(int Parameter) : CallArgument;

    /// <summary>The number of a draw of random numbers.</summary>
    public sealed record Draw(int Number) : CallArgument;
}

/// <summary>The struct that a routine is given: a field for each thing that its code names.</summary>
/// <param name="kernel">The kernel whose code is written.</param>
/// <param name="parameters">The model's parameters.</param>
internal sealed class CallFields(Kernel kernel, IReadOnlyList<ParameterInfo> parameters)
{
    private readonly Names _names = new(["Pass"]);
    private readonly Dictionary<CallArgument, CallField> _fields = [];

    /// <summary>What the kernel has in the fields: what is read, parameters, its own memory, and what is stored.</summary>
    public IReadOnlyList<CallArgument> Arguments => [.. _fields.Keys.OrderBy(Rank).ThenBy(argument => _fields[argument].Name, StringComparer.Ordinal)];

    /// <summary>The fields.</summary>
    public IEnumerable<CallField> Fields => Arguments.Select(argument => _fields[argument]);

    /// <summary>The pointer to a place, as an expression: <c>call->X</c>.</summary>
    public string Pointer(Place place) => place switch
    {
        Place.Value value => Pointer(value.Node),
        Place.Scratch own => Expression(new CallArgument.Memory(own), own.Suffix, "float*"),
        _ => throw new InvalidOperationException($"{place} is no place of a nest."),
    };

    /// <summary>The pointer to a value, as an expression.</summary>
    public string Pointer(Node node) =>
        Expression(new CallArgument.Memory(new Place.Value(node)), NameOf(node), node.Type.Keyword + "*");

    /// <summary>Whether the gradient of a parameter has begun, as an expression.</summary>
    public string HasBegun(int parameter) => "*" + Expression(new CallArgument.Begun(parameter), "HasBegun", "bool*");

    /// <summary>The number of a draw, as an expression.</summary>
    public string Draw(int number) => Expression(new CallArgument.Draw(number), "Draw", "uint");

    private int Rank(CallArgument argument) => argument switch
    {
        CallArgument.Memory { Place: Place.Value value } when kernel.IsStored(value.Node) => 4,
        CallArgument.Memory { Place: Place.Value { Node.Op: Op.Parameter or Op.ConstantVector } } => 1,
        CallArgument.Memory { Place: Place.Scratch } => 2,
        CallArgument.Memory => 0,
        _ => 3,
    };

    private string Expression(CallArgument argument, string name, string type)
    {
        if (!_fields.TryGetValue(argument, out CallField? field))
        {
            field = new CallField(_names.Unique(name), type);
            _fields.Add(argument, field);
        }

        return "call->" + field.Name;
    }

    private string NameOf(Node node) => node.Op switch
    {
        Op.Parameter parameter => NameOf(parameters[parameter.Index]),
        Op.AddToGradient gradient => NameOf(parameters[gradient.Index]) + "Gradient",
        Op.ConstantVector => "Constants",
        Op.MaxPool2dWinners => "Winners",
        _ => kernel.Stores.Contains(node) ? "Y" : "X",
    };

    /// <summary>What a layer calls its parameter: <c>Weight</c>.</summary>
    private static string NameOf(ParameterInfo parameter)
    {
        int dot = parameter.Name.LastIndexOf('.');
        return dot < 0 ? "Parameter" : CultureInfo.InvariantCulture.TextInfo.ToTitleCase(parameter.Name.Substring(dot + 1).Replace('_', ' ')).Replace(" ", "");
    }
}
