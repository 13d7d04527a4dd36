using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Lower;
using GraphGen.Generator.Plan;

namespace GraphGen.Generator.Tests.Compiler.Plan;

/// <summary>A result takes the place of a value only where each element of the value is read for nothing but the element that replaces it.</summary>
public sealed class InPlaceTests
{
    private static readonly Shape Square = new(Dim.Batch, 4, 4);

    private readonly GraphBuilder _graph = new();
    private readonly Node _value;
    private readonly Node _other;

    public InPlaceTests()
    {
        _value = _graph.Add(new Op.Input("value", DataType.Float), Square);
        _other = _graph.Add(new Op.Input("other", DataType.Float), Square);
    }

    [Fact]
    public void Elementwise_work_is_done_in_place() =>
        Assert.Same(_value, Overwritten(Rows([_graph.Unary(UnaryFunction.Tanh, _value)])));

    [Fact]
    public void Reshapes_and_recomputed_values_keep_elements_where_they_are()
    {
        Node reshaped = _graph.Reshape(_value, new Shape(Dim.Batch, 16));
        Node recomputed = _graph.Unary(UnaryFunction.Exp, reshaped);
        Assert.Same(_value, Overwritten(Rows([_graph.Product(recomputed, reshaped)])));
    }

    [Fact]
    public void The_mask_of_a_product_is_overwritten()
    {
        Node product = _graph.MatMul(_other, _other);
        Node masked = Masked(_value, product);
        Assert.Same(_value, Overwritten(Kernel(KernelKind.MatMul, product, [product, masked], [masked])));
    }

    [Fact]
    public void An_operand_of_a_product_stays()
    {
        Node product = _graph.MatMul(_graph.Permute(_value, 0, 2, 1), _other);
        Node masked = Masked(_value, product);
        Assert.Null(Overwritten(Kernel(KernelKind.MatMul, product, [product, masked], [masked])));
    }

    [Fact]
    public void What_is_read_in_another_order_stays()
    {
        Node permuted = _graph.Permute(_value, 0, 2, 1);
        Assert.Null(Overwritten(Rows([_graph.Unary(UnaryFunction.Tanh, permuted)])));
        Assert.Null(Overwritten(Rows([_graph.Sum(_value, permuted)])));
        Assert.Null(Overwritten(Rows([_graph.Sum(_graph.Unary(UnaryFunction.Exp, permuted), _value)])));
    }

    [Fact]
    public void What_is_read_in_several_sweeps_stays()
    {
        Node sum = _graph.Reduce(ReduceFunction.Sum, _value, [2]);
        Node share = _graph.Quotient(_value, sum);
        Assert.Null(Overwritten(Rows([sum, share], share)));
    }

    [Fact]
    public void What_two_results_are_made_of_stays()
    {
        Node first = _graph.Unary(UnaryFunction.Tanh, _value);
        Node second = _graph.Unary(UnaryFunction.Exp, _value);
        Assert.Null(Overwritten(Rows([first, second])));
    }

    [Fact]
    public void What_is_smaller_or_is_a_copy_stays()
    {
        Node row = _graph.Add(new Op.Input("row", DataType.Float), new Shape(Dim.Batch, 1, 4));
        Assert.Null(Overwritten(Rows([_graph.Sum(row, _other)]), row));
        Assert.Null(Overwritten(Rows([_graph.Permute(_value, 0, 2, 1)])));
    }

    private Node Masked(Node activation, Node gradient) =>
        _graph.Select(Comparison.Greater, activation, _graph.Constant(0, Square), gradient, _graph.Constant(0, Square));

    private Node? Overwritten(Kernel kernel, Node? dying = null) =>
        InPlace.OverwrittenBy(kernel, Lowering.Lower([new Pass(PassRole.Backward, [kernel], [])]).GetValueOrDefault(kernel), [dying ?? _value]);

    private Kernel Rows(Node[] body, params Node[] stores) => Kernel(KernelKind.Rows, null, body, stores.Length == 0 ? body : stores);

    private Kernel Kernel(KernelKind kind, Node? anchor, Node[] body, Node[] stores)
    {
        Kernel kernel = new(kind, anchor) { RowShape = kind == KernelKind.Rows ? body[^1].Shape : null };
        kernel.Body.AddRange(body);
        kernel.Stores.UnionWith(stores);
        kernel.Loads.UnionWith([_value, _other]);
        return kernel;
    }
}
