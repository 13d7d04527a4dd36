using System.Globalization;
using System.Runtime.CompilerServices;

namespace GraphGen;

/// <summary>The checks of schedulers' arguments that optimizers do not share.</summary>
internal static class ScheduleArgument
{
    /// <summary>The value, if it is from 0 to 1, without 0.</summary>
    public static double PositiveFactor(double value, [CallerArgumentExpression(nameof(value))] string? argument = null)
    {
        if (!(value is > 0 and <= 1))
        {
            Hyperparameter.Throw(value, "more than 0 and at most 1", argument);
        }

        return value;
    }

    /// <summary>The value, if it is from 0 to 1, without 1.</summary>
    public static double FactorBelowOne(double value, [CallerArgumentExpression(nameof(value))] string? argument = null)
    {
        if (!(value is >= 0 and < 1))
        {
            Hyperparameter.Throw(value, "0 or more and less than 1", argument);
        }

        return value;
    }

    /// <summary>The epochs, if none is smaller than the one before, nor the first smaller than the smallest that may be.</summary>
    public static int[] Milestones(int minimum, IEnumerable<int> milestones, [CallerArgumentExpression(nameof(milestones))] string? argument = null)
    {
        ArgumentNullException.ThrowIfNull(milestones, argument);
        int[] epochs = [.. milestones];
        int before = minimum;
        foreach (int epoch in epochs)
        {
            if (epoch < before)
            {
                Hyperparameter.Throw(epoch, before == minimum ? $"epochs of {minimum} or more" : $"epochs in rising order after {before}", argument);
            }

            before = epoch;
        }

        return epochs;
    }

    /// <summary>The value, if the enumeration has it.</summary>
    public static TEnum Defined<TEnum>(TEnum value, [CallerArgumentExpression(nameof(value))] string? argument = null)
        where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            Hyperparameter.Throw(value, $"a {typeof(TEnum).Name}", argument);
        }

        return value;
    }

    /// <summary>Exchanges epochs in rising order; as many come back as go in.</summary>
    public static int[] ExchangeMilestones(StateExchange state, string name, int minimum, int[] milestones)
    {
        double[] numbers = state.Exchange(name, Array.ConvertAll(milestones, epoch => (double)epoch));
        foreach (double number in numbers)
        {
            if (number != Math.Floor(number) || number > int.MaxValue)
            {
                throw new StateDictException($"Expected '{name}' to be epochs, got {number}.");
            }
        }

        return Milestones(minimum, Array.ConvertAll(numbers, number => (int)number), name);
    }

    /// <summary>Exchanges a choice under PyTorch's name for it.</summary>
    /// <param name="state">Notes or restores.</param>
    /// <param name="name">The setting.</param>
    /// <param name="value">What it is.</param>
    /// <param name="texts">The names of the choices, in the order of their values.</param>
    public static int ExchangeChoice(StateExchange state, string name, int value, ReadOnlySpan<string> texts)
    {
        string text = state.Exchange(name, texts[value]);
        int choice = texts.IndexOf(text);
        return choice >= 0
            ? choice
            : throw new StateDictException($"Expected '{name}' to be one of {string.Join(", ", texts.ToArray())}, got '{text}'.");
    }

    /// <summary>Each of the values, if it is at least 0.</summary>
    public static double[] NotNegative(double[] values, string argument)
    {
        foreach (double value in values)
        {
            Hyperparameter.NotNegative(value, argument);
        }

        return values;
    }

    /// <summary>Each of the momenta, if it is from 0 to 1, without 1.</summary>
    public static double[] Momenta(double[] values, string argument)
    {
        foreach (double value in values)
        {
            FactorBelowOne(value, argument);
        }

        return values;
    }

    /// <summary>Refuses an optimizer with a group that has no momentum.</summary>
    public static void RequireMomentum(Optimizer optimizer, string argument)
    {
        foreach (ParameterGroup group in optimizer.Groups)
        {
            if (group.CycledMomentum is null)
            {
                throw new ArgumentException($"Expected an optimizer with a momentum or a beta1 to cycle, got {optimizer.GetType().Name}.", argument);
            }
        }
    }

    /// <summary>The schedulers that another joins: at least one, each once, all of one optimizer.</summary>
    public static LearningRateScheduler[] Parts(IEnumerable<LearningRateScheduler> schedulers, Optimizer? optimizer)
    {
        ArgumentNullException.ThrowIfNull(schedulers);
        LearningRateScheduler[] parts = [.. schedulers];
        if (parts.Length == 0)
        {
            throw new ArgumentException("Expected at least one scheduler, got none.", nameof(schedulers));
        }

        for (int i = 0; i < parts.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(parts[i], nameof(schedulers));
            if (parts[i].Optimizer != (optimizer ?? parts[0].Optimizer))
            {
                throw new ArgumentException($"Expected schedulers of one optimizer, got another's at {i}.", nameof(schedulers));
            }

            if (Array.IndexOf(parts, parts[i]) < i)
            {
                throw new ArgumentException($"Expected schedulers that differ, got the one at {i} twice.", nameof(schedulers));
            }
        }

        return parts;
    }

    /// <summary>Exchanges the states of schedulers that another joins.</summary>
    public static void ExchangeParts(StateExchange state, LearningRateScheduler[] schedulers)
    {
        StateExchange parts = state.Part("_schedulers");
        for (int i = 0; i < schedulers.Length; i++)
        {
            schedulers[i].Exchange(parts.Part(i.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
