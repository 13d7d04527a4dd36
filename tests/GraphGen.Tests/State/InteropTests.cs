using System.Text.Json;
using GraphGen.Tests.Golden;
using GraphGen.Tests.Runtime;
using Xunit;

namespace GraphGen.Tests.State;

/// <summary>
/// PyTorch's files, which <c>Golden/make_safetensors.py</c> has written with the safetensors library, are loaded here and trained on; what is
/// written here is read by the specification. The script's <c>--check</c> sets GRAPHGEN_INTEROP to a folder that has such files and where
/// ours are kept, for the library to read them.
/// </summary>
public sealed class InteropTests
{
    private const uint Seed = 77;
    private const int BatchSize = 8;
    private const int Saved = 3;
    private const int Further = 5;

    private static readonly string? Interop = Environment.GetEnvironmentVariable("GRAPHGEN_INTEROP") is { Length: > 0 } folder ? folder : null;

    private static readonly Dictionary<string, Func<ParameterBlock, Optimizer>> Optimizers = new()
    {
        ["sgd"] = parameters =>
        {
            SGD optimizer = new([parameters.Submodule("conv1"), parameters.Submodule("fc1")], lr: 0.05, momentum: 0.9);
            optimizer.Groups[0].Nesterov = true;
            optimizer.Groups[1].LearningRate = 0.1;
            optimizer.Groups[1].Dampening = 0.1;
            optimizer.Groups[1].WeightDecay = 1e-3;
            return optimizer;
        },
        ["adam"] = MakeAdam,
        ["adam_cosine"] = MakeAdam,
    };

    /// <summary>Optimizers whose options are those of the constructor: what is loaded has to set them.</summary>
    private static readonly Dictionary<string, Func<ParameterBlock, Optimizer>> Plain = new()
    {
        ["sgd"] = parameters => new SGD([parameters.Submodule("conv1"), parameters.Submodule("fc1")]),
        ["adam"] = parameters => new Adam([parameters.Submodule("conv1"), parameters.Submodule("fc1")]),
        ["adam_cosine"] = parameters => new Adam([parameters.Submodule("conv1"), parameters.Submodule("fc1")]),
    };

    /// <summary>With the arguments of the schedule, which what is loaded has to set where they are others.</summary>
    private static readonly Dictionary<string, Func<Optimizer, int, double, EpochScheduler>> Schedulers = new()
    {
        ["adam_cosine"] = (optimizer, tMax, etaMin) => new CosineAnnealingLR(optimizer, tMax, etaMin),
    };

    public static TheoryData<string> Names => [.. Optimizers.Keys];

    public static TheoryData<string> Unscheduled => [.. Optimizers.Keys.Except(Schedulers.Keys)];

    public static TheoryData<string> Scheduled => [.. Schedulers.Keys];

    [Theory]
    [MemberData(nameof(Unscheduled))]
    public void What_pytorch_saved_is_loaded_and_trained_on(string name)
    {
        StateDict model = Safetensors.Load(PathOf($"{name}.model.safetensors"));
        StateDict state = Safetensors.Load(PathOf($"{name}.optimizer.safetensors"));
        Expected expected = Read(name);
        AssertEqual(expected.Model, model, 1e-8);
        AssertEqual(expected.Optimizer, state, 1e-8);
        Assert.Equal("pt", model.Metadata["format"]);

        InteropNet net = new(BatchSize);
        Optimizer optimizer = Plain[name](net.Parameters);
        net.Parameters.LoadStateDict(model);
        optimizer.LoadStateDict(state);
        AssertEqual(expected.Model, net.Parameters.StateDict(), 1e-8);
        AssertEqual(expected.Optimizer, optimizer.StateDict(), 1e-8);
        AssertGoesOn(expected, net, optimizer, scheduler: null);
    }

