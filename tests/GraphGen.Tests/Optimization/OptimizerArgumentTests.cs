using Xunit;

namespace GraphGen.Tests.Optimization;

/// <summary>What optimizers are when nothing is said, and what they refuse.</summary>
public sealed class OptimizerArgumentTests
{
    private static readonly (double, double) Betas = (0.9, 0.999);

    private readonly ParameterBlock _block = new(0, ParameterSpec.Ones("w", [2]));

    [Fact]
    public void Defaults_are_those_of_PyTorch()
    {
        Check(new SGD(_block), ("lr", 1e-3), ("momentum", 0), ("dampening", 0), ("weight_decay", 0), ("nesterov", false));
        Check(new Adam(_block), ("lr", 1e-3), ("betas", Betas), ("eps", 1e-8), ("weight_decay", 0), ("amsgrad", false));
        Check(new AdamW(_block), ("lr", 1e-3), ("betas", Betas), ("eps", 1e-8), ("weight_decay", 1e-2), ("amsgrad", false));
        Check(new Adamax(_block), ("lr", 2e-3), ("betas", Betas), ("eps", 1e-8), ("weight_decay", 0));
        Check(
            new NAdam(_block),
            ("lr", 2e-3), ("betas", Betas), ("eps", 1e-8), ("weight_decay", 0), ("momentum_decay", 4e-3), ("decoupled_weight_decay", false));
        Check(new RAdam(_block), ("lr", 1e-3), ("betas", Betas), ("eps", 1e-8), ("weight_decay", 0), ("decoupled_weight_decay", false));
        Check(new Adagrad(_block), ("lr", 1e-2), ("lr_decay", 0), ("weight_decay", 0), ("initial_accumulator_value", 0), ("eps", 1e-10));
        Check(new Adadelta(_block), ("lr", 1), ("rho", 0.9), ("eps", 1e-6), ("weight_decay", 0));
        Check(new RMSprop(_block), ("lr", 1e-2), ("alpha", 0.99), ("eps", 1e-8), ("weight_decay", 0), ("momentum", 0), ("centered", false));
        Check(new ASGD(_block), ("lr", 1e-2), ("lambd", 1e-4), ("alpha", 0.75), ("t0", 1e6), ("weight_decay", 0));
        Check(new Rprop(_block), ("lr", 1e-2), ("etas", (0.5, 1.2)), ("step_sizes", (1e-6, 50.0)));
    }

    [Fact]
    public void Adam_and_its_kin_refuse_by_name()
    {
        Refuses<double>("lr", lr => new Adam(_block, lr), -1, double.NaN);
        Refuses<double>("eps", eps => new Adam(_block, eps: eps), -1e-9, double.NaN);
        Refuses<double>("weightDecay", decay => new Adam(_block, weightDecay: decay), -1, double.NaN);
        Refuses<(double, double)>("betas", betas => new Adam(_block, betas: betas), (-0.1, 0.9), (1, 0.9), (0.9, 1), (0.9, -0.1), (double.NaN, 0), (0, double.NaN));

        Refuses<double>("lr", lr => new AdamW(_block, lr), -1, double.NaN);
        Refuses<double>("eps", eps => new AdamW(_block, eps: eps), -1, double.NaN);
        Refuses<double>("weightDecay", decay => new AdamW(_block, weightDecay: decay), -1, double.NaN);
        Refuses<(double, double)>("betas", betas => new AdamW(_block, betas: betas), (1, 0.9), (0.9, 1));

        Refuses<double>("lr", lr => new Adamax(_block, lr), -1, double.NaN);
        Refuses<double>("eps", eps => new Adamax(_block, eps: eps), -1, double.NaN);
        Refuses<double>("weightDecay", decay => new Adamax(_block, weightDecay: decay), -1, double.NaN);
        Refuses<(double, double)>("betas", betas => new Adamax(_block, betas: betas), (1, 0.9), (0.9, 1));

        Refuses<double>("lr", lr => new NAdam(_block, lr), -1, double.NaN);
        Refuses<double>("eps", eps => new NAdam(_block, eps: eps), -1, double.NaN);
        Refuses<double>("weightDecay", decay => new NAdam(_block, weightDecay: decay), -1, double.NaN);
        Refuses<double>("momentumDecay", decay => new NAdam(_block, momentumDecay: decay), -1, double.NaN);
        Refuses<(double, double)>("betas", betas => new NAdam(_block, betas: betas), (1, 0.9), (0.9, 1));

        Refuses<double>("lr", lr => new RAdam(_block, lr), -1, double.NaN);
        Refuses<double>("eps", eps => new RAdam(_block, eps: eps), -1, double.NaN);
        Refuses<double>("weightDecay", decay => new RAdam(_block, weightDecay: decay), -1, double.NaN);
        Refuses<(double, double)>("betas", betas => new RAdam(_block, betas: betas), (1, 0.9), (0.9, 1));
    }

