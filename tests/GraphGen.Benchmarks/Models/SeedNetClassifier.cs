using GraphGen.Benchmarks.Models;

namespace SeedNetwork;

/// <summary>The sample's model, for the comparison.</summary>
public sealed partial class SeedNet : IClassifier;
