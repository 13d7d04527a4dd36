namespace GraphGen;

/// <summary>Writes files that are there either as they were or complete, whatever happens meanwhile.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes beside the file, flushes to the disk, and only then renames over it. A process that is killed leaves its unfinished
    /// <c>.tmp</c> behind, always of the same name, which the next write to the file replaces: so there is never more than one, and one
    /// process at a time may write a file.
    /// </summary>
    /// <remarks>
    /// The folder's own entry is not flushed: .NET opens no folders, and without it the disk still has one of the two files, whole. What
    /// a power cut can cost is the last save, never both.
    /// </remarks>
    /// <exception cref="IOException">The file cannot be written; the old one is still there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; the old one is still there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);

        // Where a link stands for the file, the file is replaced and not the link.
        FileInfo given = new(path);
        string target = given.LinkTarget is null ? given.FullName : given.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        string temporary = target + ".tmp";

        // Opened outside of what deletes it: if another is writing it, it is not ours to delete.
        FileStream file = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None);
        try
        {
            using (file)
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            Forget(temporary);
            throw;
        }
    }

    /// <summary>Deletes, if it can be: why the file could not be written matters more than why this could not.</summary>
    private static void Forget(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
