using Xunit;

namespace GraphGen.Tests.Runtime;

public sealed class SGDTests
{
    public static TheoryData<double, double, double, bool, bool> Options => new()
    {
        { 0, 0, 0, false, false },
        { 0, 0, 0.01, false, true },
        { 0.9, 0, 0, false, false },
        { 0.9, 0.1, 0, false, false },
        { 0.9, 0.5, 0.1, false, true },
        { 0.9, 0, 0, true, false },
        { 0.5, 0, 0.02, true, true },
        { 0, 0.3, 0.01, false, false },
    };

    /// <summary>SEMANTICS.md, trap 1: the first momentum is the gradient, not dampened.</summary>
    [Fact]
    public void Dampening_leaves_out_the_first_step()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", []));
        SGD optimizer = new(block, lr: 0.1, momentum: 0.9, dampening: 0.1);
        foreach (float expected in new[] { 0.9f, 0.72f, 0.468f })
        {
            Draw(block, 0, _ => 1f);
            optimizer.Step();
            Assert.Equal(expected, block[0].Values[0], 1e-6f);
        }

        Assert.Equal(3, optimizer.StepCount);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Fifty_steps_are_those_of_the_definition(double momentum, double dampening, double weightDecay, bool nesterov, bool maximize)
    {
        ParameterBlock block = new(3, ParameterSpec.Uniform("a", [33, 1000], 1f), ParameterSpec.Uniform("b", [7], 1f));
        SGD optimizer = new(block, lr: 0.01, momentum, dampening, weightDecay, nesterov, maximize);
        Reference[] references = block.Select(parameter => new Reference(parameter)).ToArray();
        for (int step = 0; step < 50; step++)
        {
            DrawAll(block, step);
            foreach (Reference reference in references)
            {
                reference.Step(0.01, momentum, dampening, weightDecay, nesterov, maximize);
            }

            optimizer.Step();
        }

        Array.ForEach(references, reference => reference.AssertEqual());
    }

    /// <summary>SEMANTICS.md, trap 2: no decay, no momentum, no first step without a gradient.</summary>
    [Fact]
    public void Parameters_without_gradient_are_left_alone()
    {
        ParameterBlock block = new(3, [.. Enumerable.Range(0, 9).Select(i => ParameterSpec.Uniform($"p{i}", [5 + (16 * (i % 3))], 1f))]);
        SGD optimizer = new(block, lr: 0.1, momentum: 0.9, dampening: 0.2, weightDecay: 0.1);
        Reference[] references = block.Select(parameter => new Reference(parameter)).ToArray();
        Random random = new(7);
        for (int step = 0; step < 60; step++)
        {
            optimizer.ZeroGrad();
            for (int i = 0; i < block.Count; i++)
            {
                // Some early, some late, so that neighbours differ in how far their momentum has come.
                if (random.Next(3) == 0 && step >= i * 4)
                {
                    Draw(block, i, _ => (random.NextSingle() * 2) - 1);
                    references[i].Step(0.1, 0.9, 0.2, 0.1, false, false);
                }
            }

            optimizer.Step();
        }

        Array.ForEach(references, reference => reference.AssertEqual());
        Assert.Equal(0f, block.Values[5]);
    }

    [Fact]
    public void Groups_have_their_own_options_and_keep_their_state()
    {
        ParameterBlock block = new(3, ParameterSpec.Uniform("conv.weight", [20], 1f), ParameterSpec.Uniform("fc.weight", [40], 1f), ParameterSpec.Uniform("conv.bias", [3], 1f));
        SGD optimizer = new([block.Where(p => p.Name.StartsWith("conv")), block.Where(p => p.Name.StartsWith("fc"))], lr: 0.1, momentum: 0.5);
        optimizer.Groups[1].LearningRate = 0.01f;
        optimizer.Groups[1].WeightDecay = 0.3;
        Reference[] references = block.Select(parameter => new Reference(parameter)).ToArray();
        for (int step = 0; step < 10; step++)
        {
            if (step == 5)
            {
                optimizer.Groups[0].LearningRate *= 0.5;
            }

            DrawAll(block, step);
            references[0].Step(step < 5 ? 0.1 : 0.05, 0.5, 0, 0, false, false);
            references[1].Step(0.01, 0.5, 0, 0.3, false, false);
            references[2].Step(step < 5 ? 0.1 : 0.05, 0.5, 0, 0, false, false);
            optimizer.Step();
        }

        Array.ForEach(references, reference => reference.AssertEqual());
    }

    [Fact]
    public void Parameters_of_two_models_may_share_a_group()
    {
        ParameterBlock first = new(1, ParameterSpec.Uniform("w", [20], 1f));
        ParameterBlock second = new(2, ParameterSpec.Uniform("w", [20], 1f));
        SGD optimizer = new(second.Concat(first), lr: 0.1, momentum: 0.9);
        Reference[] references = [new(first[0]), new(second[0])];
        for (int step = 0; step < 5; step++)
        {
            DrawAll(first, step);
            DrawAll(second, step + 100);
            Array.ForEach(references, reference => reference.Step(0.1, 0.9, 0, 0, false, false));
            optimizer.Step();
        }

        Array.ForEach(references, reference => reference.AssertEqual());
    }

    [Fact]
    public void Momentum_may_begin_later()
    {
        ParameterBlock block = new(1, ParameterSpec.Ones("w", [4]));
        SGD optimizer = new(block, lr: 0.1, dampening: 0.5);
        Reference reference = new(block[0]);
        for (int step = 0; step < 6; step++)
        {
            optimizer.Groups[0].Momentum = step < 2 ? 0 : 0.9;
            DrawAll(block, step);
            reference.Step(0.1, step < 2 ? 0 : 0.9, 0.5, 0, false, false);
            optimizer.Step();
        }

        reference.AssertEqual();
    }

