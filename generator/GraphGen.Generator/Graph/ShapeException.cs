namespace GraphGen.Generator.Graph;

/// <summary>A value would have a shape that the compiler cannot hold. What users write can ask for one, and is refused where it does.</summary>
public sealed class ShapeException(Shape shape) : Exception($"The compiler cannot hold a value of the shape {shape}.")
{
    public Shape Shape { get; } = shape;

    /// <summary>Holds a shape to what the compiler can hold: the batch only in front, and elements that can be counted.</summary>
    public static void ThrowIfIllegal(Shape shape)
    {
        if (!shape.HasBatchOnlyInFront || !shape.IsCountable)
        {
            throw new ShapeException(shape);
        }
    }
}
