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

    /// <summary>A name or a text from a file, for a message: no longer than can be read.</summary>
    internal static string Quote(string text) => $"'{Shorten(text)}'";

    /// <summary>The beginning of a text from a file, for a message.</summary>
    internal static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "...";

    /// <summary>What a JSON reader says is wrong. It may quote a whole file: then its beginning, and its end, which says why and where.</summary>
    internal static string Reason(Exception exception)
    {
        string message = exception.Message;
        return message.Length <= 300 ? message : $"{Shorten(message)} {message[^200..]}";
    }

    /// <summary>Names from a file, for a message: so many as can be read, and how many more there are.</summary>
    internal static string List(IReadOnlyList<string> names)
    {
        const int Most = 50;
        string list = string.Join(", ", names.Take(Most).Select(Shorten));
        return names.Count <= Most ? list : $"{list} and {names.Count - Most} more";
    }
}
