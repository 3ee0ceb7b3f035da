using Gantry.GitHubActions.Service;

namespace Gantry.GitHubActions.Provisioning;

/// <summary>The changes that bring the environments of a repository to what is declared. Nothing is written yet.</summary>
public sealed record EnvironmentPlan
{
    internal EnvironmentPlan(IReadOnlyList<EnvironmentChange> changes) => Changes = changes;

    /// <summary>The environments that change, in promotion order.</summary>
    public IReadOnlyList<EnvironmentChange> Changes { get; }

    /// <summary>True when every environment is as declared.</summary>
    public bool ChangesNothing => Changes.Count == 0;

    /// <summary>The changes that make the protection of an environment weaker, for people.</summary>
    public IReadOnlyList<string> Weakenings =>
    [
        .. Changes.SelectMany(change => change.Differences
            .Where(difference => difference.IsWeaker)
            .Select(difference => $"{change.Environment}: {difference}")),
    ];

    /// <summary>Throws <c>GAN9110</c> when the protection would get weaker, and there is no reason for it.</summary>
    /// <param name="weakenReason">The reason; null for none.</param>
    public void EnsureAllowed(string? weakenReason)
    {
        if (Weakenings.Count > 0 && string.IsNullOrWhiteSpace(weakenReason))
            throw ProvisioningErrors.Weakened(Weakenings);
    }

    /// <summary>Returns the plan as lines for people.</summary>
    public IReadOnlyList<string> Describe() => ChangesNothing
        ? ["Every environment of GitHub is as declared"]
        : [.. Changes.SelectMany(change => change.Describe())];
}

/// <summary>The changes of one environment.</summary>
public sealed record EnvironmentChange
{
    internal EnvironmentChange(
        EnvironmentState? found, Environments.EnvironmentProtection desired, IReadOnlyList<Reviewer> reviewers,
        IReadOnlyList<SettingDifference> differences)
    {
        Found = found;
        Desired = desired;
        Reviewers = reviewers;
        Differences = differences;
    }

    /// <summary>The name of the environment.</summary>
    public string Environment => Desired.Name;

    /// <summary>True when the environment does not exist yet.</summary>
    public bool IsNew => Found is null;

    /// <summary>The settings that differ.</summary>
    public IReadOnlyList<SettingDifference> Differences { get; }

    internal EnvironmentState? Found { get; }

    internal Environments.EnvironmentProtection Desired { get; }

    internal IReadOnlyList<Reviewer> Reviewers { get; }

    /// <summary>Returns the changes as lines for people.</summary>
    public IEnumerable<string> Describe()
    {
        yield return $"{(IsNew ? "Create" : "Update")} the environment {Environment}";
        foreach (var difference in Differences)
            yield return $"  {difference}{(difference.IsWeaker ? " (weaker)" : "")}";
    }
}

/// <summary>A setting that differs from what is declared.</summary>
/// <param name="Setting">The setting: <c>required reviewers</c>.</param>
/// <param name="From">The current value, for people.</param>
/// <param name="To">The declared value, for people.</param>
/// <param name="IsWeaker">True when the declared value protects less.</param>
public sealed record SettingDifference(string Setting, string From, string To, bool IsWeaker)
{
    /// <summary>Returns the difference in one line.</summary>
    public override string ToString() => $"{Setting}: {From} -> {To}";
}
