using System.Text.Json;
using System.Text.Json.Serialization;

namespace GraphGen.Tests.Golden;

/// <summary>How golden files are read, generated when the tests are compiled: the same tests run as native code, which has no reflection for it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(GoldenFile))]
[JsonSerializable(typeof(OptimizerGolden))]
[JsonSerializable(typeof(SpecialOptimizerGolden))]
[JsonSerializable(typeof(LineSearchFile))]
[JsonSerializable(typeof(GradientToolsData))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(List<Dictionary<string, JsonElement>>))]
[JsonSerializable(typeof(double[]))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(string))]
internal sealed partial class GoldenJson : JsonSerializerContext;
