namespace Gantry.Cli.Init;

/// <summary>Where the pipeline of a repository runs.</summary>
internal enum PipelineHost
{
    /// <summary>Azure Pipelines.</summary>
    AzureDevOps,

    /// <summary>GitHub Actions.</summary>
    GitHub,

    /// <summary>No pipeline is generated.</summary>
    None,
}

/// <summary>All that decides what is written into a repository.</summary>
/// <param name="Root">The full path of the working copy.</param>
/// <param name="Solution">The solution, relative to the root.</param>
/// <param name="Services">The projects that become images.</param>
/// <param name="Registries">The registries.</param>
/// <param name="Host">Where the pipeline runs.</param>
/// <param name="Approver">Who approves promotions to prod.</param>
internal sealed record InitChoices(
    string Root, string Solution, IReadOnlyList<ServiceProject> Services, InitRegistries Registries, PipelineHost Host, string Approver)
{
    /// <summary>The service connections of Azure Pipelines, with <c>{environment}</c>; null for none.</summary>
    public string? ServiceConnection { get; init; }

    /// <summary>True for a package feed that does not carry NUKE.</summary>
    public bool IsFeedClosed { get; init; }
}
