namespace GraphGen;

/// <summary>
/// An option that a loop is compiled for: decided once before the loop, a constant inside. Loops are generic over their switches.
/// </summary>
internal interface ISwitch
{
    /// <summary>Whether the option is asked for.</summary>
    public static abstract bool IsOn { get; }
}

/// <summary>The option is asked for.</summary>
internal readonly struct On : ISwitch
{
    public static bool IsOn => true;
}

/// <summary>The option is not asked for.</summary>
internal readonly struct Off : ISwitch
{
    public static bool IsOn => false;
}
