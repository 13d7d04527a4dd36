using System.CommandLine;
using System.Globalization;
using GraphGen.Benchmarks.Baseline;
using GraphGen.Benchmarks.Compare;
using GraphGen.Benchmarks.Generate;
using GraphGen.Benchmarks.Kernels;
using GraphGen.Benchmarks.Roofline;
using GraphGen.Benchmarks.Sides;

// dotnet run -c Release --project tests/GraphGen.Benchmarks -- compare | roofline | generate | (BenchmarkDotNet's own arguments)
if (args is not ["compare" or "roofline" or "generate" or GenerateCommand.One or "worker" or "limit" or "describe" or "--help", ..])
{
    KernelCommand.Run(args);
    return 0;
}

// What compare starts: no library for command lines in these processes, whose memory is measured.
switch (args)
{
    case ["worker" or "describe", ..]:
        return Worker.Run(args);
    case ["limit", string index, string count]:
        return LimitSide.Serve(int.Parse(index, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture));
    case [GenerateCommand.One, string model, string layers, .. string[] folder]:
        return ScalingRun.Run(model, layers, folder.FirstOrDefault());
}

var json = new Option<FileInfo?>("--json") { Description = "Also write the rows to this file." };
var markdown = new Option<FileInfo?>("--markdown") { Description = "Also write the table to this file, in Markdown." };
var only = new Option<string?>("--only") { Description = "Only workloads that this pattern is found in, such as seed, inference*B=64 or training." };
var baseline = new Option<string?>("--baseline") { Description = "Measure against this revision of GraphGen instead of the peers." };
var threads = new Option<int>("--threads") { Description = "Threads for each side.", DefaultValueFactory = _ => 2 };
var rounds = new Option<int>("--rounds") { Description = "Turns of each side.", DefaultValueFactory = _ => 9 };
var compare = new Command("compare", "Measures GraphGen against PyTorch, TorchSharp and ONNX Runtime, or against an earlier revision, in turns.")
{
    only, json, markdown, baseline, threads, rounds,
};
compare.SetAction(result =>
{
    var options = new ComparisonOptions(
        result.GetValue(only), result.GetValue(json), result.GetValue(markdown), result.GetValue(threads), result.GetValue(rounds));
    return result.GetValue(baseline) is string revision ? BaselineCommand.Run(revision, options) : CompareCommand.Run(options);
});

var roofline = new Command("roofline", "Measures kernels on one thread against a loop of nothing but multiply-adds.") { json };
roofline.SetAction(result => RooflineCommand.Run(result.GetValue(json)));

var keep = new Option<DirectoryInfo?>("--keep") { Description = "Leave the generated files in this folder." };
var generate = new Command("generate", "Measures how generation, the C# compiler and the JIT grow with the layers of a model.") { only, json, keep };
generate.SetAction(result => GenerateCommand.Run(result.GetValue(only), result.GetValue(json), result.GetValue(keep)));

return new RootCommand("GraphGen's benchmarks. Without a command: BenchmarkDotNet over single kernels.") { compare, roofline, generate }.Parse(args).Invoke();
