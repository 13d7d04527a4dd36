using System.Text.Json;
using System.Text.Json.Serialization;
using Xunit;

namespace GraphGen.Tests.Optimization;

/// <summary>What an optimizer tells of itself: its defaults and what it remembers of a parameter.</summary>
public sealed class OptimizerDefaultsTests
{
    private static readonly JsonSerializerOptions AllNumbers = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly ParameterBlock _block = new(0, ParameterSpec.Ones("a", [3]), ParameterSpec.Ones("b", [2, 4]), ParameterSpec.Ones("c", [5]));

    public static TheoryData<string> Optimizers => [.. Make(new ParameterBlock(0, ParameterSpec.Ones("w", [2, 2]))).Keys];

    [Fact]
    public void Defaults_are_what_it_was_constructed_with()
    {
        var adam = new Adam(_block.Take(1), lr: 0.5, betas: (0.8, 0.9), amsgrad: true);
        adam.Groups[0].LearningRate = 0.25;
        Assert.Empty(adam.Defaults.Parameters);
        Assert.Equal((0.5, (0.8, 0.9), 1e-8, true), (adam.Defaults.LearningRate, adam.Defaults.Betas, adam.Defaults.Eps, adam.Defaults.Amsgrad));
        Assert.Same(adam.Defaults, ((Optimizer)adam).Defaults);
    }

    [Fact]
    public void Groups_added_later_start_with_changed_defaults()
    {
        var adam = new Adam(_block.Take(1), lr: 0.5);
        adam.Defaults.LearningRate = 0.125;
        adam.Defaults.Betas = (0.5, 0.75);
        adam.Defaults.L1 = 2;
        AdamGroup added = adam.AddParamGroup(_block.Skip(1));
        Assert.Equal((0.125, (0.5, 0.75), 2), (added.LearningRate, added.Betas, added.L1));
        Assert.Equal((0.5, (0.9, 0.999), 0), (adam.Groups[0].LearningRate, adam.Groups[0].Betas, adam.Groups[0].L1));

        // A scheduler notes the new group's own rate, not one of the defaults'.
        Assert.Null(added.InitialLearningRate);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Every_optimizer_has_defaults_like_its_first_group(string name)
    {
        Optimizer optimizer = Make(new ParameterBlock(0, ParameterSpec.Ones("w", [2, 2])))[name];
        Assert.Empty(optimizer.Defaults.Parameters);
        Assert.Equal(Json(optimizer.Groups[0]), Json(optimizer.Defaults));
        Assert.Single(optimizer.Groups);
    }

    [Fact]
    public void What_it_remembers_of_a_parameter_can_be_read()
    {
        var nadam = new NAdam(_block);
        Assert.Empty(nadam.State(_block["b"]));
        _block.MarkGradient(1);
        _block["b"].Gradients.Fill(2);
        nadam.Step();

        StateDict state = nadam.State(_block["b"]);
        Assert.Equal(["step", "exp_avg", "exp_avg_sq", "mu_product"], state.Names);
        Assert.Equal([2, 4], state["exp_avg"].Shape);
        Assert.Equal(1, state["step"].ToDouble());
        Assert.All(state["exp_avg"].ToArray(), value => Assert.Equal(0.2f, value, 1e-6f));

        Assert.Empty(nadam.State(_block["a"]));
        var other = new ParameterBlock(0, ParameterSpec.Ones("z", [1]));
        Assert.Throws<ArgumentException>("parameter", () => nadam.State(other[0]));
        Assert.Throws<ArgumentNullException>("parameter", () => nadam.State(null!));
    }

    [Fact]
    public void Refusals_name_the_option()
    {
        var adam = new Adam(_block);
        Refuses("LearningRate", () => adam.Groups[0].LearningRate = -1);
        Refuses("InitialLearningRate", () => adam.Groups[0].InitialLearningRate = -1);
        Refuses("InitialLearningRate", () => adam.Groups[0].InitialLearningRate = double.NaN);
        Refuses("Betas", () => adam.Groups[0].Betas = (1, 0));
        Refuses("StepSizes", () => new Rprop(_block).Groups[0].StepSizes = (2, 1));
        Refuses("NsSteps", () => new Muon(_block.Where(parameter => parameter.Name == "b")).Groups[0].NsSteps = -1);
        Refuses("MaxIter", () => new LBFGS(_block).Groups[0].MaxIter = 0);
        Assert.Null(adam.Groups[0].InitialLearningRate);

        static void Refuses(string property, Action set) =>
            Assert.StartsWith($"Expected {property} to be ", Assert.Throws<ArgumentOutOfRangeException>("value", set).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_null_among_the_parameters_is_refused_as_such()
    {
        Assert.Throws<ArgumentNullException>("parameters", () => new Adam([_block[0], null!]));
        Assert.Throws<ArgumentNullException>("parameters", () => new LBFGS([null!]));
    }

    [Fact]
    public void A_line_search_refuses_a_second_group()
    {
        var optimizer = new LBFGS(_block.Take(1));
        Assert.Throws<InvalidOperationException>(() => optimizer.AddParamGroup(_block.Skip(1)));
        Assert.Single(optimizer.Groups);
    }

    private static string Json(ParameterGroup group) =>
        JsonSerializer.Serialize(OptimizerOptions.Save(group), AllNumbers);

    private static Dictionary<string, Optimizer> Make(ParameterBlock block)
    {
        Optimizer[] all =
        [
            new SGD(block, momentum: 0.5), new Adam(block), new AdamW(block), new Adamax(block), new NAdam(block), new RAdam(block), new Adagrad(block),
            new Adadelta(block), new RMSprop(block), new ASGD(block), new Rprop(block), new SparseAdam(block), new Adafactor(block), new Muon(block),
            new LBFGS(block, maxIter: 7), new ConjugateGradient(block),
        ];
        return all.ToDictionary(optimizer => optimizer.GetType().Name);
    }
}
