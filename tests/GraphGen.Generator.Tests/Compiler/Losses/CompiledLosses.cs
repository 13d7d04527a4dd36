using System.Globalization;
using System.Reflection;
using GraphGen.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Tests.Compiler.Losses;

/// <summary>The models of several cases, generated, compiled in one assembly and loaded.</summary>
internal sealed class CompiledLosses
{
    private readonly LossCase[] _cases;
    private readonly Type _runner;

    private CompiledLosses(LossCase[] cases, Type runner)
    {
        _cases = cases;
        _runner = runner;
    }

    public static CompiledLosses Compile(LossCase[] cases)
    {
        string models = string.Concat(cases.Select((@case, i) => @case.Source($"Case{i}")));
        string runs = string.Concat(cases.Select(Run));
        string runner = $$"""
            public static class Runner
            {
                {{runs}}

                private static void Give(Parameter weight, float[] output)
                {
                    // Weight [k, n] is the output [n, k] transposed.
                    int n = weight.Shape[1];
                    for (int i = 0; i < output.Length; i++)
                    {
                        weight.Values[(i % (output.Length / n) * n) + (i / (output.Length / n))] = output[i];
                    }
                }

                private static float[] Take(Parameter weight)
                {
                    int n = weight.Shape[1];
                    int k = weight.Shape[0];
                    return Enumerable.Range(0, n * k).Select(i => weight.Gradients[(i % k * n) + (i / k)]).ToArray();
                }
            }
            """;
        Compilation compilation = TestCompilation.Create(models, runner).WithAssemblyName("Losses" + Guid.NewGuid().ToString("n", CultureInfo.InvariantCulture));
        (GeneratorDriverRunResult result, Compilation output) = TestCompilation.RunGenerator(compilation);
        Assert.Null(result.Results[0].Exception);
        using MemoryStream image = new();
        Assert.Equal([], result.Diagnostics.Concat(output.Emit(image).Diagnostics).Where(found => found.Severity == DiagnosticSeverity.Error).Select(found => found.ToString()));
        return new CompiledLosses(cases, Assembly.Load(image.ToArray()).GetType("Runner")!);
    }

    /// <summary>The loss of a case and its gradient by the output.</summary>
    public (float Value, float[] Gradient) Run(int index)
    {
        LossCase @case = _cases[index];
        float[][] floats = [.. @case.Arguments.Select(argument => argument.Values.Select(value => (float)value).ToArray())];
        return ((float, float[]))_runner.GetMethod($"Run{index}")!.Invoke(null, [floats, @case.Labels?.Values])!;
    }

    private static string Run(LossCase @case, int i)
    {
        IEnumerable<string> targets = @case.Arguments.Skip(1).Select((_, k) => $"floats[{k + 1}]").Concat(@case.Labels is null ? [] : ["labels"]);
        return $$"""
            public static (float Value, float[] Gradient) Run{{i}}(float[][] floats, int[] labels)
            {
                Case{{i}} net = new({{@case.Samples}}, 1);
                Parameter weight = net.Parameters["given.weight"];
                Give(weight, floats[0]);
                net.Forward(Enumerable.Range(0, {{@case.Samples * @case.Samples}}).Select(i => i % {{@case.Samples + 1}} == 0 ? 1f : 0f).ToArray());
                float loss = net.Loss({{string.Join(", ", targets)}});
                net.Backward();
                return (loss, Take(weight));
            }

            """;
    }
}