    [Theory]
    [MemberData(nameof(Scheduled))]
    public void What_pytorch_saved_with_its_schedule_is_a_checkpoint(string name)
    {
        InteropNet net = new(BatchSize);
        Optimizer optimizer = Plain[name](net.Parameters);
        EpochScheduler scheduler = Schedulers[name](optimizer, 100, 0.5);
        Checkpoint.Load(PathOf($"{name}.checkpoint.safetensors"), net, optimizer, scheduler);

        Expected expected = Read(name);
        AssertEqual(expected.Model, net.Parameters.StateDict(), 1e-8);
        AssertEqual(expected.Optimizer, optimizer.StateDict(), 1e-8);
        Assert.Equal((Saved, Saved), (optimizer.StepCount, scheduler.LastEpoch));
        AssertGoesOn(expected, net, optimizer, scheduler);
    }

    /// <summary>The same training from the start, here: so what is in our file is what is in PyTorch's.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_saved_here_is_what_pytorch_saves(string name)
    {
        using TemporaryFolder folder = new();
        string path = Ours(folder, $"{name}.graphgen.safetensors");
        InteropNet net = new(BatchSize);
        for (int i = 0; i < net.Parameters.Count; i++)
        {
            GoldenStream.Fill(net.Parameters[i].Values, (Seed * 256) + GoldenStream.ParameterSlot + (uint)i, 0, -0.3f, 0.3f);
        }

        Optimizer optimizer = Optimizers[name](net.Parameters);
        EpochScheduler? scheduler = Schedulers.GetValueOrDefault(name)?.Invoke(optimizer, 6, 1e-4);
        Train(net, optimizer, scheduler, 0, Saved);
        Checkpoint.Save(path, net, optimizer, scheduler is null ? [] : [scheduler]);
        Train(net, optimizer, scheduler, Saved, Further);
        Checkpoint.Save(Ours(folder, $"{name}.graphgen.after.safetensors"), net);

        Expected expected = Read(name);
        StateDict checkpoint = Safetensors.Load(path);
        AssertEqual(expected.Model, checkpoint.Submodule("model"), 1e-5);
        AssertEqual(expected.Optimizer, checkpoint.Submodule("optimizer"), 1e-5);
        AssertEqual(expected.Continued, net.Parameters.StateDict(), 1e-5);

        var (tensors, metadata) = StrictReader.Read(File.ReadAllBytes(path));
        Assert.Equal(expected.Model.Keys.Select(key => "model." + key).Concat(expected.Optimizer.Keys.Select(key => "optimizer." + key)), tensors.Keys);
        AssertGroups(
            scheduler is null
                ? Safetensors.Load(PathOf($"{name}.optimizer.safetensors")).Metadata["param_groups"]
                : Safetensors.Load(PathOf($"{name}.checkpoint.safetensors")).Metadata["optimizer.param_groups"],
            metadata["optimizer.param_groups"]);
    }

    /// <summary>Every type, scalars, tensors without elements, names and texts that need escapes: to the bit, and written again.</summary>
    [Fact]
    public void All_types_of_the_library_are_read_and_written()
    {
        using TemporaryFolder folder = new();
        JsonElement expected = JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(PathOf("types.json")));
        StateDict read = Safetensors.Load(PathOf("types.safetensors"));
        string path = Ours(folder, "types.graphgen.safetensors");
        Safetensors.Save(path, read);
        var (tensors, metadata) = StrictReader.Read(File.ReadAllBytes(path));

        var described = expected.GetProperty("tensors").EnumerateObject().ToDictionary(tensor => tensor.Name, tensor => tensor.Value);
        Assert.Equal(described.Keys.Order(), read.Names.Order());
        Assert.Equal(Enum.GetValues<ElementType>().Order(), read.Select(tensor => tensor.Value.Type).Distinct().Order());
        foreach ((string name, JsonElement tensor) in described)
        {
            string type = tensor.GetProperty("type").GetString()!;
            int[] shape = tensor.GetProperty("shape").Deserialize<int[]>()!;
            string bytes = tensor.GetProperty("bytes").GetString()!;
            Assert.Equal($"{type} [{string.Join(", ", shape)}]", read[name].ToString());
            Assert.Equal(bytes, Convert.ToHexStringLower(read[name].Bytes));
            Assert.Equal((type, bytes), (tensors[name].Type, Convert.ToHexStringLower(tensors[name].Data)));
            Assert.Equal(shape, tensors[name].Shape);
        }

