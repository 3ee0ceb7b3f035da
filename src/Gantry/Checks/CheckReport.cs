namespace Gantry.Checks;

/// <summary>The checks of a plan, a verification or a search for drift, for programs that read results of tests and of analyses.</summary>
/// <param name="Name">The name: <c>promotion of 1.4.2 to prod</c>.</param>
/// <param name="Checks">The checks.</param>
public sealed record CheckReport(string Name, IReadOnlyList<Check> Checks)
{
    /// <summary>
    /// The file that the checks are about, with '/' as separator: the declaration of the environments; null when there is none.
    /// </summary>
    public string? File { get; init; }
}

/// <summary>One check.</summary>
/// <param name="Group">What is checked, for people: an environment, a registry, a host.</param>
/// <param name="Name">The name of the check within its group.</param>
/// <param name="State">The result.</param>
public sealed record Check(string Group, string Name, CheckState State)
{
    /// <summary>The code in docs/diagnostics.md; null when there is none.</summary>
    public string? Code { get; init; }

    /// <summary>What was found, as one sentence without a full stop; null when there is nothing to say.</summary>
    public string? Message { get; init; }

    /// <summary>The remedy, as one sentence without a full stop; null when there is none.</summary>
    public string? Remedy { get; init; }

    /// <summary>The file that the check is about, instead of that of the report; null for that.</summary>
    public string? File { get; init; }

    /// <summary>The line in that file, from 1; null when it is not known.</summary>
    public long? Line { get; init; }

    /// <summary>Creates a check that failed with an error.</summary>
    /// <param name="group">What is checked.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="error">The error.</param>
    /// <param name="state">The result; failed by default.</param>
    public static Check Of(string group, string name, Exception error, CheckState state = CheckState.Failed) => new(group, name, state)
    {
        Code = (error as GantryException)?.Code,
        Message = (error as GantryException)?.Problem ?? error.Message,
        Remedy = (error as GantryException)?.Remedy,
    };
}

/// <summary>The results of a check.</summary>
public enum CheckState
{
    /// <summary>It is as it should be, or as the plan says that it will be.</summary>
    Passed,

    /// <summary>It is not as it should be.</summary>
    Failed,

    /// <summary>A person should look at it.</summary>
    Warning,

    /// <summary>It is not decided, or was not read.</summary>
    Open,
}
