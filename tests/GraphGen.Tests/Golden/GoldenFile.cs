using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GraphGen.Tests.Golden;

/// <summary>What PyTorch computed for one model; <c>make_golden.py</c> writes these files and says what they hold.</summary>
internal sealed record GoldenFile(
    string Name,
    uint Seed,
    GoldenSource[] Inputs,
    GoldenSource[] Parameters,
    GoldenLabels? Labels,
    GoldenSource? Target,
    GoldenRun[] Runs,
    GoldenTraining? Training)
{
    internal int MaxBatch => Math.Max(Runs.Max(run => run.Batch), Training?.Batch ?? 0);

    internal static GoldenFile Read(string name) => Read<GoldenFile>(name);

    /// <summary>What any of the golden files holds; <see cref="GoldenJson"/> has the types there are.</summary>
    internal static T Read<T>(string name)
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Golden", "Data", name + ".json"));
        return JsonSerializer.Deserialize(file, (JsonTypeInfo<T>)GoldenJson.Default.GetTypeInfo(typeof(T))!)!;
    }

    /// <summary>Samples <paramref name="first"/> and on of every input, one input after the other.</summary>
    internal float[] DrawInputs(int batch, int first = 0)
    {
        var values = new float[Inputs.Sum(input => batch * input.Length)];
        int offset = 0;
        for (int i = 0; i < Inputs.Length; i++)
        {
            int length = batch * Inputs[i].Length;
            Draw(values.AsSpan(offset, length), GoldenStream.InputSlot + i, (long)first * Inputs[i].Length, Inputs[i]);
            offset += length;
        }

        return values;
    }

    internal int[] DrawLabels(int batch, int first = 0)
    {
        var labels = new int[batch];
        GoldenLabels source = Labels!;
        GoldenStream.Fill(labels, Stream(GoldenStream.TargetSlot), first, source.Classes + (source.IgnoreIndex is null ? 0 : 1));
        if (source.IgnoreIndex is int ignoreIndex)
        {
            labels.AsSpan().Replace(source.Classes, ignoreIndex);
        }

        return labels;
    }

    internal float[] DrawTarget(int batch, int first = 0)
    {
        var target = new float[batch * Target!.Length];
        Draw(target, GoldenStream.TargetSlot, (long)first * Target.Length, Target);
        return target;
    }

    internal float[] DrawOutputGradient(int length)
    {
        var gradient = new float[length];
        GoldenStream.Fill(gradient, Stream(GoldenStream.OutputGradientSlot), 0, -1, 1);
        return gradient;
    }

    internal void DrawParameter(int index, Span<float> destination) =>
        Draw(destination, GoldenStream.ParameterSlot + index, 0, Parameters[index]);

    private void Draw(Span<float> destination, int slot, long start, GoldenSource source) =>
        GoldenStream.Fill(destination, Stream(slot), start, source.Low, source.High, source.Levels);

    private uint Stream(int slot) => (Seed * 256) + (uint)slot;
}

/// <summary>A tensor drawn from a stream; an input's shape is that of one sample.</summary>
internal sealed record GoldenSource(string Name, int[] Shape, float Low, float High, int Levels)
{
    internal int Length => Shape.Aggregate(1, (length, size) => length * size);
}

/// <summary>Labels in [0, Classes), and the ignore index where there is one.</summary>
internal sealed record GoldenLabels(int Classes, int? IgnoreIndex);

/// <summary>One pass. Without a loss the gradients are those of <c>Backward(outputGradient)</c>.</summary>
internal sealed record GoldenRun(
    int Batch,
    GoldenTensor Output,
    double? Loss,
    double[]? Losses,
    Dictionary<string, GoldenTensor> Gradients);

/// <summary>Twenty steps of SGD.</summary>
internal sealed record GoldenTraining(
    int Batch,
    Dictionary<string, JsonElement> Sgd,
    double ParameterTolerance,
    double MovementTolerance,
    double[] Losses,
    Dictionary<string, GoldenTensor> Parameters)
{
    internal double Setting(string name) => Sgd.TryGetValue(name, out JsonElement value) ? value.GetDouble() : 0;

    internal bool Flag(string name) => Sgd.TryGetValue(name, out JsonElement value) && value.GetBoolean();
}
