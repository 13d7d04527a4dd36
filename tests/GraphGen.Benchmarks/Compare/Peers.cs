using System.Diagnostics;
using GraphGen.Benchmarks.Workloads;

namespace GraphGen.Benchmarks.Compare;

/// <summary>A program that can be another side of a comparison.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Remedy">How to get what it needs.</param>
/// <param name="Takes">Which workloads it does.</param>
/// <param name="Command">The program and its first arguments.</param>
/// <param name="Project">The project that it is built from; null where it is a script.</param>
internal sealed record Peer(string Name, string Remedy, Func<Workload, bool> Takes, IReadOnlyList<string> Command, string? Project = null)
{
    internal ProcessStartInfo Start(int threads, params string[] arguments) => SideStart.Program(Command, threads, arguments);
}

/// <summary>The peers that a user of GraphGen could have instead.</summary>
internal static class Peers
{
    private static readonly string Python = Environment.GetEnvironmentVariable("GRAPHGEN_PYTHON") is { Length: > 0 } named ? named : "python3";

    private static readonly Peer[] All =
    [
        PyTorch("PyTorch", "eager", static _ => true),
        PyTorch("PyTorch channels-last", "channels-last", static workload => workload is NetworkWorkload { Network.HasImages: true }),
        PyTorch("PyTorch compiled", "compiled", static _ => true) with
        {
            Remedy = "It needs PyTorch 2.0 or newer, a C++ compiler and Python's headers: apt-get install g++ python3-dev, or name a Python that has PyTorch in GRAPHGEN_PYTHON.",
        },
        PyTorch("PyTorch fused", "fused", static workload => workload is OptimizerWorkload { HasFused: true }) with
        {
            Remedy = "It needs PyTorch 2.4 or newer; name a Python that has it in GRAPHGEN_PYTHON.",
        },
        Dotnet("TorchSharp", "GraphGen.Peers.TorchSharp", static _ => true,
            "It needs the packages TorchSharp and libtorch-cpu-linux-x64 from NuGet and a C++ library with GLIBCXX_3.4.32 (GCC 13: Debian 13, Ubuntu 24.04)."),
        Dotnet("ONNX Runtime", "GraphGen.Peers.OnnxRuntime", static workload => workload is NetworkWorkload { Kind: WorkloadKind.Inference },
            "It needs the package Microsoft.ML.OnnxRuntime from NuGet."),
    ];

    /// <summary>Builds and tries those that some of the workloads need.</summary>
    /// <param name="workloads">The workloads.</param>
    /// <param name="threads">Threads of each side.</param>
    /// <param name="say">Takes a sentence about each: what it runs with, or why it is missing and how to get it.</param>
    /// <returns>Those that are there.</returns>
    internal static IReadOnlyList<Peer> Load(IReadOnlyList<Workload> workloads, int threads, Action<string> say)
    {
        List<Peer> found = [];
        foreach (Peer peer in All.Where(peer => workloads.Any(peer.Takes)))
        {
            try
            {
                if (peer.Project is not null)
                {
                    Tools.Dotnet("build", peer.Project, "-c", "Release", "-v", "q", "--nologo");
                }

                using Side side = Side.Start(peer.Name, peer.Start(threads, "describe", $"{threads}"));
                say($"{peer.Name}: {side.Description}");
                found.Add(peer);
            }
            catch (SideException e)
            {
                say($"{peer.Name} is missing. {peer.Remedy} ({e.Message})");
            }
        }

        return found;
    }

    private static Peer PyTorch(string name, string way, Func<Workload, bool> takes) => new(
        name,
        "Install it with apt-get install python3-torch python3-numpy, or name a Python that has it in GRAPHGEN_PYTHON.",
        takes,
        [Python, Path.Combine(AppContext.BaseDirectory, "Peers", "torch_peer.py"), way]);

    private static Peer Dotnet(string name, string project, Func<Workload, bool> takes, string remedy)
    {
        string folder = Path.Combine(Tools.Root, "tests", project);
        return new Peer(name, remedy, takes, ["dotnet", Path.Combine(folder, "bin", "Release", "net10.0", "linux-x64", $"{project}.dll")], folder);
    }
}
