namespace GraphGen;

/// <summary>
/// What should be loaded is damaged, or does not fit what it should be loaded into. The message names the thing, what was
/// expected and what came; nothing has been changed.
/// </summary>
public sealed class StateDictException : FormatException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, where, what was expected and what came.</param>
    /// <param name="innerException">The error that shows it, if there is one.</param>
    public StateDictException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
