using System.Diagnostics;
using System.Globalization;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Tests.Harness;
using Xunit.Abstractions;

namespace GraphGen.Generator.Tests.Compiler.RandomModels;

/// <summary>
/// Random models through everything: the generator, Roslyn, the machine. Outputs and gradients must be the interpreter's, for
/// any batch size, and to the bit the same on any number of threads. A test is named by its seed; to look for more bugs, set
/// GRAPHGEN_RANDOM_MODELS, GRAPHGEN_PART_MODELS, GRAPHGEN_TWIN_MODELS or GRAPHGEN_DEEP_MODELS to <c>first-last</c>. Together these are 200 models.
/// </summary>
public sealed class RandomModelTests(ITestOutputHelper log)
{
    private const int Models = 50;
    private const int DeepModels = 25;
    private const int TwinModels = 40;
    private const int PartModels = 85;

    /// <summary>What any of these models may take to compile.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(2);

    public static TheoryData<int> Seeds => Range("GRAPHGEN_RANDOM_MODELS", Models);

    public static TheoryData<int> PartSeeds => Range("GRAPHGEN_PART_MODELS", PartModels);

    public static TheoryData<int> TwinSeeds => Range("GRAPHGEN_TWIN_MODELS", TwinModels);

    public static TheoryData<int> DeepSeeds => Range("GRAPHGEN_DEEP_MODELS", DeepModels);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Generated_code_computes_what_the_model_says(int seed)
    {
        string source = RandomModelWriter.Write(seed);
        log.WriteLine(source);
        EndToEnd.Verify(source, seed);
    }

    /// <summary>Slices, ranges, concatenations, stacks, paddings and products by named axes, of values that are used elsewhere too.</summary>
    [Theory]
    [MemberData(nameof(PartSeeds))]
    public void Generated_code_computes_what_a_model_of_parts_says(int seed)
    {
        string source = RandomModelWriter.WriteParts(seed);
        log.WriteLine(source);
        EndToEnd.Verify(source, seed);
    }

    /// <summary>Weights that are shared by two calls of a network, several outputs, losses of many values.</summary>
    [Theory]
    [MemberData(nameof(TwinSeeds))]
    public void Generated_code_computes_what_a_model_of_twins_says(int seed)
    {
        string source = RandomModelWriter.WriteTwins(seed);
        log.WriteLine(source);
        EndToEnd.Verify(source, seed);
    }

    /// <summary>Dropout in helpers and loops, values that are used again and again, long chains.</summary>
    [Theory]
    [MemberData(nameof(DeepSeeds))]
    public void Generated_code_computes_what_a_deep_model_says(int seed)
    {
        string source = RandomModelWriter.Write(seed, deep: true);
        log.WriteLine(source);
        TimeSpan elapsed = EndToEnd.Verify(source, seed);
        if (elapsed > MostTime)
        {
            // The machine may have had other things to do.
            ModelDefinition definition = ReaderProbe.Read(source);
            Stopwatch watch = Stopwatch.StartNew();
            ModelCompiler.Compile(definition);
            elapsed = watch.Elapsed;
        }

        log.WriteLine($"compiled in {elapsed.TotalMilliseconds:f0} ms");
        Assert.True(elapsed < MostTime, $"{elapsed}");
    }

    private static TheoryData<int> Range(string variable, int count)
    {
        string[] range = (Environment.GetEnvironmentVariable(variable) ?? $"1-{count}").Split('-');
        int first = int.Parse(range[0], CultureInfo.InvariantCulture);
        return [.. Enumerable.Range(first, int.Parse(range[^1], CultureInfo.InvariantCulture) - first + 1)];
    }
}
