using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines;

/// <summary>What starts the pipeline that builds, and what of it is promoted.</summary>
public sealed record PipelineTriggers
{
    /// <summary>The branches whose pushes start a run; none: no push does.</summary>
    public IReadOnlyList<string> Branches { get; init; } = ["main"];

    /// <summary>The git tags whose pushes start a run; none: no tag does.</summary>
    public Filter Tags { get; init; } = new();

    /// <summary>The files that must have changed.</summary>
    public Filter Paths { get; init; } = new();

    /// <summary>Whether pushes are collected while a run is under way.</summary>
    public bool Batch { get; init; }

    /// <summary>The target branches of pull requests that start a run, for repositories outside Azure Repos; null: none does.</summary>
    public Filter? PullRequests { get; init; }

    /// <summary>When runs start by the clock.</summary>
    public IReadOnlyList<Schedule> Schedules { get; init; } = [];

    /// <summary>
    /// The branches that are promoted, where <c>*</c> may stand at the end, and alone means all; null: those that start a run, or tags where
    /// only tags do.
    /// </summary>
    public IReadOnlyList<string>? PromotedBranches { get; init; }

    /// <summary>Whether somebody who starts a run by hand can say how far it is promoted.</summary>
    public bool ChooseEnvironment { get; init; } = true;
}

/// <summary>A pipeline that promotes what exists.</summary>
public sealed record ReleasePipeline
{
    /// <summary>What starts it.</summary>
    public ReleaseTrigger Trigger { get; init; } = ReleaseTrigger.ImagePush;

    /// <summary>The tags of the image that start it; with <see cref="ReleaseTrigger.ImagePush"/>. None: all, those of attachments and digests aside.</summary>
    public Filter Tags { get; init; } = new() { Include = ["*"], Exclude = ["sha256-*", "sha512-*"] };

    /// <summary>The name of the pipeline that builds; with <see cref="ReleaseTrigger.BuildCompletion"/>.</summary>
    public string? BuildPipeline { get; init; }

    /// <summary>The project of the pipeline that builds; null: the same one.</summary>
    public string? BuildProject { get; init; }

    /// <summary>
    /// The branches whose builds start it, where <c>*</c> may stand at the end; with <see cref="ReleaseTrigger.BuildCompletion"/>. A run that
    /// somebody or the clock starts promotes no other either. None: all.
    /// </summary>
    public Filter BuildBranches { get; init; } = Filter.Only("main");

    /// <summary>When runs start by the clock.</summary>
    public IReadOnlyList<Schedule> Schedules { get; init; } = [];
}

/// <summary>What starts a release pipeline.</summary>
public enum ReleaseTrigger
{
    /// <summary>Only people, who name the release.</summary>
    Manual,

    /// <summary>The push of an image to the base registry, which is an Azure Container Registry.</summary>
    ImagePush,

    /// <summary>The end of a build.</summary>
    BuildCompletion,
}
