namespace GraphGen.Generator.Graph;

/// <summary>A size that is known when the model is compiled, or that number times the batch size n.</summary>
/// <param name="Size">The constant, or the factor of n.</param>
/// <param name="PerSample">Whether the size is <paramref name="Size"/> times n.</param>
public readonly record struct Dim(int Size, bool PerSample)
{
    public static implicit operator Dim(int size) => new(size, false);

    /// <summary>The batch dimension, n.</summary>
    public static Dim Batch => new(1, true);

    public bool IsOne => Size == 1 && !PerSample;

    public override string ToString() => PerSample ? (Size == 1 ? "n" : $"{Size}n") : Size.ToString();
}

/// <summary>The sizes of a tensor's dimensions, row-major. Only the first may depend on the batch size.</summary>
public sealed record Shape(EquatableArray<Dim> Dims)
{
    /// <summary>The most elements that a tensor can have, or a sample of one: the floats of the largest block of memory, <c>AlignedBuffer.MaximumLength</c>.</summary>
    public const int MaximumElements = 2_147_483_511;

    public Shape(params Dim[] dims)
        : this(new EquatableArray<Dim>(dims))
    {
    }

    public static Shape Scalar { get; } = new(EquatableArray<Dim>.Empty);

    public int Rank => Dims.Count;

    public Dim this[int axis] => Dims[axis];

    /// <summary>The number of elements: a constant, or a constant times n.</summary>
    public Dim Elements => Product(Dims);

    /// <summary>Elements that one sample has, or all of them where there is no batch dimension.</summary>
    public int ElementsPerSample => Elements.Size;

    public bool IsPerSample => Elements.PerSample;

    /// <summary>Whether no dimension but the first is a multiple of the batch size, so that all strides are constants.</summary>
    public bool HasBatchOnlyInFront
    {
        get
        {
            for (int axis = 1; axis < Rank; axis++)
            {
                if (Dims[axis].PerSample)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Whether it has no more than <see cref="MaximumElements"/>; of others the elements cannot be counted.</summary>
    public bool IsCountable
    {
        get
        {
            long count = 1;
            for (int axis = 0; axis < Rank && count <= MaximumElements; axis++)
            {
                count *= Dims[axis].Size;
            }

            return count <= MaximumElements;
        }
    }

    public static Dim Product(IEnumerable<Dim> dims)
    {
        int size = 1;
        bool perSample = false;
        foreach (Dim dim in dims)
        {
            size = checked(size * dim.Size);
            perSample |= dim.PerSample;
        }

        return new Dim(size, perSample);
    }

    /// <summary>Row-major strides in elements. They are constants, because only the first dimension can be the batch.</summary>
    public int[] Strides()
    {
        int[] strides = new int[Rank];
        int stride = 1;
        for (int axis = Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride = checked(stride * Dims[axis].Size);
        }

        return strides;
    }

    /// <summary>The same shape with another size along an axis.</summary>
    public Shape With(int axis, Dim size)
    {
        Dim[] dims = Dims.ToArray();
        dims[axis] = size;
        return new Shape(dims);
    }

    /// <summary>The same shape with some dimensions replaced by 1.</summary>
    public Shape WithOnes(IEnumerable<int> axes)
    {
        Dim[] dims = Dims.ToArray();
        foreach (int axis in axes)
        {
            dims[axis] = 1;
        }

        return new Shape(dims);
    }

    public Shape Permuted(IReadOnlyList<int> order) => new(order.Select(axis => Dims[axis]).ToArray());

    /// <summary>The shape that two operands broadcast to (NumPy's rule), or <see langword="null"/> if they do not.</summary>
    public static Shape? Broadcast(Shape left, Shape right)
    {
        int rank = Math.Max(left.Rank, right.Rank);
        Dim[] dims = new Dim[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            Dim l = axis < rank - left.Rank ? 1 : left[axis - (rank - left.Rank)];
            Dim r = axis < rank - right.Rank ? 1 : right[axis - (rank - right.Rank)];
            if (l != r && !l.IsOne && !r.IsOne)
            {
                return null;
            }

            dims[axis] = l.IsOne ? r : l;
        }

        return new Shape(dims);
    }

    public override string ToString() => "[" + string.Join(", ", Dims) + "]";
}
