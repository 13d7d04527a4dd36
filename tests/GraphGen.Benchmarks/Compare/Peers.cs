using System.Diagnostics;

namespace GraphGen.Benchmarks.Compare;

/// <summary>Another side of a comparison.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="CheckFile">The file in the workload's folder that it leaves what it computes in; null where it computes something else.</param>
/// <param name="Start">How it is started.</param>
internal sealed record Peer(string Name, string? CheckFile, ProcessStartInfo Start);

/// <summary>Finds PyTorch and ONNX Runtime on this machine and says how their sides are started.</summary>
internal sealed class Peers
{
    private const string PyTorchName = "PyTorch";
    private const string OnnxRuntimeName = "ONNX Runtime";
    private const string OnnxRuntimePackage = "onnxruntime-node";
    private const string OnnxRuntimeVersion = "1.30.0";

    private readonly string? _python = FindPython();
    private readonly string? _onnxRuntime = FindOnnxRuntime();

    /// <summary>The peers that are missing, each as the sentence to print.</summary>
    internal IEnumerable<string> Missing()
    {
        if (_python is null)
        {
            yield return $"{PyTorchName} is missing; install it with: apt-get install python3-torch (or name a Python that has it in GRAPHGEN_PYTHON)";
        }

        if (_onnxRuntime is null)
        {
            yield return $"{OnnxRuntimeName} is missing; install it with: npm install --ignore-scripts --prefix artifacts {OnnxRuntimePackage}@{OnnxRuntimeVersion} (or name its node_modules in GRAPHGEN_NODE_MODULES)";
        }
    }

    /// <summary>A program of ours as a side: this one, with other arguments.</summary>
    internal static ProcessStartInfo Self(params string[] arguments)
    {
        string program = Environment.ProcessPath!;
        string[] host = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(Peers).Assembly.Location] : [];
        return new ProcessStartInfo(program, [.. host, .. arguments]);
    }

    /// <summary>The loop that memory is measured with, over buffers of a length.</summary>
    internal static Peer Triad(int threads, int length) => new("triad loop", null, Self("triad", $"{length}", $"{threads}"));

    /// <summary>A script that needs PyTorch; null without it.</summary>
    internal Peer? PyTorch(string script, int threads, params string[] arguments)
    {
        if (_python is null)
        {
            return null;
        }

        var start = new ProcessStartInfo(_python, [Script(script), .. arguments]);
        start.Environment["OMP_NUM_THREADS"] = $"{threads}";
        return new Peer(PyTorchName, "pytorch.check", start);
    }

    /// <summary>The script that runs a network with ONNX Runtime; null without it.</summary>
    internal Peer? OnnxRuntime(params string[] arguments) => _onnxRuntime is null
        ? null
        : new Peer(OnnxRuntimeName, "onnxruntime.check", new ProcessStartInfo("node", [Script("onnxruntime_peer.js"), _onnxRuntime, .. arguments]));

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Peers", name);

    private static string? FindPython()
    {
        string?[] candidates = [Environment.GetEnvironmentVariable("GRAPHGEN_PYTHON"), "python3", "/usr/bin/python3"];
        return candidates.FirstOrDefault(python => !string.IsNullOrEmpty(python) && Succeeds(python, "-c", "import torch, numpy"));
    }

    // Where the environment says, or in a node_modules of a folder above, or of the artifacts folder there.
    private static string? FindOnnxRuntime()
    {
        if (!Succeeds("node", "--version"))
        {
            return null;
        }

        List<string> candidates = [];
        if (Environment.GetEnvironmentVariable("GRAPHGEN_NODE_MODULES") is { Length: > 0 } named)
        {
            candidates.Add(named);
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            candidates.Add(Path.Combine(folder.FullName, "node_modules"));
            candidates.Add(Path.Combine(folder.FullName, "artifacts", "node_modules"));
        }

        return candidates.Select(modules => Path.Combine(modules, OnnxRuntimePackage)).FirstOrDefault(Directory.Exists);
    }

    private static bool Succeeds(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.OutputDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // there is no such program
        }
    }
}
