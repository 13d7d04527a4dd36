using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Lower;

/// <summary>Matrix products: blocks of the result are tasks, and the elementwise work on it is their epilogue.</summary>
internal sealed class MatMulLowering
{
    /// <summary>Vectors of the tallest tile.</summary>
    private const int TileVectors = 16;

    /// <summary>Rows of the result that a task of dot products takes.</summary>
    private const int DotRows = 32;

    /// <summary>Columns that it takes; twice as many where the left side is longer than a cache, which every block reads again.</summary>
    private const int DotColumns = 32;

    private const int LongRow = 16384;
    private const string PanelsSuffix = "Panels";

    private static readonly Integer FirstRow = new Integer.Variable("firstRow");
    private static readonly Integer EndRow = new Integer.Variable("endRow");
    private static readonly Integer FirstColumn = new Integer.Variable("firstColumn");
    private static readonly Integer EndColumn = new Integer.Variable("endColumn");

    private readonly KernelOperands _operands;
    private readonly MatMulShape _shape;
    private readonly int _rowBlock;
    private readonly int _columnBlock;

    private MatMulLowering(KernelOperands operands)
    {
        _operands = operands;
        _shape = MatMulShape.Of(operands);
        bool isDot = _shape.Method == ProductMethod.DotProducts;
        _rowBlock = isDot ? DotRows : MatMulShape.RowBlock;
        _columnBlock = !isDot ? MatMulShape.ColumnBlock : _shape.K.Size > LongRow ? 2 * DotColumns : DotColumns;
    }

    private bool IsPacked => _shape.Method == ProductMethod.PackedOuterProducts;

    private Integer Depth => _shape.K;

    private Integer RowBlocks => Integer.Pieces(_shape.M, _rowBlock);

    private int ColumnBlocks => (_shape.N + _columnBlock - 1) / _columnBlock;

    private Integer Batch => new LoopIndex("batch", _shape.Batch).Position;

    private IntegerRange Columns => new(FirstColumn, EndColumn, Math.Min(_columnBlock, _shape.N));

    private Address Panels => new(new Place.Scratch(PanelsSuffix), Batch * (Depth * PanelColumns));

    /// <summary>Columns of the panels on the machine with the widest.</summary>
    private int PanelColumns => (_shape.N + (2 * Statement.WidestVector) - 1) / (2 * Statement.WidestVector) * 2 * Statement.WidestVector;

    public static Nest Lower(KernelOperands operands)
    {
        MatMulLowering lowering = new(operands);
        return new Nest(
            lowering.Words(),
            lowering.IsPacked ? new([lowering.PanelScratch()]) : EquatableArray<Scratch>.Empty,
            new(lowering.IsPacked ? [lowering.Pack(), lowering.Product()] : [lowering.Product()]),
            operands.CallsFunctions)
        {
            Epilogue = new Epilogue(new(lowering.EpilogueBody()), operands.IsLongEpilogue(TileVectors), operands.IsCalledEpilogue),
        };
    }

    private string Words()
    {
        string batch = _shape.IsBatched ? $"{_shape.Batch} times " : "";
        return batch + _shape.Method switch
        {
            ProductMethod.DotProducts => "dot products along the contiguous rows of both sides",
            ProductMethod.OuterProducts => "outer products, the right side read as it lies",
            _ => "outer products, the right side packed",
        };
    }

    private Scratch PanelScratch() => new(
        PanelsSuffix,
        $"the right side in panels of two vectors, [{_shape.Batch}, {_shape.N}, {_shape.K}]",
        (long)_shape.K.Size * PanelColumns * _shape.Batch.Size,
        _shape.Batch.PerSample || _shape.K.PerSample);

    /// <summary>A task for each block of columns of the right side.</summary>
    private Routine Pack()
    {
        List<Statement> body = [];
        Integer batch = DefineColumns(body, Integer.Task);
        DefineBatch(body, batch);
        body.Add(new Statement.Pack(Side(_shape.Right), Depth, _shape.N, Columns, Panels));
        return new Routine("Pack", (Integer)_shape.Batch * ColumnBlocks, 4 * Math.Min(_shape.N, _columnBlock) * Depth, new(body));
    }

