using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Lower;

/// <summary>What is legal after lowering: a nest reads what its kernel was to read, stores all that it was to store, and names what it uses.</summary>
internal static class NestVerifier
{
    public static void Verify(Kernel kernel, Nest nest)
    {
        foreach (Node loaded in nest.Loads)
        {
            Require(loaded.Op.IsStoredLeaf || kernel.Loads.Contains(loaded), kernel, $"loads {loaded}, which is not in memory for it");
        }

        if (nest.Routines.Count == 0)
        {
            // All parts of a concatenation can be in place before.
            Require(kernel.Anchor is { Op: Op.Concat } whole && Enumerable.Range(0, whole.Inputs.Length).All(index => kernel.Storage.PlacedPart(whole, index) is { } part && kernel.Loads.Contains(part)), kernel, "does nothing");
            return;
        }

        HashSet<Node> stores = [.. nest.Stores];
        Require(stores.SetEquals(kernel.Stored), kernel, $"stores {string.Join(", ", stores)}");
        Require(nest.Routines[nest.Routines.Count - 1].Suffix.Length == 0, kernel, "has no routine of its own name at the end");

        HashSet<string> scratch = [.. nest.Scratch.Select(memory => memory.Suffix)];
        foreach (Address address in nest.Statements.SelectMany(Nest.LoadsOf).Concat(nest.Statements.SelectMany(Nest.StoresOf)))
        {
            Require(address.Place is not Place.Scratch own || scratch.Contains(own.Suffix), kernel, $"uses {address.Place}, which it does not have");
        }
    }

    private static void Require(bool condition, Kernel kernel, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"The {kernel.Kind} nest of {kernel.Body[0]} {what}.");
        }
    }
}
