using System.Diagnostics;

namespace GraphGen.Benchmarks.Compare;

/// <summary>Runs the SDK, and other tools, for what comparisons are made of.</summary>
internal static class Tools
{
    /// <summary>The folder that has the solution, above this program.</summary>
    internal static string Root { get; } = FindRoot();

    /// <summary>Runs <c>dotnet</c>.</summary>
    /// <exception cref="SideException">It failed; the message has the first error that it wrote.</exception>
    internal static void Dotnet(params string[] arguments) => Run("dotnet", arguments);

    /// <summary>Runs a program in the repository and returns what it printed.</summary>
    /// <exception cref="SideException">It failed; the message has the first error that it wrote.</exception>
    internal static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardError = true };

        // Nothing stays behind that would run beside what is measured.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        using Process process = StartProcess(start);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            string[] lines = (output + errors.Result).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            string reason = lines.FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? lines.LastOrDefault("no reason given");
            throw new SideException($"{program} {arguments[0]} failed: {reason}");
        }

        return output;
    }

    private static Process StartProcess(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new SideException($"{start.FileName} did not start: {e.Message}");
        }
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "GraphGen.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"There is no GraphGen.sln above {AppContext.BaseDirectory}: run compare from the repository.");
    }
}
