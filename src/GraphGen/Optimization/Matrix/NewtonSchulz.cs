using System.Runtime.CompilerServices;
using GraphGen.Runtime;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>
/// Makes a matrix nearly orthogonal by the iteration of <see cref="Muon"/>: with the singular values σ brought to at most 1, k times
/// <c>σ ← a·σ + b·σ³ + c·σ⁵</c>, without ever computing one.
/// </summary>
internal sealed unsafe class NewtonSchulz
{
    private readonly AlignedBuffer _matrix;
    private readonly AlignedBuffer _gram;
    private readonly AlignedBuffer _scratch;

    /// <summary>Reserves memory for matrices of some shapes.</summary>
    /// <param name="parameters">The parameters, all of two dimensions.</param>
    public NewtonSchulz(IEnumerable<Parameter> parameters)
    {
        long longest = 0, gram = 0, scratch = 0;
        foreach (Parameter parameter in parameters)
        {
            int rows = parameter.Shape[0], columns = parameter.Shape[1], smaller = Math.Min(rows, columns);
            longest = Math.Max(longest, ParameterBlock.Align(parameter.Length));
            gram = Math.Max(gram, (long)smaller * smaller);
            scratch = Math.Max(scratch, MatrixProduct.ScratchLength(smaller, Math.Max(rows, columns), smaller));
            scratch = Math.Max(scratch, MatrixProduct.ScratchLength(rows, smaller, columns));
        }

        _matrix = new AlignedBuffer(longest);
        _gram = new AlignedBuffer(gram);
        _scratch = new AlignedBuffer(scratch);
    }

    /// <summary>The matrix, to be filled before and read after; up to the next multiple of 16 floats it is the caller's too.</summary>
    public float* Matrix => _matrix.Pointer;

    /// <summary>Iterates.</summary>
    /// <param name="rows">The matrix's rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="coefficients">a, b and c.</param>
    /// <param name="steps">k.</param>
    /// <param name="eps">The least that the matrix is divided by.</param>
    public void Run(int rows, int columns, (double A, double B, double C) coefficients, int steps, double eps)
    {
        int length = rows * columns;
        double norm = Math.Max(Math.Sqrt(Reductions.SumOfSquares(Matrix, length)), eps);

        // A matrix of zeros stays one, also without a floor. The factor is applied in two: alone it may be more than a float can be.
        float scale = norm == 0 ? 0f : (float)Math.Pow(norm, -0.5);
        FusedUpdate.Run(new Scaling { Values = Matrix, Scale = scale }, (int)ParameterBlock.Align(length));

        (float a, float b, float c) = ((float)coefficients.A, (float)coefficients.B, (float)coefficients.C);
        MatrixView x = new(Matrix, rows, columns);
        for (int step = 0; step < steps; step++)
        {
            // On the side on which it is smaller: A = X Xᵀ and X ← (a·I + b·A + c·A²) X or, which is the same, A = Xᵀ X and the factor at the right.
            MatrixView wide = rows <= columns ? x : x.Transpose;
            MatrixView gram = new(_gram.Pointer, wide.Rows, wide.Rows);
            MatrixProduct.Run(wide, wide.Transpose, gram.Pointer, alpha: 1f, beta: 0f, isSymmetric: true, _scratch.Pointer);
            MatrixProduct.Run(gram, gram.Transpose, gram.Pointer, alpha: c, beta: b, isSymmetric: true, _scratch.Pointer);
            MatrixProduct.Run(
                rows <= columns ? gram.Transpose : x,
                rows <= columns ? x : gram,
                Matrix,
                alpha: 1f,
                beta: a,
                isSymmetric: false,
                _scratch.Pointer);
        }
    }

    private struct Scaling : IFusedUpdate
    {
        public float* Values;
        public float Scale;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Update<TVector, TIsa>(nint start, nint end)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            TVector scale = TIsa.Broadcast(Scale);
            for (nint i = start; i < end; i += TIsa.Width)
            {
                TIsa.Store(Values + i, TIsa.Multiply(TIsa.Multiply(scale, TIsa.Load(Values + i)), scale));
            }
        }
    }
}
