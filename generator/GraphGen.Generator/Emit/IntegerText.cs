using System.Globalization;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit;

/// <summary>Integers of nests as C#.</summary>
/// <param name="samples">The samples of the batch, n.</param>
internal sealed class IntegerText(string samples)
{
    /// <summary>In a routine.</summary>
    public static IntegerText Routine { get; } = new(KernelContext.SamplesOfCall);

    /// <summary>Where routines are run.</summary>
    public static IntegerText Driver { get; } = new(KernelContext.SamplesOfPass);

    /// <summary>The expression.</summary>
    public string Of(Integer integer) => integer switch
    {
        Integer.Literal literal => literal.Value.ToString(CultureInfo.InvariantCulture),
        Integer.Samples => samples,
        Integer.Width => "TIsa.Width",
        Integer.Variable variable => variable.Name,
        Integer.Sum sum => $"{Term(sum.Left)} + {Term(sum.Right)}",
        Integer.Difference { Left: Integer.Literal { Value: 0 } } negative => $"-{Factor(negative.Right)}",
        Integer.Difference difference => $"{Term(difference.Left)} - {(difference.Right is Integer.Sum or Integer.Difference ? $"({Of(difference.Right)})" : Term(difference.Right))}",
        Integer.Product product => $"{(product.Left is Integer.Product ? Of(product.Left) : Factor(product.Left))} * {Factor(product.Right)}",
        Integer.Quotient quotient => $"{Factor(quotient.Left)} / {Factor(quotient.Right)}",
        Integer.Remainder remainder => $"{Factor(remainder.Left)} % {Factor(remainder.Right)}",
        Integer.Minimum minimum => $"Math.Min({Of(minimum.Left)}, {Of(minimum.Right)})",
        Integer.Maximum maximum => $"Math.Max({Of(maximum.Left)}, {Of(maximum.Right)})",
        Integer.IfGreater choice => $"({Of(choice.Left)} > {Of(choice.Right)} ? {Of(choice.Then)} : {Of(choice.Else)})",
        Integer.Share share => $"(int)((long){Factor(share.Whole)} * {Factor(share.Part)} / {share.Parts.ToString(CultureInfo.InvariantCulture)})",
        Integer.Slices slices => $"RowSlices.Count({Of(slices.Length)}, {slices.Most.ToString(CultureInfo.InvariantCulture)})",
        Integer.SliceLength length => $"RowSlices.Length({Of(length.Length)}, {length.Most.ToString(CultureInfo.InvariantCulture)})",
        _ => throw new InvalidOperationException($"{integer.GetType().Name} is no integer of a nest."),
    };

    /// <summary>The expression as a term of a sum.</summary>
    public string Term(Integer integer) => integer is Integer.Product or Integer.Quotient or Integer.Remainder ? $"({Of(integer)})" : Of(integer);

    /// <summary>The expression in 64 bits.</summary>
    public string Long(Integer integer) => integer switch
    {
        Integer.Product { Left: Integer.Literal factor } product => $"{Of(factor)}L * {Factor(product.Right)}",
        Integer.Literal => Of(integer),
        _ => $"(long){Factor(integer)}",
    };

    /// <summary>The expression as a factor of a product.</summary>
    public string Factor(Integer integer) => integer is Integer.Sum or Integer.Difference or Integer.Product or Integer.Quotient or Integer.Remainder ? $"({Of(integer)})" : Of(integer);
}
