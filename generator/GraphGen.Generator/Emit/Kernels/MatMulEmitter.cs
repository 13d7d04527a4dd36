using System.Globalization;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Lower;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>Matrix products, with the elementwise work on the result done while it is in registers.</summary>
internal sealed class MatMulEmitter : IKernelEmitter
{
    /// <summary>Vectors of the tallest tile.</summary>
    private const int TileVectors = 16;

    public static MatMulEmitter Instance { get; } = new();

    public IEnumerable<Scratch> Scratch(KernelContext context)
    {
        MatMulShape shape = MatMulShape.Of(context);
        if (shape.Method == MatMulMethod.PackedOuterProducts)
        {
            long floats = (long)shape.K.Size * ((shape.N + 31) / 32 * 32) * shape.Batch.Size;
            yield return new Scratch("Panels", $"the right side in panels of two vectors, [{shape.Batch}, {shape.N}, {shape.K}]", floats, shape.Batch.PerSample || shape.K.PerSample);
        }
    }

    public IEnumerable<Launch> Launches(KernelContext context)
    {
        MatMulShape shape = MatMulShape.Of(context);
        string batch = shape.IsBatched ? KernelContext.SizeInDriver(shape.Batch) + " * " : "";
        int columns = Math.Min(shape.N, MatMulShape.ColumnBlock);
        if (shape.Method == MatMulMethod.PackedOuterProducts)
        {
            string depth = shape.K.PerSample ? $"{shape.K.Size}L * pass->N" : shape.K.Size + "L";
            yield return new Launch(context.Name + "Pack", $"{batch}{shape.ColumnBlocks}", $"{depth} * {columns * 4}");
        }

        int columnBlock = shape.Method == MatMulMethod.DotProducts ? DotProductEmitter.ColumnBlock(shape) : MatMulShape.ColumnBlock;
        int rowBlock = shape.Method == MatMulMethod.DotProducts ? DotProductEmitter.RowBlock : MatMulShape.RowBlock;
        int columnBlocks = (shape.N + columnBlock - 1) / columnBlock;
        string rowBlocks = shape.M.PerSample
            ? $"(({KernelContext.SizeInDriver(shape.M)} + {rowBlock - 1}) / {rowBlock})"
            : ((shape.M.Size + rowBlock - 1) / rowBlock).ToString(CultureInfo.InvariantCulture);
        string tasks = columnBlocks == 1 ? $"{batch}{rowBlocks}" : $"{batch}{rowBlocks} * {columnBlocks}";
        string rows = shape.M.PerSample ? $"Math.Min({rowBlock}L, {KernelContext.SizeInDriver(shape.M)})" : $"{Math.Min(rowBlock, shape.M.Size)}L";
        string inner = shape.K.PerSample ? $"{2 * Math.Min(columnBlock, shape.N) * shape.K.Size} * pass->N" : $"{2 * Math.Min(columnBlock, shape.N) * shape.K.Size}";
        yield return new Launch(context.Name, tasks, $"{rows} * {inner}");
    }

    public string Describe(KernelContext context)
    {
        MatMulShape shape = MatMulShape.Of(context);
        string batch = shape.IsBatched ? $"{shape.Batch} x " : "";
        string elementwise = string.Concat(context.Kernel.Body.Skip(1).Select(node => " " + Describe(node)));
        string target = context.Memory.Name(context.Kernel.Body.Last(node => context.Kernel.Stores.Contains(node) || node.Op is Op.AddToGradient));
        return $"{target}: {batch}[{shape.M}, {shape.N}] = [{shape.M}, {shape.K}]·[{shape.K}, {shape.N}]{elementwise}, {MethodName(shape.Method)}";
    }

    public void Emit(KernelContext context)
    {
        MatMulShape shape = MatMulShape.Of(context);
        EmitEpilogue(context, shape);
        context.Code.Line();
        if (shape.Method == MatMulMethod.DotProducts)
        {
            DotProductEmitter.Emit(context, shape);
        }
        else
        {
            OuterProductEmitter.Emit(context, shape);
        }
    }

    /// <summary>The struct that takes a product's results.</summary>
    public static string EpilogueName(KernelContext context) => context.Name + "Epilogue";

    /// <summary>What a kernel does to its result, in a word: the operation, with the parameter it reads.</summary>
    public static string Describe(Node node) => node.Op switch
    {
        Op.Unary unary => unary.Function.Name.ToLowerInvariant(),
        Op.Binary binary => binary.Function == BinaryFunction.Add ? "+ " + OperandName(node) : binary.Function.Name.ToLowerInvariant(),
        Op.Select => "masked",
        Op.AddToGradient => "(added)",
        Op.MaxPool2d => "max-pooled",
        Op.MaxPool2dWinners => "with winners",
        Op.Permute => "transposed",
        _ => node.Op.GetType().Name,
    };

    private static string OperandName(Node node)
    {
        Node operand = node.Inputs[1];
        while (operand.Op.IsView)
        {
            operand = operand.Inputs[0];
        }

        return operand.Name ?? "value";
    }

    private static string MethodName(MatMulMethod method) => method switch
    {
        MatMulMethod.DotProducts => "as dot products along the contiguous rows of both",
        MatMulMethod.OuterProducts => "as outer products, the right side read as it lies",
        _ => "as outer products, the right side packed",
    };

    /// <summary>What becomes of one vector of the result: the elementwise work on it, and its stores.</summary>
    private static void EmitEpilogue(KernelContext context, MatMulShape shape)
    {
        CodeWriter code = context.Code;
        using (code.Open($"private readonly struct {EpilogueName(context)} : ITileEpilogue"))
        {
            code.Line($"public static bool IsLong => {(context.IsLongEpilogue(TileVectors) ? "true" : "false")};");
            EmitStore(context, shape, count: null);
            EmitStore(context, shape, "count");
        }
    }

    private static void EmitStore(KernelContext context, MatMulShape shape, string? count)
    {
        CodeWriter code = context.Code;
        code.Line();
        code.Line(context.IsCalledEpilogue ? KernelContext.Called : KernelContext.Inlined);
        string method = count is null ? "Store" : "StorePartial";
        using (code.Open($"public static void {method}<TVector, TIsa>(void* state, int batch, int row, int column, TVector product{(count is null ? "" : $", int {count}")}) {KernelContext.Constraints}"))
        {
            code.Line(context.State);
            List<LoopIndex> loops = [new LoopIndex("row", shape.M), new LoopIndex("column", shape.N)];
            if (shape.IsBatched)
            {
                loops.Insert(0, new LoopIndex("batch", shape.Batch));
            }

            ElementEmitter results = new(context, loops, count);
            results.Define(context.Kernel.Anchor!, "product");
            foreach (Node node in context.Operands.Stored)
            {
                results.Store(node);
            }
        }
    }
}
