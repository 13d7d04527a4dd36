using System.Collections.Immutable;
using GraphGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GraphGen.Generator.Read;

/// <content>Patterns over constants, and the <c>switch</c> that chooses by them.</content>
internal sealed partial class BodyReader
{
    /// <summary>Whether a value matches a pattern: a constant boolean, or what keeps that from being known.</summary>
    private SymbolicValue Match(IPatternOperation pattern, SymbolicValue value)
    {
        switch (pattern)
        {
            case IDiscardPatternOperation:
                return new SymbolicValue.Constant(true);
            case IDeclarationPatternOperation { MatchesNull: true } any:
                return Bind(any.DeclaredSymbol, value);
            case INegatedPatternOperation negated:
                SymbolicValue inner = Match(negated.Pattern, value);
                return inner is SymbolicValue.Constant { Value: bool matches } ? new SymbolicValue.Constant(!matches) : inner;
            case IBinaryPatternOperation both:
                SymbolicValue left = Match(both.LeftPattern, value);
                return left is SymbolicValue.Constant { Value: bool decided } && decided == (both.OperatorKind == BinaryOperatorKind.And)
                    ? Match(both.RightPattern, value)
                    : left;
            case var _ when IsFailed(value):
                return value;
            case var _ when value is SymbolicValue.RunTime unknown:
                return unknown.Derived;
            case IConstantPatternOperation constant:
                return MatchConstant(constant.Value, value);
            case IRelationalPatternOperation relation when value is SymbolicValue.Constant constant:
                return Evaluate(relation.Value) switch
                {
                    SymbolicValue.Constant { Value: { } bound } =>
                        new SymbolicValue.Constant(constant.Value is { } number && ConstantFolder.Compare(relation.OperatorKind, number, bound)),
                    var other => other is SymbolicValue.RunTime unknown ? unknown.Derived : GiveUp(),
                };
            case IDeclarationPatternOperation typed when IsOfType(typed.InputType, typed.MatchedType):
                return MatchParts([], typed.DeclaredSymbol, value);
            case ITypePatternOperation typed when IsOfType(typed.InputType, typed.MatchedType):
                return MatchParts([], declared: null, value);
            case IRecursivePatternOperation { PropertySubpatterns.IsEmpty: true } recursive when IsOfType(recursive.InputType, recursive.MatchedType)
                && (recursive.DeconstructionSubpatterns.IsEmpty || value is SymbolicValue.Tuple):
                return MatchParts(recursive.DeconstructionSubpatterns, recursive.DeclaredSymbol, value);
            default:
                return Refuse(
                    value is SymbolicValue.Graph ? BodyDiagnostics.TensorValue : BodyDiagnostics.UnsupportedExpression,
                    pattern.Syntax.GetLocation(),
                    SourceLine.Of(pattern.Syntax));
        }
    }

    /// <summary>What is not null, and each of its parts, as in <c>(1, not 2)</c>; a pattern without parts is <c>{ }</c>.</summary>
    private SymbolicValue MatchParts(ImmutableArray<IPatternOperation> parts, ISymbol? declared, SymbolicValue value)
    {
        if (IsNull(value))
        {
            return new SymbolicValue.Constant(false);
        }

        for (int i = 0; i < parts.Length; i++)
        {
            SymbolicValue part = Match(parts[i], ((SymbolicValue.Tuple)value).Elements[i]);
            if (part is not SymbolicValue.Constant { Value: true })
            {
                return part;
            }
        }

        return Bind(declared, value);
    }

    private SymbolicValue MatchConstant(IOperation constant, SymbolicValue value) => Evaluate(constant) switch
    {
        var failed when IsFailed(failed) => failed,
        SymbolicValue.RunTime unknown => unknown.Derived,
        _ when value is SymbolicValue.RunTime unknown => unknown.Derived,
        SymbolicValue.Constant { Value: null } => new SymbolicValue.Constant(IsNull(value)),
        SymbolicValue.Constant { Value: var expected } when value is SymbolicValue.Constant given => new SymbolicValue.Constant(Equals(given.Value, expected)),
        _ => Refuse(BodyDiagnostics.UnsupportedExpression, constant.Syntax.GetLocation(), SourceLine.Of(constant.Syntax)),
    };

    private SymbolicValue Choose(ISwitchExpressionOperation choice)
    {
        SymbolicValue value = Evaluate(choice.Value);
        foreach (ISwitchExpressionArmOperation arm in choice.Arms)
        {
            switch (IsChosen(Match(arm.Pattern, value), arm.Guard, choice.Value))
            {
                case true:
                    return Evaluate(arm.Value);
                case null:
                    return SymbolicValue.Failed;
                default:
                    break;
            }
        }

        return Refuse(BodyDiagnostics.ConstantArithmetic, choice.Value.Syntax.GetLocation(), "no arm of the 'switch' matches");
    }

    private Completion Choose(ISwitchOperation choice)
    {
        SymbolicValue value = Evaluate(choice.Value);
        ISwitchCaseOperation? chosen = null;
        foreach ((ISwitchCaseOperation section, ICaseClauseOperation clause) in choice.Cases.SelectMany(section => section.Clauses.Select(clause => (section, clause))))
        {
            bool? isChosen = clause switch
            {
                IDefaultCaseClauseOperation => false,
                IPatternCaseClauseOperation pattern => IsChosen(Match(pattern.Pattern, value), pattern.Guard, choice.Value),
                ISingleValueCaseClauseOperation single => IsChosen(MatchConstant(single.Value, value), guard: null, choice.Value),
                _ => IsChosen(GiveUp(), guard: null, choice.Value),
            };
            if (isChosen is null)
            {
                return Completion.Abandoned;
            }

            if (isChosen == true)
            {
                chosen = section;
                break;
            }
        }

        // Wherever it stands, 'default' is for what no case matches.
        chosen ??= choice.Cases.FirstOrDefault(section => section.Clauses.Any(clause => clause is IDefaultCaseClauseOperation));
        Completion completion = chosen is null ? Completion.Normal : ExecuteAll(chosen.Body);
        return completion == Completion.Break ? Completion.Normal : completion;
    }

    /// <summary>Whether a case is taken, or <see langword="null"/> where that is not known, which is then reported.</summary>
    private bool? IsChosen(SymbolicValue match, IOperation? guard, IOperation subject)
    {
        switch (match)
        {
            case SymbolicValue.Constant { Value: bool matches }:
                return matches && guard is not null ? Choose(guard) : matches;
            case SymbolicValue.RunTime unknown:
                Refuse(BodyDiagnostics.Switch, subject.Syntax.GetLocation(), unknown.Source);
                return null;
            default:
                GiveUp();
                return null;
        }
    }

    private SymbolicValue Bind(ISymbol? variable, SymbolicValue value)
    {
        if (variable is not null)
        {
            _variables[variable] = value;
        }

        return new SymbolicValue.Constant(true);
    }

    private static bool IsNull(SymbolicValue value) => value is SymbolicValue.Constant { Value: null };

    /// <summary>Whether a pattern names the type that its value is known to have, so that only null does not match.</summary>
    private static bool IsOfType(ITypeSymbol? known, ITypeSymbol? named) =>
        SymbolEqualityComparer.Default.Equals(known, named)
        || (known is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable && SymbolEqualityComparer.Default.Equals(nullable.TypeArguments[0], named));
}
