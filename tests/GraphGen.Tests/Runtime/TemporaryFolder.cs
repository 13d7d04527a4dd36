namespace GraphGen.Tests.Runtime;

/// <summary>A folder of its own for a test's files.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("graphgen").FullName;

    public string PathOf(string name) => Path.Combine(_path, name);

    public string Write(string name, byte[] contents)
    {
        string path = PathOf(name);
        File.WriteAllBytes(path, contents);
        return path;
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
