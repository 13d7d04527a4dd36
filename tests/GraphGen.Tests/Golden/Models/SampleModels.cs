using GraphGen.Tests.Golden;

namespace SeedNetwork;

// The sample's own class, with the interface of these tests.
public sealed partial class SeedNet : ILabelModel;
