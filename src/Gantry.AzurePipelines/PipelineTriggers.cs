using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines;

/// <summary>The triggers of the pipeline that builds, and the branches that are promoted.</summary>
public sealed record PipelineTriggers
{
    /// <summary>The branches whose pushes start a run; empty for none.</summary>
    public IReadOnlyList<string> Branches { get; init; } = ["main"];

    /// <summary>The branches whose pushes start no run, although <see cref="Branches"/> includes them. They are not promoted.</summary>
    public IReadOnlyList<string> ExcludedBranches { get; init; } = [];

    /// <summary>The git tags whose pushes start a run; empty for none.</summary>
    public Filter Tags { get; init; } = new();

    /// <summary>The files that must have changed.</summary>
    public Filter Paths { get; init; } = new();

    /// <summary>True to batch pushes while a run is in progress.</summary>
    public bool Batch { get; init; }

    /// <summary>
    /// The pull requests that start a run, for repositories outside of Azure Repos; null for none. In Azure Repos, a branch policy does
    /// this.
    /// </summary>
    public PullRequestTriggers? PullRequests { get; init; }

    /// <summary>The schedules of runs.</summary>
    public IReadOnlyList<Schedule> Schedules { get; init; } = [];

    /// <summary>
    /// The branches that are promoted; a trailing <c>*</c> matches several, and a single <c>*</c> all. Null for the branches that start a
    /// run, or for tags when only tags start one.
    /// </summary>
    public IReadOnlyList<string>? PromotedBranches { get; init; }

    /// <summary>True to let the person who starts a run manually choose how far it is promoted.</summary>
    public bool ChooseEnvironment { get; init; } = true;
}

/// <summary>The pull requests that start a run.</summary>
public sealed record PullRequestTriggers
{
    /// <summary>The target branches.</summary>
    public Filter Branches { get; init; } = Filter.Only("main");

    /// <summary>The files that must have changed.</summary>
    public Filter Paths { get; init; } = new();

    /// <summary>True to cancel the run of a pull request that gets a newer push.</summary>
    public bool AutoCancel { get; init; } = true;

    /// <summary>True to build drafts as well.</summary>
    public bool Drafts { get; init; } = true;
}

/// <summary>A pipeline that promotes existing releases.</summary>
public sealed record ReleasePipeline
{
    /// <summary>The trigger of the pipeline.</summary>
    public ReleaseTrigger Trigger { get; init; } = ReleaseTrigger.ImagePush;

    /// <summary>
    /// The tags of the image that start the pipeline, with <see cref="ReleaseTrigger.ImagePush"/>. Empty for all, except those of
    /// attachments and digests.
    /// </summary>
    public Filter Tags { get; init; } = new() { Include = ["*"], Exclude = ["sha256-*", "sha512-*"] };

    /// <summary>The name of the pipeline that builds, with <see cref="ReleaseTrigger.BuildCompletion"/>.</summary>
    public string? BuildPipeline { get; init => field = value.NullIfBlank(); }

    /// <summary>The project of the pipeline that builds; null for the same project.</summary>
    public string? BuildProject { get; init => field = value.NullIfBlank(); }

    /// <summary>
    /// The branches whose builds start the pipeline, with an optional trailing <c>*</c>; with <see cref="ReleaseTrigger.BuildCompletion"/>.
    /// Runs that are started manually or by a schedule promote only these branches as well. Empty for all.
    /// </summary>
    public Filter BuildBranches { get; init; } = Filter.Only("main");

    /// <summary>The schedules of runs.</summary>
    public IReadOnlyList<Schedule> Schedules { get; init; } = [];
}

/// <summary>The triggers of a release pipeline.</summary>
public enum ReleaseTrigger
{
    /// <summary>Manually, by a person who specifies the release.</summary>
    Manual,

    /// <summary>The push of an image to the base registry, which is an Azure Container Registry.</summary>
    ImagePush,

    /// <summary>The completion of a build.</summary>
    BuildCompletion,
}
