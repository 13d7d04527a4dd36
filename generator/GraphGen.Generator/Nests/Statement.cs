using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Nests;

/// <summary>A statement of a loop nest. What a statement names is known to those after it in the same body, and to those inside them.</summary>
internal abstract record Statement
{
    /// <summary>Names an integer.</summary>
    public sealed record Define(string Variable, Integer Value) : Statement;

    /// <summary>Names where a slice of a long row begins and ends (<c>RowSlices.Range</c>).</summary>
    public sealed record DefineSlice(string Begin, string End, Integer Length, int Most, Integer Slice) : Statement;

    /// <summary>Names a vector.</summary>
    public sealed record Let(string Register, Vector Value) : Statement;

    /// <summary>Gives a register another vector.</summary>
    public sealed record Set(string Register, Vector Value) : Statement;

    /// <summary>Reduces an element into an accumulator whose lanes are reduced later; those that do not count leave it as it is.</summary>
    public sealed record Accumulate(ReduceFunction Function, string Register, Vector Element) : Statement;

    /// <summary>Adds a block's sum to the sum of the blocks so far, and what rounding loses to that (<c>CompensatedSum.Add</c>).</summary>
    public sealed record AddBlock(string Sum, string Lost, string Block) : Statement;

    /// <summary>Stores a vector in consecutive elements: as many as lanes count, or one outside <see cref="Lanes"/>.</summary>
    public sealed record Store(Address Target, Vector Value) : Statement;

    /// <summary>For each integer of a range.</summary>
    public sealed record Loop(string Variable, Integer From, Integer To, EquatableArray<Statement> Body) : Statement;

    /// <summary>One list of statements where two integers are equal, else the other.</summary>
    public sealed record IfEqual(Integer Left, Integer Right, EquatableArray<Statement> Then, EquatableArray<Statement> Else) : Statement;

    /// <summary>For each block of a range, from <paramref name="Variable"/> to <paramref name="Stop"/>, of <paramref name="Size"/> but for the last.</summary>
    public sealed record Blocks(string Variable, string Stop, Integer From, Integer To, Integer Size, EquatableArray<Statement> Body) : Statement;

    /// <summary>
    /// For each vector of a range: <paramref name="Variable"/> is where its first lane is. Whole vectors and what is left of one after
    /// them are one description. <paramref name="IsWhole"/> says that nothing is left on any instruction set.
    /// </summary>
    public sealed record Lanes(string Variable, Integer From, Integer To, bool IsWhole, EquatableArray<Statement> Body) : Statement
    {
        /// <summary>Whether the range is from 0 and shorter than any vector.</summary>
        public bool IsPart => (From, To) is (Integer.Literal { Value: 0 }, Integer.Literal { Value: < NarrowestVector });

        /// <summary>Whether so many elements are whole vectors on every instruction set.</summary>
        public static bool AreWhole(Dim elements) => !elements.PerSample && elements.Size % WidestVector == 0;
    }

    /// <summary>
    /// A block of the matrix product [rows, depth] · [depth, columns], which the runtime makes. Each vector of results goes through the
    /// nest's <see cref="Epilogue"/>.
    /// </summary>
    /// <param name="Method">How it is made.</param>
    /// <param name="Left">The left side: rows, and columns along the depth.</param>
    /// <param name="Right">The right side: rows along the depth, and columns; or its panels.</param>
    /// <param name="Depth">The inner size.</param>
    /// <param name="Columns">All columns of the result.</param>
    /// <param name="Batch">Which of several products it is.</param>
    /// <param name="Rows">The rows to make.</param>
    /// <param name="Block">The columns to make.</param>
    public sealed record Multiply(ProductMethod Method, ProductSide Left, ProductSide Right, Integer Depth, int Columns, Integer Batch, IntegerRange Rows, IntegerRange Block) : Statement;

    /// <summary>Copies columns of a product's right side to panels [depth][two vectors], with zeros beyond the last column.</summary>
    public sealed record Pack(ProductSide Right, Integer Depth, int Columns, IntegerRange Block, Address Panels) : Statement;

    /// <summary>Stores the lanes of a vector of channels each in the plane of its channel, <paramref name="Plane"/> elements from the one before.</summary>
    public sealed record StorePlanes(Address Target, int Plane, Vector Value) : Statement;

    /// <summary>Lays images out: makes some rows of all that are laid into.</summary>
    public sealed record LayOut(ImageLayout Layout, Address From, Address To, Integer FirstRow, Integer EndRow) : Statement;

    /// <summary>Makes a panel of a convolution's weights, with zeros beyond the last channel.</summary>
    /// <param name="Order">How they lie in it.</param>
    /// <param name="Shape">The convolution.</param>
    /// <param name="Weight">The weights [output channels][input channels][taps] of the layer.</param>
    /// <param name="Panels">The panels of all output channels; those of a group follow each other.</param>
    /// <param name="Number">The number of the panel.</param>
    public sealed record PackWeights(WeightOrder Order, ConvolutionShape Shape, Address Weight, Address Panels, Integer Number) : Statement;

    /// <summary>
    /// A block of a convolution, which the runtime makes. Each vector of results, pooled, goes through the nest's <see cref="Epilogue"/>
    /// (<see cref="ConvolutionResult"/>).
    /// </summary>
    /// <param name="Method">How it is made.</param>
    /// <param name="Shape">The convolution.</param>
    /// <param name="Input">The first image.</param>
    /// <param name="Panels">The weights in panels.</param>
    /// <param name="Image">Which image.</param>
    /// <param name="Results">The rows of results to make; of Winograd's method the results.</param>
    /// <param name="Channels">The output channels to make.</param>
    public sealed record Convolve(ConvolutionMethod Method, ConvolutionShape Shape, Address Input, Address Panels, Integer Image, IntegerRange Results, IntegerRange Channels) : Statement;

    /// <summary>The most lanes of a vector on any instruction set. All others are a divisor of it.</summary>
    public const int WidestVector = 16;

    /// <summary>The fewest lanes of a vector on any instruction set.</summary>
    public const int NarrowestVector = 4;

    /// <summary>The lists of statements inside.</summary>
    public IEnumerable<EquatableArray<Statement>> Inner => this switch
    {
        Loop loop => [loop.Body],
        Blocks blocks => [blocks.Body],
        Lanes lanes => [lanes.Body],
        IfEqual choice => [choice.Then, choice.Else],
        _ => [],
    };

    /// <summary>The vector that it computes, if it does.</summary>
    public Vector? Computed => this switch
    {
        Let let => let.Value,
        Set set => set.Value,
        Accumulate accumulate => accumulate.Element,
        Store store => store.Value,
        StorePlanes store => store.Value,
        _ => null,
    };
}
