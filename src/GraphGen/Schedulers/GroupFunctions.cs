namespace GraphGen;

/// <summary>A function of the epoch: one for all groups, or one for each.</summary>
internal readonly struct GroupFunctions
{
    private readonly Func<int, double>[] _functions;
    private readonly bool _isForAll;

    public GroupFunctions(Func<int, double> lrLambda)
    {
        ArgumentNullException.ThrowIfNull(lrLambda);
        _functions = [lrLambda];
        _isForAll = true;
    }

    public GroupFunctions(IEnumerable<Func<int, double>> lrLambdas, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(lrLambdas);
        _functions = [.. lrLambdas];
        if (_functions.Length != optimizer.Groups.Count)
        {
            Hyperparameter.Throw(_functions.Length, $"{optimizer.Groups.Count} functions, one for each group", nameof(lrLambdas));
        }

        foreach (Func<int, double> function in _functions)
        {
            ArgumentNullException.ThrowIfNull(function, nameof(lrLambdas));
        }
    }

    /// <summary>A group's function; null if the group came after functions had been given to each.</summary>
    public Func<int, double>? Of(int group) => _isForAll ? _functions[0] : group < _functions.Length ? _functions[group] : null;
}
