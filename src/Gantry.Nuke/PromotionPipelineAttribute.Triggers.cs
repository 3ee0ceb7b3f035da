using Gantry.AzurePipelines;
using Gantry.AzurePipelines.Model;

namespace Gantry.Nuke;

/// <content>What starts a run. For schedules, see <see cref="PipelineScheduleAttribute"/>.</content>
public sealed partial class PromotionPipelineAttribute
{
    /// <summary>The branches whose pushes start a run; empty for none.</summary>
    public string[] TriggerBranches { get; set; } = ["main"];

    /// <summary>The branches whose pushes start no run, although <see cref="TriggerBranches"/> includes them.</summary>
    public string[] TriggerBranchesExclude { get; set; } = [];

    /// <summary>The git tags whose pushes start a run; empty for none.</summary>
    public string[] TriggerTags { get; set; } = [];

    /// <summary>The git tags whose pushes start no run, although <see cref="TriggerTags"/> includes them.</summary>
    public string[] TriggerTagsExclude { get; set; } = [];

    /// <summary>The files of which at least one must have changed; empty for any.</summary>
    public string[] TriggerPathsInclude { get; set; } = [];

    /// <summary>The files whose changes start no run.</summary>
    public string[] TriggerPathsExclude { get; set; } = [];

    /// <summary>True to batch pushes while a run is in progress.</summary>
    public bool TriggerBatch { get; set; }

    /// <summary>
    /// The target branches of pull requests to build, for repositories outside of Azure Repos; there, a branch policy does this. Empty for
    /// none.
    /// </summary>
    public string[] PullRequestsBranches { get; set; } = [];

    /// <summary>The target branches of pull requests to ignore, although <see cref="PullRequestsBranches"/> includes them.</summary>
    public string[] PullRequestsBranchesExclude { get; set; } = [];

    /// <summary>The files of which a pull request must change at least one; empty for any.</summary>
    public string[] PullRequestsPathsInclude { get; set; } = [];

    /// <summary>The files whose changes in a pull request start no run.</summary>
    public string[] PullRequestsPathsExclude { get; set; } = [];

    /// <summary>True to cancel the run of a pull request that gets a newer push.</summary>
    public bool PullRequestsAutoCancel { get; set; } = true;

    /// <summary>True to build pull requests that are drafts.</summary>
    public bool PullRequestsDrafts { get; set; } = true;

    /// <summary>
    /// The branches that are promoted; a trailing <c>*</c> matches several, and a single <c>*</c> all. Empty for the branches that start a
    /// run, or for tags when only tags start one.
    /// </summary>
    public string[] PromotedBranches { get; set; } = [];

    /// <summary>Creates the triggers of the pipeline that builds.</summary>
    internal PipelineTriggers Triggers(IReadOnlyList<PipelineScheduleAttribute> schedules) => new()
    {
        Branches = TriggerBranches,
        ExcludedBranches = TriggerBranchesExclude,
        Tags = new() { Include = TriggerTags, Exclude = TriggerTagsExclude },
        Paths = new() { Include = TriggerPathsInclude, Exclude = TriggerPathsExclude },
        Batch = TriggerBatch,
        PullRequests = PullRequestsBranches.Length == 0 ? null : new PullRequestTriggers
        {
            Branches = new() { Include = PullRequestsBranches, Exclude = PullRequestsBranchesExclude },
            Paths = new() { Include = PullRequestsPathsInclude, Exclude = PullRequestsPathsExclude },
            AutoCancel = PullRequestsAutoCancel,
            Drafts = PullRequestsDrafts,
        },
        Schedules =
        [
            .. from schedule in schedules
               where !schedule.OfReleasePipeline
               select schedule.Create(new Filter { Include = TriggerBranches, Exclude = TriggerBranchesExclude }),
        ],
        PromotedBranches = PromotedBranches.Length == 0 ? null : PromotedBranches,
    };
}
