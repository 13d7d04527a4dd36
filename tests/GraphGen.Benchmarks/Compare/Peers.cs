using System.Diagnostics;

namespace GraphGen.Benchmarks.Compare;

/// <summary>Finds PyTorch and ONNX Runtime on this machine and says how their sides are started.</summary>
internal sealed class Peers
{
    internal const string PyTorch = "PyTorch";
    internal const string OnnxRuntime = "ONNX Runtime";
    private const string OnnxRuntimePackage = "onnxruntime-node";
    private const string OnnxRuntimeVersion = "1.30.0";

    private readonly string? _python = FindPython();
    private readonly string? _onnxRuntime = FindOnnxRuntime();

    /// <summary>The peers that are missing, each as the sentence to print.</summary>
    internal IEnumerable<string> Missing()
    {
        if (_python is null)
        {
            yield return $"{PyTorch} is missing; install it with: apt-get install python3-torch (or name a Python that has it in GRAPHGEN_PYTHON)";
        }

        if (_onnxRuntime is null)
        {
            yield return $"{OnnxRuntime} is missing; install it with: npm install --ignore-scripts --prefix artifacts {OnnxRuntimePackage}@{OnnxRuntimeVersion} (or name its node_modules in GRAPHGEN_NODE_MODULES)";
        }
    }

    /// <summary>The peers there are for a workload: PyTorch does all, ONNX Runtime infers.</summary>
    internal IEnumerable<(string Name, string CheckFile, ProcessStartInfo Start)> For(Workload workload, int threads, string folder)
    {
        if (_onnxRuntime is not null && workload.Kind == WorkloadKind.Inference)
        {
            yield return (OnnxRuntime, "onnxruntime.check", new ProcessStartInfo("node",
            [
                Script("onnxruntime_peer.js"), _onnxRuntime, $"{workload.Batch}", $"{workload.Network.Classes}", $"{threads}", folder,
                .. workload.Network.InputShape.Select(size => $"{size}"),
            ]));
        }

        if (_python is not null)
        {
            var start = new ProcessStartInfo(_python,
            [
                Script("torch_peer.py"), workload.Network.Name, workload.KindName, $"{workload.Batch}", $"{threads}", folder,
            ]);
            start.Environment["OMP_NUM_THREADS"] = $"{threads}";
            yield return (PyTorch, "pytorch.check", start);
        }
    }

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
