using System.Collections.Immutable;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GraphGen.Generator.Read;

/// <summary>
/// Reads the body of a [Forward] or [Loss] method by running it: an interpreter of Roslyn's operation tree in which a tensor
/// is the number of a value, everything else is constant, and each call of a layer or operation appends to the function.
/// Loops are unrolled and other methods, of the model or of the project, inlined simply because they are run. This file holds the statements.
/// </summary>
internal sealed partial class BodyReader
{
    /// <summary>Iterations of all loops together, after which a body is taken for a mistake.</summary>
    private const int MaximumIterations = 10_000;

    /// <summary>Operations in one function, for the same reason.</summary>
    private const int MaximumCalls = 20_000;

    private readonly ReadingContext _context;
    private readonly ModelMembers _members;
    private readonly bool _isLoss;
    private readonly int _argumentCount;
    private readonly ImmutableArray<Call>.Builder _calls = ImmutableArray.CreateBuilder<Call>();

    // One flat environment does for all methods: without recursion no variable is live twice.
    private readonly Dictionary<ISymbol, SymbolicValue> _variables = new(SymbolEqualityComparer.Default);
    private readonly List<IMethodSymbol> _running = [];
    private SymbolicValue _returned = SymbolicValue.Failed;
    private Location _returnLocation = Location.None;
    private int _iterations;
    private bool _isTooLarge;

    private BodyReader(ReadingContext context, ModelMembers members, bool isLoss, int argumentCount)
    {
        _context = context;
        _members = members;
        _isLoss = isLoss;
        _argumentCount = argumentCount;
    }

    /// <summary>How a statement ends.</summary>
    private enum Completion
    {
        Normal,
        Return,
        Break,
        Continue,

        /// <summary>Something was not understood; what follows depends on it and is not read.</summary>
        Abandoned,
    }

    /// <summary>The function that a method describes, or <see langword="null"/> where something in it was reported.</summary>
    public static FunctionDefinition? Read(
        ReadingContext context, ModelMembers members, IMethodSymbol method, EquatableArray<ArgumentDefinition> arguments, bool isLoss)
    {
        BodyReader reader = new(context, members, isLoss, arguments.Count);
        for (int i = 0; i < arguments.Count; i++)
        {
            reader._variables[method.Parameters[i]] = new SymbolicValue.Graph(i);
        }

        return reader.ToFunction(() => reader.Run(method, method.Locations[0]), method, arguments);
    }

    /// <summary>The function that is read, or <see langword="null"/> where something in it was reported.</summary>
    private FunctionDefinition? ToFunction(Func<SymbolicValue> read, IMethodSymbol method, EquatableArray<ArgumentDefinition> arguments)
    {
        SymbolicValue returned;
        try
        {
            returned = read();
        }
        catch (InsufficientExecutionStackException)
        {
            returned = Refuse(BodyDiagnostics.TooLarge, method.Locations[0], "the compiler can follow");
        }

        return ToResults(returned, method) is { } results && !_context.HasFailed
            ? new FunctionDefinition(method.Name, arguments, new(_calls.ToImmutable()), results)
            : null;
    }

    /// <summary>What the method returns, a tensor or a tuple of such; <see langword="null"/> where something in it was reported.</summary>
    private EquatableArray<ResultDefinition>? ToResults(SymbolicValue returned, IMethodSymbol method)
    {
        (string? Name, SymbolicValue Value)[] elements = (returned, method.ReturnType) switch
        {
            (SymbolicValue.Tuple tuple, INamedTypeSymbol { IsTupleType: true } type) => [.. type.TupleElements.Select((element, i) => (element.Name, tuple.Elements[i]))],
            _ => [(null, returned)],
        };
        List<ResultDefinition> results = [];
        foreach ((string? name, SymbolicValue value) in elements)
        {
            if (ToTensor(value, _returnLocation) is not { } tensor)
            {
                return null;
            }

            results.Add(new ResultDefinition(name, tensor.Index));
        }

        return results.ToEquatableArray();
    }

