using System.Runtime.CompilerServices;
using Xunit;

namespace GraphGen.Tests.Optimization;

/// <summary>Looks at the states of a parameter where they lie.</summary>
internal static unsafe class OptimizerStates
{
    private const int States = 4;
    private const int Numbers = 4;

    /// <summary>A parameter's part of a state, by the state's name.</summary>
    internal static ReadOnlySpan<float> State(Optimizer optimizer, Parameter parameter, string name)
    {
        for (int i = 0; i < States; i++)
        {
            if (StateName(optimizer, i) == name)
            {
                return State(optimizer, parameter, i, out _)[..parameter.Length];
            }
        }

        Assert.Fail($"There is no state '{name}'.");
        return [];
    }

    /// <summary>One of the numbers of a parameter, by its name.</summary>
    internal static double Number(Optimizer optimizer, Parameter parameter, string name)
    {
        for (int i = 0; i < Numbers; i++)
        {
            if (NumberName(optimizer, i) == name)
            {
                (ParameterGroup group, int slot) = Find(optimizer, parameter);
                return Number(group, i, slot);
            }
        }

        Assert.Fail($"There is no number '{name}'.");
        return 0;
    }

    /// <summary>The floats of all states between the end of a parameter and the next.</summary>
    internal static float[] Padding(Optimizer optimizer, Parameter parameter)
    {
        List<float> padding = [];
        for (int i = 0; i < States; i++)
        {
            padding.AddRange(State(optimizer, parameter, i, out _)[parameter.Length..]);
        }

        return [.. padding];
    }

    private static ReadOnlySpan<float> State(Optimizer optimizer, Parameter parameter, int index, out bool isNew)
    {
        (ParameterGroup group, int slot) = Find(optimizer, parameter);
        return new(StatePointer(group, index, slot, 1, out isNew), (parameter.Length + 15) & -16);
    }

    // In a group states lie in the order of the parameters' places, here in one block.
    private static (ParameterGroup Group, int Slot) Find(Optimizer optimizer, Parameter parameter)
    {
        ParameterGroup group = optimizer.Groups.Single(group => group.Parameters.Contains(parameter));
        return (group, group.Parameters.Count(other => other.Offset < parameter.Offset));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "StatePointer")]
    private static extern float* StatePointer(ParameterGroup group, int index, int first, int count, out bool isNew);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Number")]
    private static extern double Number(ParameterGroup group, int index, int slot);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "StateName")]
    private static extern string StateName(Optimizer optimizer, int index);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "NumberName")]
    private static extern string NumberName(Optimizer optimizer, int index);
}
