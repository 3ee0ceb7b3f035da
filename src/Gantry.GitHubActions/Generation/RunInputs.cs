using Gantry.Environments;
using Gantry.GitHubActions.Model;

namespace Gantry.GitHubActions.Generation;

/// <summary>The inputs of runs that a person starts.</summary>
internal static class RunInputs
{
    public const string All = "all";
    public const string None = "none";

    public const string GoBack = "go back";
    public const string Hold = "hold";
    public const string ReleaseHold = "end the hold";

    public static WorkflowInput PromoteTo(EnvironmentSet environments) => new(JobIds.PromoteToInput, "Promote up to")
    {
        Default = All,
        Options = [All, .. environments.Select(environment => environment.Name), None],
    };

    public static IReadOnlyList<WorkflowInput> Release(EnvironmentSet environments) =>
    [
        new(JobIds.ReleaseInput, "Version of the release") { IsRequired = true },
        new(JobIds.DigestInput, "Digest of its first image; empty to trust the version") { Default = "" },
        new(JobIds.EnvironmentInput, "Promote only to")
        {
            Default = All,
            Options = [All, .. environments.Select(environment => environment.Name)],
        },
        new(JobIds.GoBackInput, "Reason for going back to this release where a newer one is") { Default = "" },
        new(JobIds.OverrideSoakInput, "Reason for not waiting for the soak time; a wait timer waits all the same") { Default = "" },
    ];

    // The first environment is the least harmful one.
    public static IReadOnlyList<WorkflowInput> Rollback(IReadOnlyList<string> environments) =>
    [
        new(JobIds.EnvironmentInput, "Environment") { IsRequired = true, Default = environments[0], Options = environments },
        new(JobIds.ActionInput, "What to do") { IsRequired = true, Default = GoBack, Options = [GoBack, Hold, ReleaseHold] },
        new(JobIds.ReleaseInput, "Version to go back to; empty for the release that was there before") { Default = "" },
        new(JobIds.ReasonInput, "Reason, which is recorded") { IsRequired = true },
    ];
}