    [Fact]
    public void The_others_refuse_by_name()
    {
        Refuses<double>("lr", lr => new Adagrad(_block, lr), -1, double.NaN);
        Refuses<double>("lrDecay", decay => new Adagrad(_block, lrDecay: decay), -1, double.NaN);
        Refuses<double>("weightDecay", decay => new Adagrad(_block, weightDecay: decay), -1, double.NaN);
        Refuses<double>("initialAccumulatorValue", value => new Adagrad(_block, initialAccumulatorValue: value), -1, double.NaN);
        Refuses<double>("eps", eps => new Adagrad(_block, eps: eps), -1, double.NaN);

        Refuses<double>("lr", lr => new Adadelta(_block, lr), -1, double.NaN);
        Refuses<double>("rho", rho => new Adadelta(_block, rho: rho), -0.1, 1.1, double.NaN);
        Refuses<double>("eps", eps => new Adadelta(_block, eps: eps), -1, double.NaN);
        Refuses<double>("weightDecay", decay => new Adadelta(_block, weightDecay: decay), -1, double.NaN);

        Refuses<double>("lr", lr => new RMSprop(_block, lr), -1, double.NaN);
        Refuses<double>("alpha", alpha => new RMSprop(_block, alpha: alpha), -1, double.NaN);
        Refuses<double>("eps", eps => new RMSprop(_block, eps: eps), -1, double.NaN);
        Refuses<double>("weightDecay", decay => new RMSprop(_block, weightDecay: decay), -1, double.NaN);
        Refuses<double>("momentum", momentum => new RMSprop(_block, momentum: momentum), -1, double.NaN);

        Refuses<double>("lr", lr => new ASGD(_block, lr), -1, double.NaN);
        Refuses<double>("lambd", lambd => new ASGD(_block, lambd: lambd), -1, double.NaN);
        Refuses<double>("alpha", alpha => new ASGD(_block, alpha: alpha), double.NaN);
        Refuses<double>("t0", t0 => new ASGD(_block, t0: t0), double.NaN);
        Refuses<double>("weightDecay", decay => new ASGD(_block, weightDecay: decay), -1, double.NaN);

        Refuses<double>("lr", lr => new Rprop(_block, lr), -1, double.NaN);
        Refuses<(double, double)>("etas", etas => new Rprop(_block, etas: etas), (0, 1.2), (1, 1.2), (0.5, 1), (double.NaN, 1.2), (0.5, double.NaN));
        Refuses<(double, double)>("stepSizes", sizes => new Rprop(_block, stepSizes: sizes), (-1, 1), (2, 1), (double.NaN, 1), (0, double.NaN));
    }

    [Fact]
    public void Parameters_are_refused_as_SGD_refuses_them()
    {
        Assert.Throws<ArgumentException>("parameters", () => new Adam(_block.Take(0)));
        Assert.Throws<ArgumentException>("parameters", () => new NAdam(_block.Concat(_block)));
        Assert.Throws<ArgumentException>("groups", () => new Rprop(Array.Empty<IEnumerable<Parameter>>()));
        Assert.Throws<ArgumentException>("parameters", () => new ASGD([_block, _block]));
    }

    [Fact]
    public void A_refused_option_of_a_group_stays_what_it_was()
    {
        AdamGroup adam = new Adam(_block).Groups[0];
        Assert.Throws<ArgumentOutOfRangeException>("value", () => adam.Betas = (0.5, 1));
        Assert.Throws<ArgumentOutOfRangeException>("value", () => adam.Eps = -1);
        Assert.Throws<ArgumentOutOfRangeException>("value", () => adam.WeightDecay = double.NaN);
        Assert.Throws<ArgumentOutOfRangeException>("value", () => adam.LearningRate = -1);
        Assert.Equal((0.9, 0.999), adam.Betas);
        Assert.Equal((1e-8, 0, 1e-3), (adam.Eps, adam.WeightDecay, adam.LearningRate));

        RpropGroup rprop = new Rprop(_block).Groups[0];
        Assert.Throws<ArgumentOutOfRangeException>("value", () => rprop.Etas = (1.2, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>("value", () => rprop.StepSizes = (50, 1e-6));
        Assert.Equal((0.5, 1.2), rprop.Etas);
        Assert.Equal((1e-6, 50), rprop.StepSizes);

        AdadeltaGroup adadelta = new Adadelta(_block).Groups[0];
        Assert.Throws<ArgumentOutOfRangeException>("value", () => adadelta.Rho = 2);
        Assert.Equal(0.9, adadelta.Rho);
        Assert.Throws<ArgumentOutOfRangeException>("value", () => new NAdam(_block).Groups[0].MomentumDecay = -1);
        Assert.Throws<ArgumentOutOfRangeException>("value", () => new RMSprop(_block).Groups[0].Alpha = -1);
        Assert.Throws<ArgumentOutOfRangeException>("value", () => new Adagrad(_block).Groups[0].LrDecay = -1);
        Assert.Throws<ArgumentOutOfRangeException>("value", () => new ASGD(_block).Groups[0].Lambd = -1);
    }

    private static void Refuses<T>(string argument, Func<T, Optimizer> create, params T[] values) =>
        Assert.All(values, value => Assert.Throws<ArgumentOutOfRangeException>(argument, () => create(value)));

    // All of a group's options but those that every optimizer has: maximize and the penalty, off.
    private static void Check(Optimizer optimizer, params (string Name, object Value)[] expected)
    {
        Dictionary<string, object> saved = OptimizerOptions.Save(optimizer.Groups[0]);
        Assert.Equal(expected.Select(option => option.Name).Concat(["maximize", "l1"]).Order(), saved.Keys.Order());
        Assert.Equal(false, saved["maximize"]);
        Assert.Equal(0.0, saved["l1"]);
        foreach ((string name, object value) in expected)
        {
            object plain = value switch
            {
                int number => (double)number,
                (double first, double second) => new[] { first, second },
                _ => value,
            };
            Assert.Equal(plain, saved[name]);
        }
    }
}
