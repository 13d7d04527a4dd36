using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Plan;

/// <summary>
/// The order of a pass's kernels: each comes after those it reads from, and of those that could come next, the one that makes
/// the memory in use grow least. So a weight's gradient, which is added to the block of gradients and may be the last to read
/// an activation, comes before the gradient of that activation.
/// </summary>
internal sealed class KernelOrder
{
    /// <summary>The batch for which values of each sample are weighed against values that there is one of.</summary>
    private const int TypicalBatch = 32;

    private readonly Dictionary<Node, int> _readersLeft = [];
    private readonly HashSet<Node> _lasting;

    private KernelOrder(IEnumerable<Pass> passes, IEnumerable<Node> lasting)
    {
        Kernel[] kernels = [.. passes.SelectMany(pass => pass.Kernels)];
        foreach (Node read in kernels.SelectMany(kernel => kernel.Loads))
        {
            _readersLeft[read] = ReadersLeft(read) + 1;
        }

        _lasting = [.. lasting.Select(root => root.BehindReshapes)];
    }

    /// <summary>The passes with their kernels in order.</summary>
    public static PassSet Arrange(PassSet passes)
    {
        KernelOrder training = new(passes.Training, passes.Values.OfTraining);
        KernelOrder inference = new(passes.Inference, passes.Values.OfInference);
        return passes with
        {
            Forward = training.Arrange(passes.Forward),
            Loss = passes.Loss is { } loss ? training.Arrange(loss) : null,
            LossBackward = passes.LossBackward is { } lossBackward ? training.Arrange(lossBackward) : null,
            Backward = training.Arrange(passes.Backward),
            Predict = inference.Arrange(passes.Predict),
            Evaluate = passes.Evaluate is { } evaluate ? inference.Arrange(evaluate) : null,
        };
    }

    /// <summary>Orders the kernels of the next pass in time.</summary>
    private Pass Arrange(Pass pass) => pass with
    {
        Kernels = KernelSequence.Of(pass.Kernels, Growth, taken =>
        {
            foreach (Node read in taken.Loads)
            {
                _readersLeft[read]--;
            }
        }),
    };

    /// <summary>Floats that are in use after a kernel and were not before it. Parts stay in use as long as the whole is.</summary>
    private long Growth(Kernel kernel) => kernel.Kind == KernelKind.Concat ? UnplacedFloats(kernel.Anchor!, kernel.Storage) :
        kernel.Stores.Where(node => ReadersLeft(node) > 0 || _lasting.Contains(node)).Sum(Floats)
        - kernel.Loads.Where(read => ReadersLeft(read) == 1 && !_lasting.Contains(read)).Sum(Floats);

    private static long UnplacedFloats(Node whole, Storage storage) =>
        whole.Inputs.Where((_, index) => storage.PlacedPart(whole, index) is null).Sum(Floats);

    private int ReadersLeft(Node value) => _readersLeft.TryGetValue(value, out int readers) ? readers : 0;

    private static long Floats(Node value) => Buffer.FloatsOf(value) * (value.Shape.IsPerSample ? TypicalBatch : 1);
}
