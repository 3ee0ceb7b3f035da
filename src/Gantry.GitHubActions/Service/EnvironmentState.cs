using Gantry.GitHubActions.Environments;

namespace Gantry.GitHubActions.Service;

/// <summary>A required reviewer, by the id that the API takes.</summary>
/// <param name="Type"><c>User</c> or <c>Team</c>.</param>
/// <param name="Id">The id.</param>
/// <param name="Name">The name for people: <c>@contoso/qa</c>.</param>
internal sealed record Reviewer(string Type, long Id, string Name)
{
    public bool Is(Reviewer other) => Type == other.Type && Id == other.Id;
}

/// <summary>A pattern for branches or tags, with its id.</summary>
internal sealed record KnownPattern(long Id, BranchPattern Pattern);

/// <summary>The protection of an environment as GitHub has it.</summary>
internal sealed record EnvironmentState
{
    public required IReadOnlyList<Reviewer> Reviewers { get; init; }

    public required bool PreventSelfReview { get; init; }

    public required int WaitMinutes { get; init; }

    public required bool ProtectedBranches { get; init; }

    /// <summary>True when patterns decide which branches may deploy.</summary>
    public required bool HasPatterns { get; init; }

    public required IReadOnlyList<KnownPattern> Patterns { get; init; }

    public static EnvironmentState Of(EnvironmentDocument environment, IReadOnlyList<KnownPattern> patterns)
    {
        var rules = (environment.ProtectionRules ?? []).OfType<ProtectionRuleDocument>().ToList();
        var review = rules.Find(rule => rule.Type == "required_reviewers");
        return new()
        {
            Reviewers = [.. (review?.Reviewers ?? []).OfType<ReviewerDocument>().Select(reviewer => new Reviewer(
                reviewer.Type ?? "", reviewer.Reviewer?.Id ?? 0, "@" + (reviewer.Reviewer?.Login ?? reviewer.Reviewer?.Slug ?? "?")))],
            PreventSelfReview = review?.PreventSelfReview == true,
            WaitMinutes = rules.Find(rule => rule.Type == "wait_timer")?.WaitTimer ?? 0,
            ProtectedBranches = environment.DeploymentBranchPolicy?.ProtectedBranches == true,
            HasPatterns = environment.DeploymentBranchPolicy?.CustomBranchPolicies == true,
            Patterns = patterns,
        };
    }

    /// <summary>True when GitHub still has what this state says.</summary>
    public bool Is(EnvironmentState other) =>
        (PreventSelfReview, WaitMinutes, ProtectedBranches, HasPatterns)
            == (other.PreventSelfReview, other.WaitMinutes, other.ProtectedBranches, other.HasPatterns)
        && Reviewers.SequenceEqual(other.Reviewers)
        && Patterns.SequenceEqual(other.Patterns);
}
