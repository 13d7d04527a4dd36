using System.Globalization;
using Xunit.Abstractions;

namespace GraphGen.Generator.Tests.Compiler.RandomModels;

/// <summary>
/// Random models through everything: the generator, Roslyn, the machine. Outputs and gradients must be the interpreter's, for
/// any batch size, and to the bit the same on any number of threads. A test is named by its seed; to look for more bugs, set
/// GRAPHGEN_RANDOM_MODELS to <c>first-last</c>.
/// </summary>
public sealed class RandomModelTests(ITestOutputHelper log)
{
    private const int Models = 50;

    public static TheoryData<int> Seeds
    {
        get
        {
            string[] range = (Environment.GetEnvironmentVariable("GRAPHGEN_RANDOM_MODELS") ?? $"1-{Models}").Split('-');
            int first = int.Parse(range[0], CultureInfo.InvariantCulture);
            return [.. Enumerable.Range(first, int.Parse(range[^1], CultureInfo.InvariantCulture) - first + 1)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Generated_code_computes_what_the_model_says(int seed)
    {
        string source = RandomModelWriter.Write(seed);
        log.WriteLine(source);
        EndToEnd.Verify(source, seed);
    }
}
