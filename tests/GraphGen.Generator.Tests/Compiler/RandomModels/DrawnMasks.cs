using System.Runtime.Intrinsics;
using GraphGen.Generator.Compile;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Simplify;
using GraphGen.Generator.Tests.Compiler.Interpreter;
using GraphGen.Runtime;
using GraphGen.Simd;

namespace GraphGen.Generator.Tests.Compiler.RandomModels;

/// <summary>
/// The random numbers that the generated code draws, at the places where the model as written has them. The code draws by the
/// position an element has in memory, which may be in another order than the user's (channels last): the views between the two, which
/// rewriting put behind the mask, say where each element is.
/// </summary>
internal sealed class DrawnMasks
{
    /// <summary>By draw: the position of each element's number.</summary>
    private readonly Dictionary<int, double[]> _positions = [];

    public DrawnMasks(TypedModel model, int samples)
    {
        GraphInterpreter positions = new(new Bindings { Samples = samples, Uniform = (_, position) => position });
        GraphRewriter rewriter = Simplifier.BeforeAutodiff(model.Graph);
        Node[] roots = [.. model.Outputs.Select(output => output.Training), .. model.Loss is { } loss ? new[] { loss.Value } : []];
        foreach (Node dropout in Node.Reachable(roots).Where(node => node.Op is Op.Select && node.Inputs[1].Op is Op.Uniform))
        {
            List<Node> views = [];
            Node rewritten = rewriter.Rewrite(dropout);
            for (; rewritten.Op.IsView; rewritten = rewritten.Inputs[0])
            {
                views.Insert(0, rewritten);
            }

            Op.Uniform draw = Assert.IsType<Op.Uniform>(rewritten.Inputs[1].Op);
            Assert.Equal(dropout.Inputs[1].Op, draw);
            Node seen = views.Aggregate(rewritten.Inputs[1], (inner, view) => model.Graph.Add(view.Op, view.Shape, inner));
            Assert.Equal(dropout.Shape, seen.Shape);
            _positions.Add(draw.Draw, positions.Evaluate(seen));
        }
    }

    /// <summary>Whether the model draws at all.</summary>
    public bool Any => _positions.Count > 0;

    /// <summary>The numbers of one training pass, counted from 1: a function of the draw and the element.</summary>
    public Func<int, int, double> Of(RandomState state)
    {
        uint key = Guard.StepKey(state.Seed, state.Step);
        return (draw, element) => SimdMath.Uniform<Vector128<float>, Vector128Simd>(unchecked(key + (uint)draw), (uint)_positions[draw][element]).ToScalar();
    }
}
