using System.Globalization;

namespace Samples;

/// <summary>The command line of a sample.</summary>
/// <param name="Epochs">Passes over the data.</param>
/// <param name="Data">A folder of data to use instead of the sample's own.</param>
/// <param name="Quick">Whether to stop after a fraction of the work: enough to see that everything runs.</param>
internal sealed record SampleOptions(int Epochs, string? Data, bool Quick)
{
    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">An argument is unknown or its value missing or wrong; the message says which.</exception>
    internal static SampleOptions Parse(string[] arguments, int epochs)
    {
        var options = new SampleOptions(epochs, Data: null, Quick: false);
        for (int i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--quick" => options with { Quick = true, Epochs = Math.Min(options.Epochs, 2) },
                "--epochs" => options with { Epochs = ParseCount(Value(ref i)) },
                "--data" => options with { Data = Value(ref i) },
                _ => throw new ArgumentException($"Unknown argument {arguments[i]}. There are --epochs N, --quick and, for FashionMnist, --data DIR."),
            };
        }

        return options;

        string Value(ref int i) => i + 1 < arguments.Length ? arguments[++i] : throw new ArgumentException($"{arguments[i]} needs a value.");
    }

    private static int ParseCount(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? count
            : throw new ArgumentException($"--epochs takes a whole number above zero, not {text}.");
}
