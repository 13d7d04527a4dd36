using System.Text.Json.Serialization;

namespace GraphGen.Benchmarks.Compare;

/// <summary>GraphGen and one peer on a workload: medians in milliseconds.</summary>
/// <param name="Workload">The workload's title.</param>
/// <param name="Kind">Training, inference or optimizer.</param>
/// <param name="GraphGenMs">GraphGen's time.</param>
/// <param name="Peer">The peer's name.</param>
/// <param name="PeerMs">The peer's time.</param>
/// <param name="Ratio">The peer's time in GraphGen's.</param>
/// <param name="LimitMs">What the workload takes on these threads at least; <see cref="LimitSide"/> says what that is.</param>
/// <param name="GraphGenPeakMb">GraphGen's peak resident memory.</param>
/// <param name="PeerPeakMb">The peer's.</param>
/// <param name="Spread">By how much the two halves of the samples differ, of that of the two sides which differs more.</param>
/// <param name="Busy">How busy the machine was with something else, between turns.</param>
internal sealed record ComparisonRow(
    [property: JsonPropertyName("workload")] string Workload,
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("graphgen_ms")] double GraphGenMs,
    [property: JsonPropertyName("peer")] string Peer,
    [property: JsonPropertyName("peer_ms")] double PeerMs,
    [property: JsonPropertyName("ratio")] double Ratio,
    [property: JsonPropertyName("limit_ms")] double LimitMs,
    [property: JsonPropertyName("graphgen_peak_mb")] double GraphGenPeakMb,
    [property: JsonPropertyName("peer_peak_mb")] double PeerPeakMb,
    [property: JsonPropertyName("spread")] double Spread,
    [property: JsonPropertyName("busy")] double Busy);
