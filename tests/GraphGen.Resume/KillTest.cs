using System.Diagnostics;
using System.Globalization;

namespace GraphGen.Resume;

/// <summary>Starts training runs, kills them with SIGKILL at random moments, and resumes each until it ends.</summary>
internal sealed class KillTest(int seed)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Random _random = new(seed);

    public static bool TryParse(ReadOnlySpan<string> options, out int times, out int seed)
    {
        times = 200;
        seed = 1;
        for (; !options.IsEmpty; options = options[2..])
        {
            if (options.Length < 2 || !int.TryParse(options[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                return false;
            }

            switch (options[0])
            {
                case "--times":
                    times = number;
                    break;
                case "--seed":
                    seed = number;
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    /// <summary>Kills so many times, and says how it went.</summary>
    /// <returns>Whether every run was resumed to the end and ended as the one that was never stopped.</returns>
    public bool Run(int times)
    {
        string folder = Directory.CreateTempSubdirectory("graphgen-resume").FullName;
        try
        {
            string checkpoint = Path.Combine(folder, "checkpoint.safetensors");
            string expected = TrainingRun.ToTheEnd(checkpoint: null);

            // How long a run takes that nobody kills; its checkpoints change nothing.
            Stopwatch watch = Stopwatch.StartNew();
            if (Start(checkpoint, killAfter: null) is not (0, var undisturbed) || undisturbed != expected)
            {
                return Fail("a run that writes checkpoints does not end as one that writes none.");
            }

            TimeSpan whole = watch.Elapsed;
            Console.WriteLine($"a run takes {whole.TotalMilliseconds:f0} ms and ends with {expected[..16]}");
            return Kill(times, checkpoint, expected, whole);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private bool Kill(int times, string checkpoint, string expected, TimeSpan whole)
    {
        int kills = 0;
        int runs = 0;
        int unfinished = 0;
        while (kills < times)
        {
            Forget(checkpoint);
            int killsBefore = kills;
            bool ended = false;
            while (!ended)
            {
                // Any moment of a run, of its start too; once there have been enough kills, none.
                TimeSpan? killAfter = kills < times ? whole * _random.NextDouble() : null;
                DateTime started = DateTime.UtcNow;
                Stopwatch watch = Stopwatch.StartNew();
                (int exitCode, string output) = Start(checkpoint, killAfter);
                switch (exitCode)
                {
                    case 0 when output == expected:
                        ended = true;

                        // The machine may have become faster or slower since: the moments shall be those of a run as it is now.
                        whole = kills == killsBefore ? watch.Elapsed : whole;
                        break;
                    case 0:
                        return Fail($"run {runs + 1}, killed {kills - killsBefore} times, ended with {output} instead of {expected}.");
                    case 137 or -1 when killAfter is not null:
                        kills++;
                        unfinished += File.GetLastWriteTimeUtc(checkpoint + ".tmp") > started ? 1 : 0;
                        break;
                    default:
                        return Fail($"run {runs + 1}, killed {kills - killsBefore} times, did not resume: exit code {exitCode}. {output}");
                }
            }

            runs++;
            Console.WriteLine($"run {runs}: resumed after {kills - killsBefore} kills");
        }

        Console.WriteLine($"{unfinished} of the kills left an unfinished checkpoint beside the last");
        Console.WriteLine($"{kills} kills, {runs} runs, every resume succeeded, parameters equal");
        return true;
    }

    /// <summary>Starts a run in a process of its own and waits for its end.</summary>
    /// <returns>The exit code (137: killed; -1 on Windows) and what it wrote.</returns>
    private static (int ExitCode, string Output) Start(string checkpoint, TimeSpan? killAfter)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("train");
        start.ArgumentList.Add(checkpoint);
        using Process process = Process.Start(start)!;

        // Both, so that a run that complains at length is not kept waiting for a reader.
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(killAfter ?? Patience))
        {
            process.Kill();
            process.WaitForExit();
            if (killAfter is null)
            {
                return (1, "It took more than two minutes.");
            }
        }

        return (process.ExitCode, (output.Result + errors.Result).Trim());
    }

    private static void Forget(string checkpoint)
    {
        File.Delete(checkpoint);
        File.Delete(checkpoint + ".tmp");
    }

    private static bool Fail(string message)
    {
        Console.WriteLine($"FAILED: {message}");
        return false;
    }
}