    /// <summary>A task for each block of the result.</summary>
    private Routine Product()
    {
        List<Statement> body = [];
        if (_shape.Method == ProductMethod.DotProducts)
        {
            DefineDotBlock(body);
        }
        else
        {
            DefineOuterBlock(body);
        }

        body.Add(new Statement.Multiply(
            _shape.Method,
            Side(_shape.Left),
            IsPacked ? new ProductSide(Panels, 0, 0) : Side(_shape.Right),
            Depth,
            _shape.N,
            Batch,
            new IntegerRange(FirstRow, EndRow, _rowBlock),
            Columns));
        Integer rows = _shape.M.PerSample ? Integer.Min(_rowBlock, _shape.M) : Math.Min(_rowBlock, _shape.M.Size);
        return new Routine("", (Integer)_shape.Batch * RowBlocks * ColumnBlocks, 2 * Math.Min(_columnBlock, _shape.N) * Depth * rows, new(body));
    }

    /// <summary>Threads take consecutive tasks: what they divide among them is the larger side of the result.</summary>
    private void DefineDotBlock(List<Statement> body)
    {
        if (ColumnBlocks > 1 && !_shape.IsBatched && _shape.M.PerSample)
        {
            Integer columns = new Integer.IfGreater(_shape.M, _shape.N, Integer.Task % ColumnBlocks, Integer.Task / RowBlocks);
            Integer rows = new Integer.IfGreater(_shape.M, _shape.N, Integer.Task / ColumnBlocks, Integer.Task % RowBlocks);
            body.Add(new Statement.Define("firstColumn", columns * _columnBlock));
            DefineEndColumn(body);
            DefineRows(body, rows);
            return;
        }

        Integer rest = DefineColumns(body, Integer.Task);
        DefineRows(body, _shape.IsBatched ? rest % RowBlocks : rest);
        DefineBatch(body, rest / RowBlocks);
    }

    private void DefineOuterBlock(List<Statement> body)
    {
        if (_shape.TasksFollowRows)
        {
            DefineRows(body, DefineColumns(body, Integer.Task));
            return;
        }

        DefineRows(body, _shape.IsBatched || ColumnBlocks > 1 ? Integer.Task % RowBlocks : Integer.Task);
        DefineBatch(body, DefineColumns(body, Integer.Task / RowBlocks));
    }

    private void DefineRows(List<Statement> body, Integer block)
    {
        body.Add(new Statement.Define("firstRow", block * _rowBlock));
        body.Add(new Statement.Define("endRow", End(FirstRow, _rowBlock, _shape.M)));
    }

    /// <summary>Defines the columns that a number of a block says; what is left of the number.</summary>
    private Integer DefineColumns(List<Statement> body, Integer number)
    {
        if (ColumnBlocks == 1)
        {
            body.Add(new Statement.Define("firstColumn", 0));
            body.Add(new Statement.Define("endColumn", _shape.N));
            return number;
        }

        body.Add(new Statement.Define("firstColumn", number % ColumnBlocks * _columnBlock));
        DefineEndColumn(body);
        return number / ColumnBlocks;
    }

    private void DefineEndColumn(List<Statement> body) => body.Add(new Statement.Define("endColumn", End(FirstColumn, _columnBlock, _shape.N)));

    private void DefineBatch(List<Statement> body, Integer number)
    {
        if (_shape.IsBatched)
        {
            body.Add(new Statement.Define("batch", number));
        }
    }

    private static Integer End(Integer first, int block, Dim size) => !size.PerSample && size.Size % block == 0 ? first + block : Integer.Min(first + block, size);

    private ProductSide Side(Fuse.MatMulOperand operand) => new(new Address(new Place.Value(operand.Buffer), LoopIndex.OffsetAt(operand.Batch, [.. operand.BatchStrides], Batch) + operand.Offset), operand.Row, operand.Column);

    private IReadOnlyList<Statement> EpilogueBody()
    {
        List<LoopIndex> loops = [new LoopIndex("row", _shape.M), new LoopIndex("column", _shape.N)];
        if (_shape.IsBatched)
        {
            loops.Insert(0, new LoopIndex("batch", _shape.Batch));
        }

        ElementLowering results = new(_operands, loops);
        results.Define(_operands.Kernel.Anchor!, new Vector.Register(Epilogue.Product));
        foreach (Node node in _operands.Kernel.Stored)
        {
            results.Store(node);
        }

        return results.Take();
    }
}
