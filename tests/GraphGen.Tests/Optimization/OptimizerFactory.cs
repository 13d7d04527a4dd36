using GraphGen.Tests.Golden;

namespace GraphGen.Tests.Optimization;

/// <summary>Makes every elementwise optimizer from options under PyTorch's names.</summary>
internal static class OptimizerFactory
{
    internal static readonly string[] Names =
    [
        nameof(SGD), nameof(Adam), nameof(AdamW), nameof(Adamax), nameof(NAdam), nameof(RAdam), nameof(Adagrad), nameof(Adadelta),
        nameof(RMSprop), nameof(ASGD), nameof(Rprop),
    ];

    /// <summary>
    /// An optimizer with the options of a golden file's case: group 0 has them from the constructor, group 1 under PyTorch's names.
    /// </summary>
    internal static Optimizer Create(string name, OptimizerGoldenCase golden, Parameter[][] groups)
    {
        Optimizer optimizer = Create(name, groups, new OptimizerOptions(golden.Groups[0]));
        OptimizerOptions.Load(optimizer.Groups[0], l1Only: true, golden.Groups[0]);
        OptimizerOptions.Load(optimizer.Groups[1], l1Only: false, golden.Groups[1]);
        return optimizer;
    }

    internal static Optimizer Create(string name, Parameter[][] groups, OptimizerOptions o)
    {
        double lr = o.Number("lr");
        double weightDecay = name == "Rprop" ? 0 : o.Number("weight_decay");
        bool maximize = o.Flag("maximize");
        return name switch
        {
            nameof(SGD) => new SGD(groups, lr, o.Number("momentum"), o.Number("dampening"), weightDecay, o.Flag("nesterov"), maximize),
            nameof(Adam) => new Adam(groups, lr, o.Pair("betas"), o.Number("eps"), weightDecay, o.Flag("amsgrad"), maximize),
            nameof(AdamW) => new AdamW(groups, lr, o.Pair("betas"), o.Number("eps"), weightDecay, o.Flag("amsgrad"), maximize),
            nameof(RMSprop) => new RMSprop(
                groups, lr, o.Number("alpha"), o.Number("eps"), weightDecay, o.Number("momentum"), o.Flag("centered"), maximize),
            nameof(Adagrad) => new Adagrad(
                groups, lr, o.Number("lr_decay"), weightDecay, o.Number("initial_accumulator_value"), o.Number("eps"), maximize),
            nameof(Adamax) => new Adamax(groups, lr, o.Pair("betas"), o.Number("eps"), weightDecay, maximize),
            nameof(NAdam) => new NAdam(
                groups, lr, o.Pair("betas"), o.Number("eps"), weightDecay, o.Number("momentum_decay"), o.Flag("decoupled_weight_decay"), maximize),
            nameof(RAdam) => new RAdam(groups, lr, o.Pair("betas"), o.Number("eps"), weightDecay, o.Flag("decoupled_weight_decay"), maximize),
            nameof(Adadelta) => new Adadelta(groups, lr, o.Number("rho"), o.Number("eps"), weightDecay, maximize),
            nameof(ASGD) => new ASGD(groups, lr, o.Number("lambd"), o.Number("alpha"), o.Number("t0"), weightDecay, maximize),
            nameof(Rprop) => new Rprop(groups, lr, o.Pair("etas"), o.Pair("step_sizes"), maximize),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such optimizer."),
        };
    }
}
