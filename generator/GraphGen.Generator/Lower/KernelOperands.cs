using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Lower;

/// <summary>How a kernel comes by its operands: it finds them in memory, perhaps through views, or makes them on the spot.</summary>
internal sealed class KernelOperands(Kernel kernel)
{
    /// <summary>
    /// Vector operations of the functions of an element that are inlined; with more, all are calls. A kernel's method may have the
    /// elementwise work several times: for whole vectors and the last, in each sweep over a row.
    /// </summary>
    private const int MostInlined = 150;

    /// <summary>
    /// Vector operations that are written out for the vectors of a tile. Far above lies a cliff: the JIT inlines nothing into a
    /// method that has 512 locals, which are about a thousand operations, and each operation from there on is a call.
    /// </summary>
    private const int MostUnrolled = 300;

    /// <summary>Vector operations of an element that are inlined into a loop over a tile's vectors, where they are there twice: for whole vectors and the last.</summary>
    private const int MostLooped = 120;

    private HashSet<Node>? _work;

    public Kernel Kernel { get; } = kernel;

    /// <summary>Whether the functions of the elementwise work are calls: a kernel with many would pass what the JIT inlines.</summary>
    public bool CallsFunctions => Work.Where(node => node.Op.IsFunction).Sum(node => node.Op.Cost) > MostInlined;

    /// <summary>Whether even a loop over the vectors of a tile calls the elementwise work on them.</summary>
    public bool IsCalledEpilogue => Cost > MostLooped;

    /// <summary>Vector operations of an element.</summary>
    private int Cost => Work.Sum(node => node.Op.Cost);

    /// <summary>Whether the elementwise work on so many vectors of a tile is better a loop over them, by way of memory, than written out.</summary>
    public bool IsLongEpilogue(int vectors) => vectors * (2 + Cost) > MostUnrolled;

    private OperandWalk Walk => WalkFrom(null);

    /// <summary>What is computed of an element.</summary>
    private HashSet<Node> Work => _work ??= WorkOf(Kernel.Body);

    /// <summary>Whether the kernel finds the value in memory. Others may be there too that it makes itself: they can be stored too late for it.</summary>
    public bool Loads(Node node) => node.Op.IsStoredLeaf || Kernel.Loads.Contains(node);

    /// <summary>Whether one of the kernel's own values is seen where it is: a reshape changes no position in the loops, nor what the value is made of.</summary>
    public bool IsOwn(Sight sight) => sight.IsInOrder && Kernel.Body.Contains(sight.Value);

    /// <summary>Some of the kernel's values and all that they are made of, as far as that is not in memory.</summary>
    public HashSet<Node> WorkOf(IEnumerable<Node> own)
    {
        HashSet<Node> work = [.. own];
        Queue<Node> open = new(work);
        while (open.Count > 0)
        {
            foreach (Node input in open.Dequeue().Inputs)
            {
                if (!Loads(input) && work.Add(input))
                {
                    open.Enqueue(input);
                }
            }
        }

        return work;
    }

    /// <summary>The value in memory that an operand is a view of, and the views.</summary>
    public Sight Base(Node use) => Walk.Base(use);

    /// <summary>Elements from a pixel of images [n, height, width, channels], which lie in memory, to the next.</summary>
    public int PixelPitch(Node images) =>
        Kernel.Storage.PixelPitch(images) ?? throw new InvalidOperationException($"The pixels of {images} do not follow each other.");

    /// <summary>Whether the last <paramref name="inner"/> elements of everything that the kernel reads, as one loop, are evenly spaced wherever they are read from.</summary>
    public bool ReadsEvenly(Dim inner) =>
        Kernel.Body.All(node => node.Op.IsView ? ReadsEvenly(WalkFrom(node), node, inner) : node.Inputs.All(use => ReadsEvenly(use, inner)));

    /// <summary>Whether the last <paramref name="inner"/> elements of everything that the kernel stores, as one loop, are neighbours in memory.</summary>
    public bool StoresEvenly(Dim inner) => Kernel.Stored.All(node => Kernel.StridesOf(node) is var (shape, strides) && ViewStrides.AreNeighbours(shape, strides, inner));

    /// <summary>Whether the last <paramref name="inner"/> elements of an operand, as one loop, are evenly spaced wherever they are read from.</summary>
    public bool ReadsEvenly(Node use, Dim inner) => ReadsEvenly(Walk, use, inner);

    private bool ReadsEvenly(OperandWalk walk, Node use, Dim inner) =>
        walk.Sights(use, IsOwn) is { } sights
        && sights.All(sight => IsOwn(sight) || (sight.ElementsIn(Kernel.Storage) is { Strides: var strides } && ViewStrides.IsEven(sight.Shape, strides, inner)));

    /// <summary>The way from an operand of the kernel. Its own views are values that it has, but for the one that it is making.</summary>
    private OperandWalk WalkFrom(Node? view) =>
        new(use => use.Op.IsView && !Loads(use) && (use == view || !Kernel.Body.Contains(use)), value => value.Op.IsElementwise && !Loads(value));
}
