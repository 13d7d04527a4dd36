using System.ComponentModel;

namespace GraphGen.Simd;

/// <summary>What becomes of a vector of a product's results while it is in a register: the elementwise work on it, and its stores.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ITileEpilogue
{
    /// <summary>Whether the work is so much that a tile's results are better taken one after the other, from memory, than written out for each.</summary>
    public static abstract bool IsLong { get; }

    /// <summary>Takes a whole vector.</summary>
    /// <param name="call">What the kernel was given.</param>
    /// <param name="batch">Which of the products.</param>
    /// <param name="row">The row of the result.</param>
    /// <param name="column">The column of the first lane.</param>
    /// <param name="product">The results.</param>
    public static abstract unsafe void Store<TVector, TIsa>(void* call, int batch, int row, int column, TVector product)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>;

    /// <summary>Takes the first lanes of a vector.</summary>
    /// <param name="call">What the kernel was given.</param>
    /// <param name="batch">Which of the products.</param>
    /// <param name="row">The row of the result.</param>
    /// <param name="column">The column of the first lane.</param>
    /// <param name="product">The results.</param>
    /// <param name="count">How many lanes there are, fewer than a vector has.</param>
    public static abstract unsafe void StorePartial<TVector, TIsa>(void* call, int batch, int row, int column, TVector product, int count)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>;
}
