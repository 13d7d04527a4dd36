using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Diagnostics;

/// <summary>The C# that a static graph cannot express, one diagnostic a construct; each message says what to write instead.</summary>
internal static class BodyDiagnostics
{
    public static readonly DiagnosticDescriptor WhileLoop = new(
        "GG0020",
        "A 'while' loop in a model",
        "A '{0}' loop cannot be compiled because a graph has a fixed length; use a 'for' loop with constant bounds",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor ForEachLoop = new(
        "GG0021",
        "A 'foreach' loop over something not constant",
        "This 'foreach' loop cannot be unrolled because {0} is not known at compile time; loop over an array written in this method, or use a 'for' loop with constant bounds",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor LoopBound = new(
        "GG0022",
        "A loop bound that is not constant",
        "This loop cannot be unrolled because its condition depends on {0}, which is not known at compile time; use constants and loop variables",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Condition = new(
        "GG0023",
        "A condition that is not constant",
        "This condition depends on {0}, which is not known at compile time, so the graph cannot depend on it; use a constant, or select values with Maximum, Minimum or a mask that is multiplied",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor TooLarge = new(
        "GG0024",
        "A body that unrolls too far",
        "This unrolls to more than {0}; shorten it, or express the repetition as one operation over a larger tensor",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Recursion = new(
        "GG0025",
        "A recursive method in a model",
        "The method '{0}' calls itself, which a graph cannot do; use a 'for' loop with constant bounds",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Switch = new(
        "GG0026",
        "A 'switch' over something not constant",
        "This 'switch' depends on {0}, which is not known at compile time, so the graph cannot depend on it; use a constant",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Exceptions = new(
        "GG0027",
        "Exception handling in a model",
        "A '{0}' cannot be compiled because the body describes a graph and is never run; remove it (shapes are checked at compile time)",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Lambda = new(
        "GG0028",
        "A lambda or delegate in a model",
        "A lambda or delegate cannot be compiled; write a method of the model, or a local function, and call it by its name",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Await = new(
        "GG0029",
        "Asynchronous code in a model",
        "Asynchronous code cannot be compiled because the body describes a graph and is never run; write an ordinary method",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Goto = new(
        "GG0030",
        "A 'goto' in a model",
        "A 'goto' cannot be compiled; use a 'for' loop with constant bounds, 'break' or 'continue'",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor ObjectCreation = new(
        "GG0031",
        "An object created in a model",
        "'{0}' cannot be created in a graph, which holds only tensors, constants, tuples and arrays of them; compute it outside the model and pass it as an input",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor SideEffect = new(
        "GG0032",
        "An assignment to something that is not a local",
        "{0} cannot be assigned because the body describes a graph and is never run; assign to a local variable and return it",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor TensorValue = new(
        "GG0033",
        "The value of a tensor read at compile time",
        "The value of a tensor is not known at compile time, so C# cannot use it here ({0}); use the operations of 'Ops' and the operators + - * /",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor UnknownCall = new(
        "GG0034",
        "A call that is not part of a graph",
        "'{0}' cannot be called in a graph; call layers, methods of 'Ops', other methods of the model, or static methods of this project",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor TensorState = new(
        "GG0035",
        "A tensor read from a field or property",
        "{0} is not part of the graph; pass the tensor as an argument, or declare a raw parameter with [Parameter]",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor ConstantArgument = new(
        "GG0036",
        "An argument that is not constant",
        "The argument '{0}' of '{1}' must be a constant, but it depends on {2}, which is not known at compile time; use a literal, a 'const' or a loop variable",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor UnsupportedStatement = new(
        "GG0037",
        "A statement that a graph cannot hold",
        "A '{0}' cannot be compiled; use locals, 'for' loops with constant bounds, 'if' on constants and 'return'",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor UnsupportedExpression = new(
        "GG0038",
        "An expression that a graph cannot hold",
        "The expression '{0}' cannot be compiled; use layers, methods of 'Ops', the operators + - * / and constants",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor ByReference = new(
        "GG0039",
        "A variable passed by reference",
        "'{0}' is passed or declared by reference, which cannot be compiled; return the new value (a tuple holds several)",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor ConstantArithmetic = new(
        "GG0040",
        "Constant arithmetic that fails",
        "This constant expression fails: {0}",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NullTensor = new(
        "GG0041",
        "Null in place of a tensor",
        "A tensor is needed here, but this is {0}; pass a tensor",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor LayerInLoss = new(
        "GG0042",
        "A layer called in a loss",
        "The layer '{0}' cannot be called in a loss, which works on the output that the forward pass has made; call it in the [Forward] method",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor DecimalOperand = new(
        "GG0043",
        "A decimal beside a tensor",
        "'{0}' is a 'decimal', which does not become a 32-bit float by itself; write it with the suffix 'f', or cast it with '(float)'",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor StaticReadOnly = new(
        "GG0044",
        "A 'static readonly' field in a model",
        "The field '{0}' is 'static readonly', so its value is known only at run time; make it 'const'",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NoSource = new(
        "GG0045",
        "A helper method from another assembly",
        "The method '{0}' cannot be read because its source is not in this project but in '{1}'; add its file to this project",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor LayerObject = new(
        "GG0046",
        "A layer written as an object",
        "'{0}' is not an object that is created and stored: {1}; write '{2}'",
        Categories.Body,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);
}
