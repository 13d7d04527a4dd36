using GraphGen.Simd;
using Xunit;

namespace GraphGen.Tests.Golden;

/// <summary>CI runs all tests once for each instruction set; this one fails where the wrong path was chosen.</summary>
public sealed class GoldenInstructionSetTests
{
    [Fact]
    public void The_expected_instruction_set_runs()
    {
        string? expected = Environment.GetEnvironmentVariable("GRAPHGEN_EXPECT_ISA");

        if (!string.IsNullOrEmpty(expected))
        {
            Assert.Equal(expected, SimdTarget.Name);
        }
    }
}
