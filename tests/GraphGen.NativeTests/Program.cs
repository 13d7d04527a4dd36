using GraphGen;
using GraphGen.NativeTests;
using GraphGen.Tests.Golden;
using GraphGen.Tests.Runtime;
using SeedNetwork;

// record FILE: trains the sample's network and keeps the numbers. check FILE: runs all tests, that training against those numbers too.
if (args is ["record", string recorded])
{
    Safetensors.Save(recorded, FashionTraining.Train());
    return 0;
}

if (args is not ["check", string reference])
{
    Console.Error.WriteLine("Expected 'record FILE' or 'check FILE'.");
    return 2;
}

// Left out is what takes minutes where processors are emulated: the network of large images has no kernel that others have not.
TestRunner tests = new();
tests.RunAll<GoldenInstructionSetTests>();
tests.RunAll<NeonSimdTests>();
tests.RunAll<NeonMemoryTests>();
tests.RunAll<NeonMathTests>();
tests.RunAll<NeonSimdWinogradTests>();
tests.RunAll<NeonSimdProductTests>();
tests.RunAll<NeonSimdConvolutionTests>();
tests.RunAll<GoldenValueTests>(without: name => name is nameof(SeedNet));
tests.RunAll<GoldenThreadTests>(without: name => name is nameof(SeedNet) or nameof(FashionNetWithoutDropout));
tests.RunAll<OptimizerGoldenTests>();
tests.RunAll<SpecialOptimizerGoldenTests>();
tests.RunAll<LineSearchGoldenTests>();
tests.Run("FashionNet trains as on the 128-bit path", () => FashionTraining.AgreesWith(Safetensors.Load(reference)));
return tests.Finish();
