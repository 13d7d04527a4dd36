using GraphGen.Tests.Runtime;
using Xunit;

namespace GraphGen.Tests.State;

/// <summary>
/// Ten thousand damaged files: each is loaded, or gives one clear exception that leaves everything as it was, and never costs more than
/// a small multiple of its length.
/// </summary>
public sealed class MutationTests
{
    private const int Files = 10_000;

    // Reading costs the header as objects and the data once more; a message, an exception and the JSON reader's own things cost the rest.
    private const int BytesAByte = 32;
    private const int BytesAnyway = 100_000;

    [Fact]
    public void Ten_thousand_damaged_files_are_loaded_or_refused()
    {
        byte[] file = StateFile.Write(Trained().Net.Parameters.StateDict());
        int loaded = 0;
        for (int seed = 0; seed < Files; seed++)
        {
            byte[] damaged = new Mutator(seed).Damage(file);
            StateDict? dict = null;
            long before = GC.GetAllocatedBytesForCurrentThread();
            StateDictException? refused = Catch(() => dict = Safetensors.Read(new MemoryStream(damaged)));
            AssertCost(seed, damaged, GC.GetAllocatedBytesForCurrentThread() - before);
            if (refused is not null)
            {
                AssertClear(refused);
                continue;
            }

            // What was loaded holds what it says, and is written so that it is read again.
            loaded++;
            StateDict again = StateFile.Read(StateFile.Write(dict!));
            Assert.Equal(dict!.Names, again.Names);
            Assert.Equal(dict.Metadata, again.Metadata);
        }

        Assert.InRange(loaded, Files / 20, Files / 2);
    }

    [Fact]
    public void Ten_thousand_damaged_files_change_all_parameters_or_none()
    {
        StateDict trained = Trained().Net.Parameters.StateDict();
        byte[] file = StateFile.Write(trained);
        ParameterBlock block = new ResumedNet(1).Parameters;
        float[] untouched = block.Values.ToArray();
        int loaded = 0;
        int strict = 0;
        for (int seed = 0; seed < Files; seed++)
        {
            byte[] damaged = new Mutator(seed).Damage(file);
            StateDict? dict = null;
            _ = Catch(() => dict = StateFile.Read(damaged));
            if (dict is null)
            {
                continue;
            }

            loaded++;
            long before = GC.GetAllocatedBytesForCurrentThread();
            StateDictException? refused = Catch(() => block.LoadStateDict(dict));
            AssertCost(seed, damaged, GC.GetAllocatedBytesForCurrentThread() - before);
            if (refused is not null)
            {
                AssertClear(refused);
                Assert.True(untouched.AsSpan().SequenceEqual(block.Values), $"seed {seed}");
                continue;
            }

            strict++;
            Assert.All(block, parameter => Assert.Equal(dict[parameter.Name].ToArray(), parameter.Values.ToArray()));
            untouched.CopyTo(block.Values);
        }

        Assert.InRange(strict, Files / 50, loaded - 100);
    }

    [Fact]
    public void Ten_thousand_damaged_checkpoints_change_everything_or_nothing()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("checkpoint");
        Trained().Save(path);
        byte[] file = File.ReadAllBytes(path);
        string clean = folder.PathOf("before");
        TrainingRun run = new(seed: 8);
        run.Train(3);
        run.Save(clean);
        byte[] before = run.Everything();
        int loaded = 0;
        int late = 0;
        for (int seed = 0; seed < Files; seed++)
        {
            byte[] damaged = new Mutator(seed).Damage(file);
            File.WriteAllBytes(path, damaged);
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            StateDictException? refused = Catch(() => run.Load(path));
            AssertCost(seed, damaged, GC.GetAllocatedBytesForCurrentThread() - allocated);
            if (refused is not null)
            {
                AssertClear(refused);
                Assert.Contains(path, refused.Message);
                late += refused.Message.Contains("is not a checkpoint") ? 1 : 0;

                // Costly to compare: the parameters each time, everything where more than the file was looked at.
                if (refused.Message.Contains("is not a checkpoint"))
                {
                    Assert.True(before.AsSpan().SequenceEqual(run.Everything()), $"seed {seed}: {refused.Message}");
                }

                continue;
            }

            loaded++;
            run.Load(clean);
            Assert.Equal(before, run.Everything());
        }

        Assert.InRange(loaded, Files / 50, Files / 2);
        Assert.InRange(late, Files / 50, Files);
    }

    private static TrainingRun Trained()
    {
        TrainingRun run = new();
        run.Train(13);
        return run;
    }

    private static StateDictException? Catch(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (StateDictException exception)
        {
            return exception;
        }
    }

    private static void AssertCost(int seed, byte[] file, long bytes) =>
        Assert.True(bytes <= (BytesAByte * (long)file.Length) + BytesAnyway, $"seed {seed}: {bytes} bytes for a file of {file.Length}");

    private static void AssertClear(StateDictException exception)
    {
        Assert.True(exception.Message.Length is >= 20 and <= 1000, exception.Message);
        Assert.True(exception.Message.Contains("xpected") || exception.Message.Contains("missing: ") || exception.Message.Contains(" refuses '"), exception.Message);
    }
}
