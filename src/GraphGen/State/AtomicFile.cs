namespace GraphGen;

/// <summary>Writes files that are there either as they were or complete, whatever happens meanwhile.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes beside the file, flushes to the disk, and only then renames over it. A process that is killed leaves its unfinished
    /// <c>.tmp</c> behind, which the next writes over: so one process at a time may write a file.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written; the old one is still there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = Path.GetFullPath(path);
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
            File.Delete(temporary);
            throw;
        }
    }
}
