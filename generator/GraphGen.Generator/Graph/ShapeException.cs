namespace GraphGen.Generator.Graph;

/// <summary>A value would have a shape that the compiler cannot hold. What users write can ask for one, and is refused where it does.</summary>
public sealed class ShapeException(Shape shape) : Exception($"The compiler cannot hold a value of the shape {shape}.")
{
    public Shape Shape { get; } = shape;
}
