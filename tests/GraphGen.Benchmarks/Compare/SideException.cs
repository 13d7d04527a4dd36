namespace GraphGen.Benchmarks.Compare;

/// <summary>A side did not start, ended, or computes something else. The comparison goes on without it, and says so.</summary>
internal sealed class SideException(string message) : Exception(message);
