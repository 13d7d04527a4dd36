using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>
/// The update u of <see cref="Adafactor"/>, of which first the size has to be known: it is computed twice, which costs less than to keep it.
/// </summary>
internal static unsafe class AdafactorUpdate
{
    /// <summary>Σ u². The second moments of a vector are moved on in the same pass.</summary>
    public static double SumOfSquares(in AdafactorPass pass)
    {
        RowCutting cutting = new(pass);
        return pass.Gradient.HasPenalty
            ? PoolTasks.Sum(new SizeTask<On> { Pass = pass, Cutting = cutting }, cutting.Tasks, cutting.WorkPerTask)
            : PoolTasks.Sum(new SizeTask<Off> { Pass = pass, Cutting = cutting }, cutting.Tasks, cutting.WorkPerTask);
    }

    /// <summary>w ← keep·w + rate·u.</summary>
    public static void Apply(in AdafactorPass pass)
    {
        RowCutting cutting = new(pass);
        if (pass.Gradient.HasPenalty)
        {
            PoolTasks.Run(new ApplyTask<On> { Pass = pass, Cutting = cutting }, cutting.Tasks, cutting.WorkPerTask);
        }
        else
        {
            PoolTasks.Run(new ApplyTask<Off> { Pass = pass, Cutting = cutting }, cutting.Tasks, cutting.WorkPerTask);
        }
    }

    /// <summary>Rows cut into tasks: several short rows, or a piece of a long one.</summary>
    private readonly struct RowCutting
    {
        private readonly int _rows;
        private readonly int _rowsPerTask;
        private readonly int _pieces;
        private readonly int _columns;

        public RowCutting(in AdafactorPass pass)
        {
            _columns = pass.Columns;
            _rows = pass.Matrices * pass.Rows;
            _rowsPerTask = Math.Max(1, AdafactorPass.Chunk / _columns);
            _pieces = (int)(((long)_columns + AdafactorPass.Chunk - 1) / AdafactorPass.Chunk);
        }

        public int Tasks => (_rows + _rowsPerTask - 1) / _rowsPerTask * _pieces;

        public long WorkPerTask => 16L * _rowsPerTask * Math.Min(_columns, AdafactorPass.Chunk);

        public void Of(int task, out int firstRow, out int endRow, out int firstColumn, out int endColumn)
        {
            firstRow = task / _pieces * _rowsPerTask;
            endRow = Math.Min(_rows, firstRow + _rowsPerTask);
            firstColumn = task % _pieces * AdafactorPass.Chunk;
            endColumn = (int)Math.Min(_columns, (long)firstColumn + AdafactorPass.Chunk);
        }
    }

    /// <summary>u of a row; its second moments are a number of the row times one of the column, or the column's alone.</summary>
    private struct RowUpdate<TPenalty> : ISummand
        where TPenalty : struct, ISwitch
    {
        public AdafactorPass Pass;

        /// <summary>Where the row starts in values and gradients.</summary>
        public nint Start;

        public float* Columns;
        public float Row;

        public RowUpdate(in AdafactorPass pass, int row)
        {
            Pass = pass;
            Start = (nint)row * pass.Columns;
            if (pass.Variances != null)
            {
                Columns = pass.Variances;
                Row = 1f;
                return;
            }

            int matrix = row / pass.Rows;
            Columns = pass.ColumnMeans + ((nint)matrix * pass.Columns);
            Row = pass.RowMeans[row] * pass.MatrixScales[matrix];
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector At<TVector, TIsa>(TVector g, TVector column)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            TVector v = TIsa.Max(TIsa.Multiply(TIsa.Broadcast(Row), column), TIsa.Broadcast(Pass.Floor));
            TVector u = TIsa.Divide(g, TIsa.FaithfulSqrt(v));

            // Without a floor a value that never had a gradient would give 0/0, as would the places between parameters.
            return TIsa.Select(TIsa.Equals(g, TIsa.Zero), TIsa.Zero, u);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector AddTo<TVector, TIsa>(TVector sum, nint i, nint count)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            TVector g = Pass.GradientAt<TVector, TIsa, TPenalty>(Start + i, count);
            TVector column = LaneSum.Load<TVector, TIsa>(Columns + i, count);
            if (Pass.Variances != null)
            {
                column = TIsa.FusedMultiplyAdd(TIsa.Broadcast(Pass.Gain), TIsa.Subtract(TIsa.Multiply(g, g), column), column);
                LaneSum.Store<TVector, TIsa>(Columns + i, column, count);
            }

            TVector u = At<TVector, TIsa>(g, column);
            return TIsa.FusedMultiplyAdd(u, u, sum);
        }
    }

    private struct SizeTask<TPenalty> : IPoolReduction
        where TPenalty : struct, ISwitch
    {
        public AdafactorPass Pass;
        public RowCutting Cutting;

        public readonly double Reduce<TVector, TIsa>(int task)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            Cutting.Of(task, out int firstRow, out int endRow, out int firstColumn, out int endColumn);
            double sum = 0;
            for (int row = firstRow; row < endRow; row++)
            {
                sum += LaneSum.Of<RowUpdate<TPenalty>, TVector, TIsa>(new RowUpdate<TPenalty>(Pass, row), firstColumn, endColumn);
            }

            return sum;
        }
    }

    private struct ApplyTask<TPenalty> : IPoolTask
        where TPenalty : struct, ISwitch
    {
        public AdafactorPass Pass;
        public RowCutting Cutting;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVector, TIsa>(int task)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            Cutting.Of(task, out int firstRow, out int endRow, out int firstColumn, out int endColumn);
            TVector keep = TIsa.Broadcast(Pass.Keep), rate = TIsa.Broadcast(Pass.Rate);
            for (int row = firstRow; row < endRow; row++)
            {
                RowUpdate<TPenalty> update = new(Pass, row);
                for (nint i = firstColumn; i < endColumn; i += TIsa.Width)
                {
                    nint count = endColumn - i;
                    TVector g = Pass.GradientAt<TVector, TIsa, TPenalty>(update.Start + i, count);
                    TVector u = update.At<TVector, TIsa>(g, LaneSum.Load<TVector, TIsa>(update.Columns + i, count));
                    float* values = Pass.Values + update.Start + i;
                    TVector w = TIsa.Multiply(keep, LaneSum.Load<TVector, TIsa>(values, count));
                    LaneSum.Store<TVector, TIsa>(values, TIsa.FusedMultiplyAdd(rate, u, w), count);
                }
            }
        }
    }
}
