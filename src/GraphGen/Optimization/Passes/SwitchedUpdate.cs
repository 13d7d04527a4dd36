using GraphGen.Simd;

namespace GraphGen;

/// <summary>
/// An optimizer's update that has one or two options of its own beside the penalties of the gradient: its loop is compiled for each on
/// or off.
/// </summary>
internal interface ISwitchedUpdate
{
    /// <summary>What is asked for, the same for the whole range, in the order of the loop's switches; false for an option there is not.</summary>
    public (bool First, bool Second, bool Penalty) Switches { get; }

    /// <inheritdoc cref="IFusedUpdate.Update"/>
    public void Update<TVector, TIsa, TFirst, TSecond, TPenalty>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TFirst : struct, ISwitch
        where TSecond : struct, ISwitch
        where TPenalty : struct, ISwitch;
}

/// <summary>Chooses the loop for an update's options.</summary>
internal readonly struct SwitchedUpdate<TUpdate>(TUpdate update) : IFusedUpdate
    where TUpdate : unmanaged, ISwitchedUpdate
{
    private readonly TUpdate _update = update;

    public void Update<TVector, TIsa>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        switch (_update.Switches)
        {
            case (false, false, false):
                _update.Update<TVector, TIsa, Off, Off, Off>(start, end);
                break;
            case (false, false, true):
                _update.Update<TVector, TIsa, Off, Off, On>(start, end);
                break;
            case (false, true, false):
                _update.Update<TVector, TIsa, Off, On, Off>(start, end);
                break;
            case (false, true, true):
                _update.Update<TVector, TIsa, Off, On, On>(start, end);
                break;
            case (true, false, false):
                _update.Update<TVector, TIsa, On, Off, Off>(start, end);
                break;
            case (true, false, true):
                _update.Update<TVector, TIsa, On, Off, On>(start, end);
                break;
            case (true, true, false):
                _update.Update<TVector, TIsa, On, On, Off>(start, end);
                break;
            case (true, true, true):
                _update.Update<TVector, TIsa, On, On, On>(start, end);
                break;
        }
    }
}
