using System.Text.Json.Serialization;

namespace GraphGen.Benchmarks.Baseline;

/// <summary>Two builds of GraphGen on a workload.</summary>
/// <param name="Workload">The workload's title.</param>
/// <param name="Kind">Training, inference or optimizer.</param>
/// <param name="BaselineMs">The median milliseconds of the earlier revision.</param>
/// <param name="GraphGenMs">Those of this working tree.</param>
/// <param name="Ratio">The earlier revision's time in this one's.</param>
/// <param name="BaselinePeakMb">The earlier revision's peak resident memory.</param>
/// <param name="GraphGenPeakMb">That of this working tree.</param>
/// <param name="Spread">By how much the two halves of the samples differ, of that of the two builds which differs more.</param>
/// <param name="Busy">How busy the machine was with something else, between turns.</param>
internal sealed record BaselineRow(
    [property: JsonPropertyName("workload")] string Workload,
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("baseline_ms")] double BaselineMs,
    [property: JsonPropertyName("graphgen_ms")] double GraphGenMs,
    [property: JsonPropertyName("ratio")] double Ratio,
    [property: JsonPropertyName("baseline_peak_mb")] double BaselinePeakMb,
    [property: JsonPropertyName("graphgen_peak_mb")] double GraphGenPeakMb,
    [property: JsonPropertyName("spread")] double Spread,
    [property: JsonPropertyName("busy")] double Busy);
