using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>One SGD update of a contiguous range: every buffer read once and written once.</summary>
internal unsafe struct SGDPass
{
    /// <summary>[length], updated.</summary>
    public float* Values;

    /// <summary>[length].</summary>
    public float* Gradients;

    /// <summary>[length], updated; null without momentum.</summary>
    public float* Momenta;

    /// <summary>A multiple of 16.</summary>
    public int Length;

    public float Rate;
    public float Momentum;

    /// <summary>1 − dampening.</summary>
    public float Gain;

    public float WeightDecay;

    /// <summary>−1 to go up.</summary>
    public float Direction;

    /// <summary>Whether the momenta are yet to be written for the first time.</summary>
    public bool IsFirst;

    public bool Nesterov;

    /// <summary>Updates one chunk of the range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Update<TVector, TIsa>(void* state, int task)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        SGDPass* pass = (SGDPass*)state;
        int start = OptimizerPass.Start(task);
        int end = OptimizerPass.End(task, pass->Length);

        // What is asked for is the same all the way: one loop for each kind of momentum, without it decided inside.
        if (pass->Momenta == null)
        {
            Loop<TVector, TIsa>(pass, start, end, hasMomentum: false, isFirst: false, nesterov: false);
        }
        else if (pass->Nesterov)
        {
            if (pass->IsFirst)
            {
                Loop<TVector, TIsa>(pass, start, end, hasMomentum: true, isFirst: true, nesterov: true);
            }
            else
            {
                Loop<TVector, TIsa>(pass, start, end, hasMomentum: true, isFirst: false, nesterov: true);
            }
        }
        else if (pass->IsFirst)
        {
            Loop<TVector, TIsa>(pass, start, end, hasMomentum: true, isFirst: true, nesterov: false);
        }
        else
        {
            Loop<TVector, TIsa>(pass, start, end, hasMomentum: true, isFirst: false, nesterov: false);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Loop<TVector, TIsa>(SGDPass* pass, int start, int end, bool hasMomentum, bool isFirst, bool nesterov)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        float* values = pass->Values;
        float* gradients = pass->Gradients;
        float* momenta = pass->Momenta;
        TVector rate = TIsa.Broadcast(-pass->Rate);
        TVector momentum = TIsa.Broadcast(pass->Momentum);
        TVector gain = TIsa.Broadcast(pass->Gain);
        TVector direction = TIsa.Broadcast(pass->Direction);
        TVector decay = TIsa.Broadcast(pass->WeightDecay);

        // Not by a multiplication with zero, which would make NaN of an infinite weight.
        bool decays = pass->WeightDecay != 0;

        for (nint i = start; i < end; i += TIsa.Width)
        {
            TVector w = TIsa.Load(values + i);
            TVector g = TIsa.Multiply(direction, TIsa.Load(gradients + i));
            if (decays)
            {
                g = TIsa.FusedMultiplyAdd(decay, w, g);
            }

            if (hasMomentum)
            {
                TVector b = isFirst ? g : TIsa.FusedMultiplyAdd(gain, g, TIsa.Multiply(momentum, TIsa.Load(momenta + i)));
                TIsa.Store(momenta + i, b);
                g = nesterov ? TIsa.FusedMultiplyAdd(momentum, b, g) : b;
            }

            TIsa.Store(values + i, TIsa.FusedMultiplyAdd(rate, g, w));
        }
    }
}
