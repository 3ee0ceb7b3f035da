using Gantry.AzurePipelines.Model;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Tests.Fixtures;

/// <summary>Declarations with settings and parts of a team's own.</summary>
internal static class OwnDeclarations
{
    /// <summary>Settings that hold for every job.</summary>
    public static PipelineDeclaration Settings { get; } = (SampleDeclarations.Contoso with
    {
        Sources = new()
        {
            Submodules = SubmoduleCheckout.Recursive,
            LargeFiles = true,
            PersistCredentials = true,
            Path = "s/app",
            CleanWorkspace = WorkspaceFolders.All,
        },
        Tools = new()
        {
            AuthenticateNuGet = true,
            RetryCount = 2,
            Caches = [new("$(Pipeline.Workspace)/.npm", "web/package-lock.json")],
        },
        CancelTimeoutInMinutes = 15,
        Triggers = new()
        {
            Branches = ["main", "release/*"],
            ExcludedBranches = ["release/old"],
            Tags = new() { Include = ["v*"], Exclude = ["v0.*"] },
            PullRequests = new()
            {
                Branches = new() { Include = ["main", "release/*"], Exclude = ["release/old*"] },
                Paths = new() { Include = ["src"], Exclude = ["src/docs"] },
                AutoCancel = false,
                Drafts = false,
            },
            Schedules =
            [
                new("0 3 * * Mon-Fri")
                {
                    DisplayName = "Every night",
                    Branches = new() { Include = ["main"], Exclude = ["main-old"] },
                    Batch = true,
                },
            ],
        },
        ReleasePipeline = new() { Trigger = ReleaseTrigger.Manual },
    }).WithStage("Build", build => build with
    {
        Jobs = [new("Lint") { Steps = [Step.Script("./lint.sh")] }],
    });
}
