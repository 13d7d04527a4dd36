using System.Globalization;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Lower;

namespace GraphGen.Generator.Emit;

/// <summary>What a kernel leaves in memory, as formulas of what it reads: <c>Fc1Relu [n, 128] = relu([n, 784]·[784, 128] + Fc1Bias)</c>.</summary>
internal sealed class KernelFormula
{
    /// <summary>A longer formula says less than the names of what it is made of.</summary>
    private const int Longest = 96;

    private const int Sum = 1;
    private const int Product = 2;
    private const int Sign = 3;
    private const int Atom = 4;

    private readonly KernelOperands _operands;
    private readonly MemoryNames _memory;
    private readonly Dictionary<Node, string> _names = [];
    private readonly Dictionary<Node, (string Text, int Rank)> _known = [];

    private KernelFormula(KernelOperands operands, MemoryNames memory)
    {
        _operands = operands;
        _memory = memory;
    }

    /// <summary>The formulas of all that the kernel stores.</summary>
    public static string Of(KernelOperands operands, MemoryNames memory)
    {
        KernelFormula formula = new(operands, memory);
        return string.Join("; ", operands.Kernel.Stored.Select(formula.Stored).ToList());
    }

    private string Stored(Node node)
    {
        string name = _memory.Name(node);
        string formula = node.Op switch
        {
            Op.AddToGradient => $"{name} += {Written(node.Inputs[0])}",
            _ when node.Op.IsView => $"{name} {node.Shape} = {Written(node.Inputs[0])}",
            _ => $"{name} {node.Shape} = {Written(node)}",
        };
        _names[node] = name;
        _known[node] = (name, Atom);
        return formula;
    }

    private string Written(Node node)
    {
        string text = Of(node).Text;
        return text.Length <= Longest ? text : "a function of " + string.Join(", ", Read(node));
    }

    /// <summary>The names of what a value is made of.</summary>
    private IEnumerable<string> Read(Node node) =>
        new OperandWalk(use => use.Op.IsView && !IsKnown(use), value => !IsKnown(value) && value.Inputs.Length > 0)
            .Sources([node])
            .Where(IsKnown)
            .Select(source => Of(source).Text)
            .Distinct();

    private bool IsKnown(Node node) => _operands.Loads(node) || _names.ContainsKey(node);

    private (string Text, int Rank) Of(Node node)
    {
        if (!_known.TryGetValue(node, out (string Text, int Rank) known))
        {
            known = Make(node);
            if (known.Text.Length > Longest)
            {
                // No formula of it is written any more; what is made of it need not grow.
                known = (new string('…', Longest + 1), Atom - 1);
            }

            _known.Add(node, known);
        }

        return known;
    }

    private (string Text, int Rank) Make(Node node)
    {
        if (_operands.Loads(node))
        {
            return (_memory.Name(node), Atom);
        }

        switch (node.Op)
        {
            case Op.Constant constant:
                return (constant.Value.ToString("R", CultureInfo.InvariantCulture), constant.Value < 0 ? Sign : Atom);
            case Op.IntegerConstant integer:
                return (integer.Value.ToString(CultureInfo.InvariantCulture), integer.Value < 0 ? Sign : Atom);
            case Op.InverseCount { Factor: 1 }:
                return ("1 / n", Product);
            case Op.InverseCount inverse:
                return ($"1 / {inverse.Factor.ToString(CultureInfo.InvariantCulture)}n", Product);
            case Op.Iota:
                return ("position", Atom);
            case Op.Uniform:
                return ("random", Atom);
            case Op.Unary unary when unary.Function == UnaryFunction.Negate:
                return ("-" + Operand(node.Inputs[0], Sign), Sign);
            case Op.Unary when node.Op.IsCopy || node.Op.IsDetach:
                return Of(node.Inputs[0]);
            case Op.Unary unary:
                return ($"{unary.Function.Name.ToLowerInvariant()}({Of(node.Inputs[0]).Text})", Atom);
            case Op.Binary { Function.Symbol: { } symbol } binary:
                int rank = symbol is "+" or "-" ? Sum : Product;
                bool groups = binary.Function.LeftIdentity is not null;
                return ($"{Operand(node.Inputs[0], rank)} {symbol} {Operand(node.Inputs[1], groups ? rank : rank + 1)}", rank);
            case Op.Binary binary:
                return ($"{binary.Function.Name.ToLowerInvariant()}({Of(node.Inputs[0]).Text}, {Of(node.Inputs[1]).Text})", Atom);
            case Op.Select select:
                return ($"({Operand(node.Inputs[0], Sum)} {select.Comparison.Symbol} {Operand(node.Inputs[1], Sum)} ? {Of(node.Inputs[2]).Text} : {Of(node.Inputs[3]).Text})", Atom);
            case Op.Reduce reduce:
                return ($"{reduce.Function.Name.ToLowerInvariant()}({Of(node.Inputs[0]).Text})", Atom);
            case Op.MatMul product:
                return ($"{Matrix(node.Inputs[0], product.TransposeLeft)}·{Matrix(node.Inputs[1], product.TransposeRight)}", Product);
            case Op.Concat:
                return ($"[{string.Join(" | ", node.Inputs.Select(part => Of(part).Text))}]", Atom);
            case Op.Conv2d convolution:
                return ($"conv({Read(node.Inputs[0]).FirstOrDefault()}, {ConvolutionWords.Of(convolution.Geometry)})", Atom);
            case Op.Conv2dInputGradient convolution:
                return ($"inputGradient({ConvolutionWords.Of(convolution.Geometry)})", Atom);
            case Op.Conv2dWeightGradient convolution:
                return ($"weightGradient({ConvolutionWords.Of(convolution.Geometry)})", Atom);
            case Op.MaxPool2d pool:
                return ($"maxpool({Of(node.Inputs[0]).Text}, {pool.Geometry.Kernel.ToString(CultureInfo.InvariantCulture)})", Atom);
            case Op.MaxPool2dWinners:
                return ("winners", Atom);
            case Op.AveragePool2d pool:
                return ($"avgpool({Of(node.Inputs[0]).Text}, {pool.Geometry.Kernel.ToString(CultureInfo.InvariantCulture)})", Atom);
            case Op.MaxPool2dGradient or Op.AveragePool2dGradient:
                return ($"poolGradient({Of(node.Inputs[0]).Text})", Atom);
            case var op when op.IsView || op is Op.AddToGradient:
                return Of(node.Inputs[0]);
            default:
                throw new InvalidOperationException($"{node} has no formula.");
        }
    }

    private string Operand(Node node, int least)
    {
        (string text, int rank) = Of(node);
        return rank < least ? $"({text})" : text;
    }

    /// <summary>A product's side by its shape: a batch is in the result's.</summary>
    private static string Matrix(Node side, bool isTransposed)
    {
        int rank = side.Shape.Rank;
        (Dim rows, Dim columns) = (side.Shape[rank - 2], side.Shape[rank - 1]);
        return isTransposed ? $"[{columns}, {rows}]" : $"[{rows}, {columns}]";
    }
}
