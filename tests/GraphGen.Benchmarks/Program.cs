using System.CommandLine;
using GraphGen.Benchmarks.Compare;
using GraphGen.Benchmarks.Kernels;
using GraphGen.Benchmarks.Roofline;

// dotnet run -c Release --project tests/GraphGen.Benchmarks -- compare | roofline | (BenchmarkDotNet's own arguments)
if (args is not ["compare" or "roofline" or "worker" or "triad" or "--help", ..])
{
    KernelCommand.Run(args);
    return 0;
}

var json = new Option<FileInfo?>("--json") { Description = "Also write the rows to this file." };

var only = new Option<string?>("--only") { Description = "Only workloads that this pattern is found in, such as seed, inference*B=64 or training." };
var threads = new Option<int>("--threads") { Description = "Threads for each side.", DefaultValueFactory = _ => 2 };
var rounds = new Option<int>("--rounds") { Description = "Turns of each side.", DefaultValueFactory = _ => 9 };
var compare = new Command("compare", "Measures GraphGen against PyTorch and ONNX Runtime, in turns.") { only, json, threads, rounds };
compare.SetAction(result => CompareCommand.Run(result.GetValue(only), result.GetValue(json), result.GetValue(threads), result.GetValue(rounds)));

var roofline = new Command("roofline", "Measures kernels on one thread against a loop of nothing but multiply-adds.") { json };
roofline.SetAction(result => RooflineCommand.Run(result.GetValue(json)));

var workload = new Argument<int>("workload");
var workerThreads = new Argument<int>("threads");
var folder = new Argument<string>("folder");
var worker = new Command("worker", "GraphGen's side of a comparison; compare starts it.") { workload, workerThreads, folder };
worker.Hidden = true;
worker.SetAction(result => Worker.Serve(result.GetValue(workload), result.GetValue(workerThreads), result.GetValue(folder)!));

var length = new Argument<int>("length");
var triad = new Command("triad", "A plain loop over memory; compare starts it.") { length, workerThreads };
triad.Hidden = true;
triad.SetAction(result => Worker.ServeTriad(result.GetValue(length), result.GetValue(workerThreads)));

return new RootCommand("GraphGen's benchmarks. Without a command: BenchmarkDotNet over single kernels.") { compare, roofline, worker, triad }.Parse(args).Invoke();
