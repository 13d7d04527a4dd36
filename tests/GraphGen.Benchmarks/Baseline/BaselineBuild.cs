using System.Formats.Tar;
using GraphGen.Benchmarks.Compare;

namespace GraphGen.Benchmarks.Baseline;

/// <summary>Makes programs of the same source, GraphGen.Benchmarks.Worker, with the packages of two revisions of GraphGen.</summary>
internal static class BaselineBuild
{
    private const string Version = "0.0.0-compared";

    /// <summary>The commit that a revision names.</summary>
    /// <exception cref="SideException">Git knows no such revision.</exception>
    internal static string Commit(string revision) =>
        Tools.Run("git", "rev-parse", "--verify", "--end-of-options", $"{revision}^{{commit}}").Trim();

    /// <summary>Packs a commit and builds the worker with it, all in a folder.</summary>
    /// <returns>The worker's program.</returns>
    internal static string WorkerOf(string commit, string folder)
    {
        string source = Path.Combine(folder, "source"), archive = Path.Combine(folder, "source.tar");
        Directory.CreateDirectory(source);
        Tools.Run("git", "archive", "--format=tar", "-o", archive, commit);
        TarFile.ExtractToDirectory(archive, source, overwriteFiles: false);
        return Worker(source, folder, $"-p:SourceRevisionId={commit}");
    }

    /// <summary>Packs this working tree and builds the worker with it.</summary>
    /// <returns>The worker's program.</returns>
    internal static string WorkerOfThisTree(string folder) => Worker(Tools.Root, folder);

    private static string Worker(string source, string folder, params string[] properties)
    {
        string feed = Path.Combine(folder, "feed"), output = Path.Combine(folder, "bin");
        Tools.Dotnet(["pack", Path.Combine(source, "src", "GraphGen"), "-c", "Release", "-v", "q", "--nologo", $"-p:PackageVersion={Version}", "-o", feed, .. properties]);
        Tools.Dotnet(
            "build", Path.Combine(Tools.Root, "tests", "GraphGen.Benchmarks.Worker"), "-c", "Release", "-v", "q", "--nologo", "-o", output,
            $"-p:BaseIntermediateOutputPath={Path.Combine(folder, "obj")}/",
            $"-p:GraphGenVersion={Version}", $"-p:RestoreSources={feed}", $"-p:RestorePackagesPath={Path.Combine(folder, "packages")}");
        return Path.Combine(output, "GraphGen.Benchmarks.Worker.dll");
    }
}
