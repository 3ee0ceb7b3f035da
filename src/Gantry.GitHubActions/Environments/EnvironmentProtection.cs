using Gantry.Environments;

namespace Gantry.GitHubActions.Environments;

/// <summary>The protection of an environment in GitHub, as its gates want it.</summary>
/// <seealso href="https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments">
/// GitHub Actions, deployments and environments
/// </seealso>
internal sealed record EnvironmentProtection
{
    /// <summary>The longest wait timer in minutes: 30 days.</summary>
    public const int LongestWaitMinutes = 43_200;

    /// <summary>The largest number of required reviewers.</summary>
    public const int ReviewerLimit = 6;

    /// <summary>The name of the environment.</summary>
    public required string Name { get; init; }

    /// <summary>The users and teams of which one must approve: <c>@contoso/qa</c>, <c>@anna</c>.</summary>
    public IReadOnlyList<string> Reviewers { get; init; } = [];

    /// <summary>True when a person may not approve a run that they started.</summary>
    public bool PreventSelfReview { get; init; }

    /// <summary>The minutes that a job waits.</summary>
    public int WaitMinutes { get; init; }

    /// <summary>True when only protected branches may deploy.</summary>
    public bool ProtectedBranches { get; init; }

    /// <summary>The branches and tags that may deploy; empty for all.</summary>
    public IReadOnlyList<BranchPattern> Patterns { get; init; } = [];

    /// <summary>Creates the protection of an environment that <see cref="GateRules"/> found nothing wrong with.</summary>
    public static EnvironmentProtection Of(WorkflowDeclaration declaration, PromotionEnvironment environment)
    {
        var approval = environment.Gates.OfType<ApprovalGate>().FirstOrDefault();
        var (isProtected, patterns) = BranchesOf(environment.Gates.OfType<BranchControlGate>().FirstOrDefault());
        var settings = declaration.SettingsOf(environment);
        return new()
        {
            Name = settings.GitHubEnvironment,
            Reviewers = [.. (approval?.Approvers ?? []).Select(approver => ReviewerOf(declaration.Approvers, approver)).OfType<string>()],
            PreventSelfReview = approval is { RequesterMayApprove: false },
            WaitMinutes = settings.UseWaitTimer ? WaitOf(environment) : 0,
            ProtectedBranches = isProtected,
            Patterns = patterns,
        };
    }

    /// <summary>Returns the user or team of GitHub for an approver; null when there is none.</summary>
    public static string? ReviewerOf(IReadOnlyDictionary<string, string> approvers, string approver) =>
        approvers.TryGetValue(approver, out var known) ? known
        : approver.StartsWith('@') ? approver
        : null;

    /// <summary>Returns which branches may deploy: only protected ones, or those that match a pattern; neither for all.</summary>
    public static (bool AreProtected, IReadOnlyList<BranchPattern> Patterns) BranchesOf(BranchControlGate? gate)
    {
        var matchesAll = gate is null || gate.References.Any(reference => reference is "refs/heads/*" or "refs/*");
        return matchesAll
            ? (gate?.RequireProtection == true, [])
            : (false, [.. gate!.References.Select(BranchPattern.Of).OfType<BranchPattern>()]);
    }

    /// <summary>Returns the wait timer of an environment: its longest soak time, as far as GitHub waits.</summary>
    public static int WaitOf(PromotionEnvironment environment) => environment.Gates
        .OfType<SoakGate>()
        .Select(gate => Math.Min((int)Math.Ceiling(Math.Min(gate.Duration.TotalMinutes, int.MaxValue)), LongestWaitMinutes))
        .DefaultIfEmpty(0)
        .Max();
}

/// <summary>A pattern for the names of branches or tags that may deploy.</summary>
/// <param name="Name">The pattern, in which <c>*</c> does not stand for <c>/</c>.</param>
/// <param name="IsTag">True for tags.</param>
internal sealed record BranchPattern(string Name, bool IsTag)
{
    private const string Heads = "refs/heads/";
    private const string Tags = "refs/tags/";

    /// <summary>Returns the pattern for a full reference; null when it is neither of a branch nor of a tag.</summary>
    public static BranchPattern? Of(string reference) =>
        reference.StartsWith(Heads, StringComparison.Ordinal) ? new(reference[Heads.Length..], IsTag: false)
        : reference.StartsWith(Tags, StringComparison.Ordinal) ? new(reference[Tags.Length..], IsTag: true)
        : null;

    /// <summary>Returns the pattern for people: <c>branch main</c>.</summary>
    public override string ToString() => $"{(IsTag ? "tag" : "branch")} {Name}";
}
