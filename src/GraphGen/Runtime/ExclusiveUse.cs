using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GraphGen.Runtime;

/// <summary>
/// Sees to it that one thread at a time uses the memory of a model's passes: who comes while another is in it gets an exception
/// instead of results made of both. Nobody waits, and it costs one interlocked operation.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct ExclusiveUse
{
    private int _isTaken;

    /// <summary>Takes the memory of the training step until the turn is disposed.</summary>
    /// <param name="model">The model's name.</param>
    /// <exception cref="InvalidOperationException">Another thread has it.</exception>
    [UnscopedRef]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Turn Train(string model)
    {
        if (Interlocked.CompareExchange(ref _isTaken, 1, 0) != 0)
        {
            ThrowTraining(model);
        }

        return new Turn(ref _isTaken);
    }

    /// <summary>Takes the memory of the inference pass until the turn is disposed.</summary>
    /// <param name="model">The model's name.</param>
    /// <exception cref="InvalidOperationException">Another thread has it.</exception>
    [UnscopedRef]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Turn Predict(string model)
    {
        if (Interlocked.CompareExchange(ref _isTaken, 1, 0) != 0)
        {
            ThrowInference(model);
        }

        return new Turn(ref _isTaken);
    }

    [DoesNotReturn]
    private static void ThrowTraining(string model) => throw new InvalidOperationException(
        $"Two threads are in the training step (Forward, Loss, Backward) of one {model} at once, which has memory for one. Train it on one "
        + "thread at a time. To predict meanwhile, give each thread a predictor of its own: CreatePredictor(maxBatch).");

    [DoesNotReturn]
    private static void ThrowInference(string model) => throw new InvalidOperationException(
        $"Two threads are in Predict or Evaluate of one {model} (or of one of its predictors) at once, which has memory for one. Give each "
        + "thread a predictor of its own: CreatePredictor(maxBatch) makes one that shares the model's parameters.");

    /// <summary>The use of the memory by a call; disposed, it is free again, also after an exception.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public readonly ref struct Turn
    {
        // A reference into the object that owns the memory: while kernels have pointers to it, it stays reachable.
        private readonly ref int _isTaken;

        internal Turn(ref int isTaken) => _isTaken = ref isTaken;

        /// <summary>Gives the memory back.</summary>
        public void Dispose() => Volatile.Write(ref _isTaken, 0);
    }
}
