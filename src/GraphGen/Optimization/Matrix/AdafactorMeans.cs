using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>The running means of squared gradients over the rows and over the columns of each matrix.</summary>
internal static unsafe class AdafactorMeans
{
    /// <summary>Columns whose sums are made at a time; a few cache lines of every row.</summary>
    private const int ColumnChunk = 64;

    /// <summary>Moves the means on and finds the scale of each matrix, no more than 1 over <paramref name="floor"/>.</summary>
    public static void Update(in AdafactorPass pass, float floor)
    {
        if (pass.Gradient.HasPenalty)
        {
            Update<On>(pass, floor);
        }
        else
        {
            Update<Off>(pass, floor);
        }
    }

    private static void Update<TPenalty>(in AdafactorPass pass, float floor)
        where TPenalty : struct, ISwitch
    {
        int rows = pass.Matrices * pass.Rows;
        int rowsPerTask = Math.Max(1, AdafactorPass.Chunk / pass.Columns);
        PoolTasks.Run(new RowTask<TPenalty> { Pass = pass, Rows = rows, RowsPerTask = rowsPerTask }, Tasks(rows, rowsPerTask), 8L * rowsPerTask * pass.Columns);

        int chunks = (pass.Columns + ColumnChunk - 1) / ColumnChunk;
        int units = checked(pass.Matrices * chunks);
        int unitLength = checked(pass.Rows * Math.Min(ColumnChunk, pass.Columns));
        int unitsPerTask = Math.Max(1, AdafactorPass.Chunk / unitLength);
        PoolTasks.Run(
            new ColumnTask<TPenalty> { Pass = pass, Chunks = chunks, Units = units, UnitsPerTask = unitsPerTask },
            Tasks(units, unitsPerTask),
            8L * unitsPerTask * unitLength);

        int matricesPerTask = Math.Max(1, AdafactorPass.Chunk / pass.Rows);
        PoolTasks.Run(new ScaleTask { Pass = pass, MatricesPerTask = matricesPerTask, Floor = floor }, Tasks(pass.Matrices, matricesPerTask), 4L * matricesPerTask * pass.Rows);
    }

    private static int Tasks(int units, int unitsPerTask) => (units + unitsPerTask - 1) / unitsPerTask;

    private struct SquaredGradient<TPenalty> : ISummand
        where TPenalty : struct, ISwitch
    {
        public AdafactorPass Pass;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector AddTo<TVector, TIsa>(TVector sum, nint i, nint count)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            TVector g = Pass.GradientAt<TVector, TIsa, TPenalty>(i, count);
            return TIsa.FusedMultiplyAdd(g, g, sum);
        }
    }

    private struct RowTask<TPenalty> : IPoolTask
        where TPenalty : struct, ISwitch
    {
        public AdafactorPass Pass;
        public int Rows;
        public int RowsPerTask;

        public readonly void Run<TVector, TIsa>(int task)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            SquaredGradient<TPenalty> square = new() { Pass = Pass };
            int end = Math.Min(Rows, (task + 1) * RowsPerTask);
            for (int row = task * RowsPerTask; row < end; row++)
            {
                nint start = (nint)row * Pass.Columns;
                float mean = (float)(LaneSum.Of<SquaredGradient<TPenalty>, TVector, TIsa>(square, start, start + Pass.Columns) / Pass.Columns);
                Pass.RowMeans[row] += Pass.Gain * (mean - Pass.RowMeans[row]);
            }
        }
    }

    private struct ColumnTask<TPenalty> : IPoolTask
        where TPenalty : struct, ISwitch
    {
        /// <summary>Rows whose squares are summed before they go into the whole sum, so that rounding does not build up.</summary>
        private const int Stretch = 128;

        public AdafactorPass Pass;
        public int Chunks;
        public int Units;
        public int UnitsPerTask;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVector, TIsa>(int task)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            int end = Math.Min(Units, (task + 1) * UnitsPerTask);
            for (int unit = task * UnitsPerTask; unit < end; unit++)
            {
                int matrix = unit / Chunks, first = unit % Chunks * ColumnChunk;
                int last = Math.Min(Pass.Columns, first + ColumnChunk);
                for (int column = first; column < last; column += TIsa.Width)
                {
                    Column<TVector, TIsa>(matrix, column, last - column);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Column<TVector, TIsa>(int matrix, int column, nint count)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            nint start = ((nint)matrix * Pass.Rows * Pass.Columns) + column;
            TVector sum = TIsa.Zero;
            for (int row = 0; row < Pass.Rows;)
            {
                TVector part = TIsa.Zero;
                for (int end = Math.Min(Pass.Rows, row + Stretch); row < end; row++)
                {
                    TVector g = Pass.GradientAt<TVector, TIsa, TPenalty>(start + ((nint)row * Pass.Columns), count);
                    part = TIsa.FusedMultiplyAdd(g, g, part);
                }

                sum = TIsa.Add(sum, part);
            }

            float* mean = Pass.ColumnMeans + ((nint)matrix * Pass.Columns) + column;
            TVector before = LaneSum.Load<TVector, TIsa>(mean, count);
            TVector now = TIsa.Divide(sum, TIsa.Broadcast(Pass.Rows));
            LaneSum.Store<TVector, TIsa>(mean, TIsa.FusedMultiplyAdd(TIsa.Broadcast(Pass.Gain), TIsa.Subtract(now, before), before), count);
        }
    }

    private struct ScaleTask : IPoolTask
    {
        public AdafactorPass Pass;
        public int MatricesPerTask;
        public float Floor;

        public readonly void Run<TVector, TIsa>(int task)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            int end = Math.Min(Pass.Matrices, (task + 1) * MatricesPerTask);
            for (int matrix = task * MatricesPerTask; matrix < end; matrix++)
            {
                double sum = 0;
                for (int row = 0; row < Pass.Rows; row++)
                {
                    sum += Pass.RowMeans[((nint)matrix * Pass.Rows) + row];
                }

                Pass.MatrixScales[matrix] = (float)(1 / Math.Max(sum / Pass.Rows, Floor));
            }
        }
    }
}
