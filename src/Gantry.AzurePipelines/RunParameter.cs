namespace Gantry.AzurePipelines;

/// <summary>
/// A choice of the person who starts a run by hand. The build gets it as an environment variable of the same name, and so as a parameter.
/// </summary>
/// <param name="Name">The name: <c>Reason</c>.</param>
public sealed record RunParameter(string Name)
{
    /// <summary>The name that people see; null for <see cref="Name"/>.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The value of runs that start by themselves; null for the first of <see cref="Values"/>, or nothing.</summary>
    public string? Default { get; init; }

    /// <summary>The values to choose from; empty for any text.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];
}
