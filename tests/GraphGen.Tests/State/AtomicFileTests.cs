using GraphGen.Tests.Runtime;
using Xunit;

namespace GraphGen.Tests.State;

/// <summary>A file is as it was or complete.</summary>
public sealed class AtomicFileTests
{
    [Fact]
    public void A_file_is_replaced_and_nothing_else_is_left()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("state", [1, 2, 3]);
        Safetensors.Save(path, Dict(1));
        Safetensors.Save(path, Dict(2));
        Assert.Equal([2f], Safetensors.Load(path)["a"].ToArray());
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void What_a_killed_process_left_is_written_over()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("state", StateFile.Write(Dict(1)));
        folder.Write("state.tmp", new byte[100_000]);
        Assert.Equal([1f], Safetensors.Load(path)["a"].ToArray());
        Safetensors.Save(path, Dict(2));
        Assert.Equal([2f], Safetensors.Load(path)["a"].ToArray());
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Where_a_folder_is_in_the_way_the_temporary_file_goes()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("state");
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, "file"), "");
        Assert.ThrowsAny<Exception>(() => Safetensors.Save(path, Dict(1)));
        Assert.False(File.Exists(path + ".tmp"));
        Assert.Throws<DirectoryNotFoundException>(() => Safetensors.Save(folder.PathOf("none/state"), Dict(1)));
        Assert.Throws<ArgumentException>("path", () => Safetensors.Save("", Dict(1)));
    }

    [Fact]
    public void What_another_is_writing_is_left_to_it()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("state", StateFile.Write(Dict(1)));
        using (FileStream other = new(path + ".tmp", FileMode.Create, FileAccess.Write, FileShare.None))
        {
            other.Write([1, 2, 3]);
            Assert.Throws<IOException>(() => Safetensors.Save(path, Dict(2)));
        }

        Assert.Equal(3, new FileInfo(path + ".tmp").Length);
        Assert.Equal([1f], Safetensors.Load(path)["a"].ToArray());
    }

    [Fact]
    public void A_link_stays_and_the_file_that_it_stands_for_is_replaced()
    {
        using TemporaryFolder folder = new();
        string target = folder.Write("target", StateFile.Write(Dict(1)));
        string link = folder.PathOf("link");
        File.CreateSymbolicLink(link, target);
        Safetensors.Save(link, Dict(2));
        Assert.Equal(target, new FileInfo(link).LinkTarget);
        Assert.Equal([2f], Safetensors.Load(target)["a"].ToArray());
    }

    [Fact]
    public void On_a_full_disk_the_old_file_stays()
    {
        if (!File.Exists("/dev/full"))
        {
            return;
        }

        using TemporaryFolder folder = new();
        string path = folder.Write("state", StateFile.Write(Dict(1)));
        File.CreateSymbolicLink(path + ".tmp", "/dev/full");
        Assert.Throws<IOException>(() => Safetensors.Save(path, Dict(2)));
        Assert.Equal([1f], Safetensors.Load(path)["a"].ToArray());
        Assert.False(Path.Exists(path + ".tmp"));
        Safetensors.Save(path, Dict(2));
        Assert.Equal([2f], Safetensors.Load(path)["a"].ToArray());
    }

    private static StateDict Dict(float value)
    {
        StateDict dict = new();
        dict.Add("a", StateTensor.Scalar(value));
        return dict;
    }
}
