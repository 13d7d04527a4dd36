using Xunit;

namespace GraphGen.Tests.Golden;

/// <summary>Learning rates and momenta over 200 steps are PyTorch's to 1e-7 of themselves.</summary>
public sealed class GoldenSchedulerTests
{
    private const double Tolerance = 1e-7;

    public static TheoryData<string> All => [.. SchedulerCase.Names];

    public static TheoryData<string> ByHand => Where(each => each.RatesByHand is not null);

    public static TheoryData<string> Resumable => Where(each => each.Resumes);

    [Theory]
    [MemberData(nameof(All))]
    public void Two_hundred_steps(string name)
    {
        SchedulerCase golden = SchedulerCase.Get(name);
        Optimizer optimizer = golden.MakeOptimizer();
        LearningRateScheduler scheduler = golden.MakeScheduler(optimizer);
        Check(golden, golden.Rates, optimizer, 0);
        for (int epoch = 0; epoch < SchedulerCase.Epochs; epoch++)
        {
            golden.Step(scheduler, epoch);
            Check(golden, golden.Rates, optimizer, epoch + 1);
            Assert.Equal(optimizer.Groups.Select(group => group.LearningRate), scheduler.LastLearningRates);
        }
    }

    [Theory]
    [MemberData(nameof(ByHand))]
    public void A_rate_set_by_hand_in_the_middle(string name)
    {
        SchedulerCase golden = SchedulerCase.Get(name);
        Optimizer optimizer = golden.MakeOptimizer();
        LearningRateScheduler scheduler = golden.MakeScheduler(optimizer);
        for (int epoch = 0; epoch < SchedulerCase.Epochs; epoch++)
        {
            if (epoch == SchedulerCase.HandEpoch)
            {
                optimizer.Groups[0].LearningRate = SchedulerCase.HandRate;
            }

            golden.Step(scheduler, epoch);
            Check(golden, golden.RatesByHand!, optimizer, epoch + 1);
        }
    }

    /// <summary>In new objects, twice: before the change by hand and after it.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Saved_and_loaded_in_the_middle(string name)
    {
        SchedulerCase golden = SchedulerCase.Get(name);
        double[][] rates = golden.RatesByHand ?? golden.Rates;
        Optimizer optimizer = golden.MakeOptimizer();
        LearningRateScheduler scheduler = golden.MakeScheduler(optimizer);
        for (int epoch = 0; epoch < SchedulerCase.Epochs; epoch++)
        {
            if (epoch is 77 or 133)
            {
                (StateDict optimizerState, StateDict schedulerState) = (optimizer.StateDict(), scheduler.StateDict());
                Optimizer loaded = golden.MakeOptimizer();
                scheduler = golden.MakeScheduler(loaded);
                if (epoch == 77)
                {
                    loaded.LoadStateDict(optimizerState);
                    scheduler.LoadStateDict(schedulerState);
                }
                else
                {
                    scheduler.LoadStateDict(schedulerState);
                    loaded.LoadStateDict(optimizerState);
                }

                Assert.Equal(optimizer.Groups.Select(group => group.LearningRate), loaded.Groups.Select(group => group.LearningRate));
                Assert.Equal(schedulerState.Metadata, scheduler.StateDict().Metadata);
                optimizer = loaded;
            }

            if (epoch == SchedulerCase.HandEpoch && golden.RatesByHand is not null)
            {
                optimizer.Groups[0].LearningRate = SchedulerCase.HandRate;
            }

            golden.Step(scheduler, epoch);
            Check(golden, rates, optimizer, epoch + 1);
        }
    }

    [Theory]
    [MemberData(nameof(Resumable))]
    public void Constructed_in_the_middle(string name)
    {
        SchedulerCase golden = SchedulerCase.Get(name);
        Optimizer optimizer = golden.MakeOptimizer();
        golden.MakeScheduler(optimizer);
        for (int i = 0; i < optimizer.Groups.Count; i++)
        {
            optimizer.Groups[i].LearningRate = golden.Rates[i][SchedulerCase.ResumeEpoch + 1];
        }

        EpochScheduler scheduler = (EpochScheduler)golden.MakeScheduler(optimizer, SchedulerCase.ResumeEpoch);
        for (int epoch = SchedulerCase.ResumeEpoch + 1; epoch <= SchedulerCase.Epochs; epoch++)
        {
            Assert.Equal(epoch, scheduler.LastEpoch);
            Check(golden, golden.Rates, optimizer, epoch);
            if (epoch < SchedulerCase.Epochs)
            {
                scheduler.Step();
            }
        }
    }

    private static void Check(SchedulerCase golden, double[][] rates, Optimizer optimizer, int epoch)
    {
        for (int i = 0; i < rates.Length; i++)
        {
            CheckOne(rates[i][epoch], optimizer.Groups[i].LearningRate, "rate");
            if (golden.Momenta is not null)
            {
                CheckOne(golden.Momenta[i][epoch], SchedulerCase.Momentum(optimizer.Groups[i]), "momentum");
            }

            void CheckOne(double expected, double actual, string what) => Assert.True(
                Math.Abs(actual - expected) <= Tolerance * Math.Abs(expected),
                $"{golden.Name}: the {what} of group {i} in epoch {epoch} is {actual:R}, PyTorch's is {expected:R}.");
        }
    }

    private static TheoryData<string> Where(Func<SchedulerCase, bool> condition) => [.. SchedulerCase.Names.Where(name => condition(SchedulerCase.Get(name)))];
}
