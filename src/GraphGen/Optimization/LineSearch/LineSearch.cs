namespace GraphGen;

/// <summary>How <see cref="LBFGS"/> finds out how far to go along its direction.</summary>
public enum LineSearch
{
    /// <summary>It does not: each step is the learning rate long. PyTorch's <c>line_search_fn=None</c>.</summary>
    None,

    /// <summary>By a search for a step that satisfies the strong Wolfe conditions. PyTorch's <c>line_search_fn="strong_wolfe"</c>.</summary>
    StrongWolfe,
}
