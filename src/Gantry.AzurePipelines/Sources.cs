using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines;

/// <summary>
/// The checkout of the repository in every job: the generated ones, and those of a team's own that have no checkout among their steps.
/// </summary>
public sealed record Sources
{
    /// <summary>The submodules to check out.</summary>
    public SubmoduleCheckout Submodules { get; init; }

    /// <summary>True to download the files that are in Git LFS.</summary>
    public bool LargeFiles { get; init; }

    /// <summary>
    /// The number of commits to fetch, 0 for all. Null for what each job needs: all of them where the version is counted, one elsewhere.
    /// </summary>
    public int? FetchDepth { get; init; }

    /// <summary>True to keep the token of the checkout in the clone, for steps that call git with the remote repository.</summary>
    public bool PersistCredentials { get; init; }

    /// <summary>The folder of the sources, relative to the folder of the job: <c>s/app</c>. Null for <c>s</c>.</summary>
    public string? Path { get; init; }

    /// <summary>The folders of a self-hosted agent that are removed before a job begins; null for none.</summary>
    public WorkspaceFolders? CleanWorkspace { get; init; }
}
