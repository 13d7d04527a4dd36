// TorchSharp's side of a comparison; SideServer.cs says what it answers.
//
// describe THREADS
// network NETWORK KIND BATCH THREADS FOLDER CHECK
// optimizer OPTIMIZER LENGTH THREADS FOLDER CHECK
//
// A network starts from the weights, inputs and labels that GraphGen's side left in FOLDER, an optimizer from the formula of
// OptimizerSide.cs. What is computed first goes to the file CHECK of FOLDER.
using System.Globalization;
using GraphGen.Benchmarks.Sides;
using GraphGen.Peers;
using TorchSharp;

switch (args)
{
    case ["describe", string threads]:
        SetThreads(threads);
        return SideServer.Answer(Description(threads), static () => { });
    case ["network", string name, string kind, string batch, string threads, string folder, string check]:
        SetThreads(threads);
        return SideServer.Answer(Description(threads), new NetworkPeer(name, Number(batch), folder).Prepare(kind, Path.Combine(folder, check)));
    case ["optimizer", string name, string length, string threads, string folder, string check]:
        SetThreads(threads);
        return SideServer.Answer(Description(threads), OptimizerPeer.Prepare(name, Number(length), Path.Combine(folder, check)));
    default:
        throw new ArgumentException($"Expected describe, network or optimizer with their arguments, not: {string.Join(' ', args)}.", nameof(args));
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static void SetThreads(string threads) => torch.set_num_threads(Number(threads));

static string Description(string threads)
{
    using torch.Tensor product = torch.mm(torch.ones(2, 2), torch.ones(2, 2)); // loads LibTorch, or says why it cannot be
    string version = typeof(torch).Assembly.GetName().Version!.ToString(3);
    return $"TorchSharp {version}, LibTorch {torch.__version__} with its own BLAS and OpenMP, {threads} threads";
}