        var texts = expected.GetProperty("metadata").Deserialize<Dictionary<string, string>>()!;
        texts.Add("pytorch", expected.GetProperty("pytorch").GetString()!);
        Assert.Equal(texts.OrderBy(text => text.Key, StringComparer.Ordinal), read.Metadata.OrderBy(text => text.Key, StringComparer.Ordinal));
        Assert.Equal(read.Metadata, metadata);
    }

    private static Adam MakeAdam(ParameterBlock parameters)
    {
        Adam optimizer = new([parameters.Submodule("conv1"), parameters.Submodule("fc1")], lr: 0.005, betas: (0.8, 0.99), eps: 1e-7);
        optimizer.Groups[0].Amsgrad = true;
        optimizer.Groups[1].LearningRate = 0.02;
        optimizer.Groups[1].WeightDecay = 1e-2;
        return optimizer;
    }

    private static void AssertGoesOn(Expected expected, InteropNet net, Optimizer optimizer, EpochScheduler? scheduler)
    {
        float[] losses = Train(net, optimizer, scheduler, Saved, Further);
        Assert.All(expected.Losses.Zip(losses), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        AssertEqual(expected.Continued, net.Parameters.StateDict(), 1e-5);
    }

    /// <summary>Every option that PyTorch's file has and that means something here is in ours, equal.</summary>
    private static void AssertGroups(string theirs, string ours)
    {
        string[] onlyTheirs = ["foreach", "fused", "capturable", "differentiable"];
        using JsonDocument their = JsonDocument.Parse(theirs);
        using JsonDocument our = JsonDocument.Parse(ours);
        Assert.Equal(their.RootElement.GetArrayLength(), our.RootElement.GetArrayLength());
        for (int i = 0; i < their.RootElement.GetArrayLength(); i++)
        {
            foreach (JsonProperty option in their.RootElement[i].EnumerateObject().Where(option => !onlyTheirs.Contains(option.Name)))
            {
                Assert.True(JsonElement.DeepEquals(option.Value, our.RootElement[i].GetProperty(option.Name)), option.Name);
            }
        }
    }

    private static float[] Train(InteropNet net, Optimizer optimizer, EpochScheduler? scheduler, int first, int count)
    {
        float[] losses = new float[count];
        float[] x = new float[BatchSize * 2 * 8 * 8];
        int[] labels = new int[BatchSize];
        for (int step = first; step < first + count; step++)
        {
            GoldenStream.Fill(x, Seed * 256, (long)step * x.Length, -1, 1);
            GoldenStream.Fill(labels, (Seed * 256) + GoldenStream.TargetSlot, (long)step * BatchSize, 5);
            optimizer.ZeroGrad();
            net.Forward(x);
            losses[step - first] = net.Loss(labels);
            net.Backward();
            optimizer.Step();
            scheduler?.Step();
        }

        return losses;
    }

    private static void AssertEqual(Dictionary<string, double[]> expected, StateDict actual, double tolerance)
    {
        // The library sorts the names in a file.
        Assert.Equal(expected.Keys.Order(), actual.Names.Order());
        foreach ((string name, double[] values) in expected)
        {
            float[] floats = actual[name].ToArray();
            Assert.Equal(values.Length, floats.Length);
            for (int i = 0; i < values.Length; i++)
            {
                Assert.Equal(values[i], floats[i], tolerance * Math.Max(1, Math.Abs(values[i])));
            }
        }
    }

    private static string PathOf(string file) => Path.Combine(Interop ?? Path.Combine(AppContext.BaseDirectory, "Golden", "State"), file);

    private static string Ours(TemporaryFolder folder, string file) => Interop is null ? folder.PathOf(file) : Path.Combine(Interop, file);

    private static Expected Read(string name) =>
        JsonSerializer.Deserialize<Expected>(File.ReadAllText(PathOf(name + ".json")), new JsonSerializerOptions(JsonSerializerDefaults.Web))!;

    private sealed record Expected(
        Dictionary<string, double[]> Model,
        Dictionary<string, double[]> Optimizer,
        double[] Losses,
        Dictionary<string, double[]> Continued);
}