    [Fact]
    public void Steps_are_bit_equal_for_any_number_of_threads()
    {
        float[][] results = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            using ThreadCountScope scope = new(threads);
            ParameterBlock block = new(3, ParameterSpec.Uniform("a", [300_001], 1f), ParameterSpec.Uniform("b", [77_777], 1f));
            SGD optimizer = new(block, lr: 0.01, momentum: 0.9, weightDecay: 1e-4, nesterov: true);
            for (int step = 0; step < 5; step++)
            {
                DrawAll(block, step);
                optimizer.Step();
            }

            return block.Values.ToArray();
        })];
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Fact]
    public void Steps_allocate_nothing()
    {
        ParameterBlock block = new(3, ParameterSpec.Uniform("a", [300_000], 1f), ParameterSpec.Uniform("b", [7], 1f));
        SGD optimizer = new(block, lr: 1e-6, momentum: 0.9);
        StepLR scheduler = new(optimizer, stepSize: 1, gamma: 0.999);
        DrawAll(block, 1);
        Assert.Equal(0, Allocations.Of(() =>
        {
            optimizer.ZeroGrad();
            block.MarkGradient(0);
            block.MarkGradient(1);
            optimizer.Step();
            scheduler.Step();
        }));
    }

    [Fact]
    public void ZeroGrad_forgets_only_its_own_gradients()
    {
        ParameterBlock block = new(3, ParameterSpec.Ones("a", [3]), ParameterSpec.Ones("b", [7]));
        SGD optimizer = new(block.Take(1));
        DrawAll(block, 1);
        optimizer.ZeroGrad();
        Assert.False(block[0].HasGradient);
        Assert.True(block[1].HasGradient);
    }

    [Fact]
    public void An_infinite_weight_does_not_become_NaN_by_itself()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", []));
        block[0].Values[0] = float.PositiveInfinity;
        Draw(block, 0, _ => 1f);
        new SGD(block).Step();
        Assert.Equal(float.PositiveInfinity, block[0].Values[0]);
    }

    [Fact]
    public void Arguments_that_cannot_be_are_refused_by_name()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", [2]));
        Assert.Throws<ArgumentOutOfRangeException>("lr", () => new SGD(block, lr: -0.1));
        Assert.Throws<ArgumentOutOfRangeException>("lr", () => new SGD(block, lr: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("momentum", () => new SGD(block, momentum: -0.1));
        Assert.Throws<ArgumentOutOfRangeException>("dampening", () => new SGD(block, dampening: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("weightDecay", () => new SGD(block, weightDecay: -1));
        Assert.Throws<ArgumentOutOfRangeException>("nesterov", () => new SGD(block, nesterov: true));
        Assert.Throws<ArgumentOutOfRangeException>("nesterov", () => new SGD(block, momentum: 0.9, dampening: 0.1, nesterov: true));
        Assert.Throws<ArgumentException>("parameters", () => new SGD(block.Take(0)));
        Assert.Throws<ArgumentException>("parameters", () => new SGD(block.Concat(block)));
        Assert.Throws<ArgumentException>("groups", () => new SGD(Array.Empty<IEnumerable<Parameter>>()));
        Assert.Throws<ArgumentException>("parameters", () => new SGD([block, block]));
        Assert.Throws<ArgumentOutOfRangeException>("value", () => new SGD(block).Groups[0].LearningRate = -1);
    }

    private static void DrawAll(ParameterBlock block, int step)
    {
        Random random = new(step);
        for (int i = 0; i < block.Count; i++)
        {
            Draw(block, i, _ => (random.NextSingle() * 2) - 1);
        }
    }

    private static void Draw(ParameterBlock block, int index, Func<int, float> gradient)
    {
        block.MarkGradient(index);
        Span<float> gradients = block[index].Gradients;
        for (int i = 0; i < gradients.Length; i++)
        {
            gradients[i] = gradient(i);
        }
    }

    /// <summary>The definition, in double precision, a value at a time.</summary>
    private sealed class Reference(Parameter parameter)
    {
        private readonly double[] _values = parameter.Values.ToArray().Select(value => (double)value).ToArray();
        private double[]? _momenta;

        public void Step(double lr, double momentum, double dampening, double weightDecay, bool nesterov, bool maximize)
        {
            ReadOnlySpan<float> gradients = parameter.Gradients;
            bool isFirst = _momenta is null && momentum != 0;
            _momenta ??= momentum == 0 ? null : new double[_values.Length];
            for (int i = 0; i < _values.Length; i++)
            {
                double g = (maximize ? -gradients[i] : gradients[i]) + (weightDecay * _values[i]);
                if (_momenta is not null && momentum != 0)
                {
                    _momenta[i] = isFirst ? g : (momentum * _momenta[i]) + ((1 - dampening) * g);
                    g = nesterov ? g + (momentum * _momenta[i]) : _momenta[i];
                }

                _values[i] -= lr * g;
            }
        }

        public void AssertEqual()
        {
            for (int i = 0; i < _values.Length; i++)
            {
                float actual = parameter.Values[i];
                Assert.True(Math.Abs(actual - _values[i]) <= 5e-6 * Math.Max(1, Math.Abs(_values[i])), $"{parameter.Name}[{i}]: expected {_values[i]}, got {actual}.");
            }
        }
    }
}
