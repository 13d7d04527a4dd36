using System.Globalization;

namespace Finetune;

/// <summary>The command line of the sample.</summary>
/// <param name="Epochs">Passes over the data.</param>
/// <param name="Output">Where the weights go in the end.</param>
/// <param name="Checkpoint">What a stopped run is resumed from.</param>
/// <param name="KillAfter">Batches after which the process is killed, as by <c>kill -9</c>; null to let it live.</param>
internal sealed record FinetuneOptions(int Epochs, string Output, string Checkpoint, int? KillAfter)
{
    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">An argument is unknown or its value missing or wrong; the message says which.</exception>
    internal static FinetuneOptions Parse(string[] arguments)
    {
        var options = new FinetuneOptions(Epochs: 15, "finetuned.safetensors", "checkpoint.safetensors", KillAfter: null);
        for (int i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--epochs" => options with { Epochs = Count(ref i) },
                "--output" => options with { Output = Value(ref i) },
                "--checkpoint" => options with { Checkpoint = Value(ref i) },
                "--kill-after" => options with { KillAfter = Count(ref i) },
                _ => throw new ArgumentException($"Unknown argument {arguments[i]}. There are --epochs N, --output FILE, --checkpoint FILE and --kill-after N."),
            };
        }

        return options;

        string Value(ref int i) => i + 1 < arguments.Length ? arguments[++i] : throw new ArgumentException($"{arguments[i]} needs a value.");

        int Count(ref int i)
        {
            string name = arguments[i], text = Value(ref i);
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
                ? count
                : throw new ArgumentException($"{name} takes a whole number above zero, not {text}.");
        }
    }
}