    /// <summary>Runs a method whose parameters are bound; the value it returns.</summary>
    private SymbolicValue Run(IMethodSymbol method, Location callSite)
    {
        _context.Cancellation.ThrowIfCancellationRequested();
        if (_running.Contains(method, SymbolEqualityComparer.Default))
        {
            return Refuse(BodyDiagnostics.Recursion, callSite, method.Name);
        }

        if (method.IsAsync)
        {
            return Refuse(BodyDiagnostics.Await, callSite);
        }

        if (BodyOf(method) is not { } body)
        {
            // Only code that does not compile has a method without a body here.
            return GiveUp();
        }

        return RunBody(method, body);
    }

    private SymbolicValue RunBody(IMethodSymbol method, IBlockOperation body)
    {
        _running.Add(method);
        _returned = SymbolicValue.Failed;
        Completion completion = Execute(body);
        _running.RemoveAt(_running.Count - 1);
        if (completion == Completion.Return)
        {
            return _returned;
        }

        return completion == Completion.Normal && method.ReturnsVoid ? new SymbolicValue.Constant(null) : GiveUp();
    }

    private IBlockOperation? BodyOf(IMethodSymbol method)
    {
        method = method.PartialImplementationPart ?? method;
        if (method.DeclaringSyntaxReferences.FirstOrDefault(candidate => _context.Compilation.ContainsSyntaxTree(candidate.SyntaxTree)) is not { } reference)
        {
            return null;
        }

        SyntaxNode syntax = reference.GetSyntax(_context.Cancellation);
        return _context.Compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, _context.Cancellation) switch
        {
            IMethodBodyOperation body => body.BlockBody ?? body.ExpressionBody,
            ILocalFunctionOperation function => function.Body,
            _ => null,
        };
    }

    private Completion Execute(IOperation statement)
    {
        switch (statement)
        {
            case IBlockOperation block:
                return ExecuteAll(block.Operations);
            case IVariableDeclarationGroupOperation group:
                return Declare(group);
            case IExpressionStatementOperation { Operation: var expression }:
                Evaluate(expression);
                return Completion.Normal;
            case IReturnOperation { Kind: OperationKind.Return } result:
                return Return(result);
            case IConditionalOperation branch:
                return Choose(branch.Condition) switch
                {
                    true => Execute(branch.WhenTrue),
                    false => branch.WhenFalse is null ? Completion.Normal : Execute(branch.WhenFalse),
                    null => Completion.Abandoned,
                };
            case ISwitchOperation choice:
                return Choose(choice);
            case IForLoopOperation loop:
                return Unroll(loop);
            case IForEachLoopOperation { IsAsynchronous: false } loop:
                return Unroll(loop);
            case IBranchOperation { BranchKind: BranchKind.Break }:
                return Completion.Break;
            case IBranchOperation { BranchKind: BranchKind.Continue }:
                return Completion.Continue;
            case IEmptyOperation or ILocalFunctionOperation:
                return Completion.Normal;
            case IInvalidOperation:
                GiveUp();
                return Completion.Abandoned;
            default:
                (DiagnosticDescriptor descriptor, string[] arguments) = UnsupportedConstructs.OfStatement(statement);
                Refuse(descriptor, UnsupportedConstructs.LocationOf(statement), arguments);
                return Completion.Abandoned;
        }
    }

    private Completion ExecuteAll(ImmutableArray<IOperation> statements)
    {
        foreach (IOperation statement in statements)
        {
            Completion completion = Execute(statement);
            if (completion != Completion.Normal)
            {
                return completion;
            }
        }

        return _isTooLarge ? Completion.Abandoned : Completion.Normal;
    }

    private Completion Declare(IVariableDeclarationGroupOperation group)
    {
        foreach (IVariableDeclaratorOperation declarator in group.Declarations.SelectMany(declaration => declaration.Declarators))
        {
            if (declarator.Symbol.RefKind != RefKind.None)
            {
                Refuse(BodyDiagnostics.ByReference, group.Declarations[0].Syntax.GetLocation(), declarator.Symbol.Name);
                return Completion.Abandoned;
            }

            if (declarator.GetVariableInitializer() is { } initializer)
            {
                _variables[declarator.Symbol] = Evaluate(initializer.Value);
            }
            else
            {
                _variables.Remove(declarator.Symbol);
            }
        }

        return Completion.Normal;
    }

    private Completion Return(IReturnOperation result)
    {
        if (result.ReturnedValue is null)
        {
            _returned = new SymbolicValue.Constant(null);
            return Completion.Return;
        }

        _returned = Evaluate(result.ReturnedValue);
        _returnLocation = result.ReturnedValue.Syntax.GetLocation();
        return Completion.Return;
    }

    private Completion Unroll(IForLoopOperation loop)
    {
        Completion before = ExecuteAll(loop.Before);
        if (before != Completion.Normal)
        {
            return before;
        }

        while (true)
        {
            if (loop.Condition is not null)
            {
                switch (Evaluate(loop.Condition))
                {
                    case SymbolicValue.Constant { Value: false }:
                        return Completion.Normal;
                    case SymbolicValue.Constant { Value: true }:
                        break;
                    case SymbolicValue.RunTime unknown:
                        Refuse(BodyDiagnostics.LoopBound, loop.Condition.Syntax.GetLocation(), unknown.Source);
                        return Completion.Abandoned;
                    default:
                        GiveUp();
                        return Completion.Abandoned;
                }
            }

            if (Iterate(loop, loop.Body) is { } ended)
            {
                return ended;
            }

            Completion bottom = ExecuteAll(loop.AtLoopBottom);
            if (bottom != Completion.Normal)
            {
                return bottom;
            }
        }
    }

    private Completion Unroll(IForEachLoopOperation loop)
    {
        SymbolicValue collection = Evaluate(loop.Collection);
        if (collection is not SymbolicValue.List list)
        {
            string source = collection switch
            {
                SymbolicValue.RunTime unknown => unknown.Source,
                SymbolicValue.Parts parts => parts.Count.Source,
                _ => SourceLine.Of(loop.Collection.Syntax),
            };
            if (!IsFailed(collection))
            {
                Refuse(BodyDiagnostics.ForEachLoop, UnsupportedConstructs.LocationOf(loop), source);
            }

            return Completion.Abandoned;
        }

        foreach (SymbolicValue element in list.Elements)
        {
            if (loop.LoopControlVariable is IVariableDeclaratorOperation { Symbol: var variable })
            {
                _variables[variable] = ConvertTo(element, variable.Type, isChecked: false, loop);
            }
            else
            {
                PlaceOf(loop.LoopControlVariable).Write(element);
            }

            if (Iterate(loop, loop.Body) is { } ended)
            {
                return ended;
            }
        }

        return Completion.Normal;
    }

    /// <summary>Runs a loop's body once; how the loop ends if it does.</summary>
    private Completion? Iterate(IOperation loop, IOperation body)
    {
        _context.Cancellation.ThrowIfCancellationRequested();
        if (++_iterations > MaximumIterations)
        {
            Refuse(BodyDiagnostics.TooLarge, UnsupportedConstructs.LocationOf(loop), $"{MaximumIterations} iterations");
            return Completion.Abandoned;
        }

        return Execute(body) switch
        {
            Completion.Break => Completion.Normal,
            Completion.Normal or Completion.Continue => null,
            Completion completion => completion,
        };
    }

    /// <summary>The value of a condition, or <see langword="null"/> where it is not constant, which is then reported.</summary>
    private bool? Choose(IOperation condition)
    {
        switch (Evaluate(condition))
        {
            case SymbolicValue.Constant { Value: bool value }:
                return value;
            case SymbolicValue.RunTime unknown:
                Refuse(BodyDiagnostics.Condition, condition.Syntax.GetLocation(), unknown.Source);
                return null;
            default:
                GiveUp();
                return null;
        }
    }

    private SymbolicValue Refuse(DiagnosticDescriptor descriptor, Location location, params string[] arguments)
    {
        _context.Report(descriptor, location, arguments);
        return SymbolicValue.Failed;
    }

    private SymbolicValue GiveUp()
    {
        _context.Fail();
        return SymbolicValue.Failed;
    }

    private static bool IsFailed(SymbolicValue value) => ReferenceEquals(value, SymbolicValue.Failed);
}
