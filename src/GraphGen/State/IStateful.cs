namespace GraphGen;

/// <summary>
/// What can be kept in a <see cref="Checkpoint"/> beside the model and its optimizer: schedulers, a <see cref="Dataset"/>'s position,
/// and anything of your own that a run goes on from.
/// </summary>
public interface IStateful
{
    /// <summary>
    /// Says all there is to save, and takes it back when loading. If it throws while loading, it is called once more with what was
    /// there before.
    /// </summary>
    /// <param name="state">Notes the settings or restores them.</param>
    public void Exchange(StateExchange state);
}
