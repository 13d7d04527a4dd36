using System.Runtime.CompilerServices;
using System.Text.Json;
using GraphGen.Tests.Golden;

namespace GraphGen.Tests.Optimization;

/// <summary>Options of a group under PyTorch's names, as golden files have them.</summary>
internal sealed class OptimizerOptions(Dictionary<string, JsonElement> options)
{
    internal double Number(string name) => options[name].GetDouble();

    internal bool Flag(string name) => options[name].GetBoolean();

    internal (double, double) Pair(string name) => (options[name][0].GetDouble(), options[name][1].GetDouble());

    /// <summary>Gives a group options, as a state dict does.</summary>
    internal static void Load(ParameterGroup group, bool l1Only, Dictionary<string, JsonElement> options)
    {
        if (l1Only)
        {
            group.L1 = options.TryGetValue("l1", out JsonElement l1) ? l1.GetDouble() : 0;
            return;
        }

        Exchange(group, new Exchanger(options));
    }

    /// <summary>The options of a group but for the <c>initial_lr</c> of schedulers: doubles, pairs of them, booleans, whole numbers and texts.</summary>
    internal static Dictionary<string, object> Save(ParameterGroup group)
    {
        Exchanger exchanger = new(null);
        Exchange(group, exchanger);
        return exchanger.Saved;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Exchange")]
    private static extern void Exchange(ParameterGroup group, StateExchange state);

    private sealed class Exchanger(Dictionary<string, JsonElement>? options) : StateExchange
    {
        public override bool IsLoading => options is not null;

        public Dictionary<string, object> Saved { get; } = [];

        public override double Exchange(string name, double value)
        {
            Saved[name] = value;
            return name == "l1" ? L1() : options is null ? value : options[name].GetDouble();

            double L1() => options is not null && options.TryGetValue("l1", out JsonElement l1) ? l1.GetDouble() : value;
        }

        public override long Exchange(string name, long value)
        {
            Saved[name] = value;
            return options is null ? value : throw new NotSupportedException(name);
        }

        public override bool Exchange(string name, bool value)
        {
            Saved[name] = value;
            return options is null ? value : options[name].GetBoolean();
        }

        public override double? Exchange(string name, double? value) => value;

        public override double[] Exchange(string name, double[] values)
        {
            Saved[name] = values;
            return options is null ? values : options[name].Deserialize(GoldenJson.Default.DoubleArray)!;
        }

        public override string Exchange(string name, string value)
        {
            Saved[name] = value;
            return options is null ? value : throw new NotSupportedException(name);
        }

        public override float[] ExchangeTensor(string name, float[] values) => throw new NotSupportedException(name);

        public override StateExchange Part(string name) => throw new NotSupportedException(name);
    }
}
