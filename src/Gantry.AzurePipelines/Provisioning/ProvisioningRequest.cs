namespace Gantry.AzurePipelines.Provisioning;

/// <summary>The desired state of the environments of a project.</summary>
public sealed record ProvisioningRequest
{
    /// <summary>The declaration.</summary>
    public required PipelineDeclaration Declaration { get; init; }

    /// <summary>The URL of the repository of the pipelines for a browser; null when it is not known.</summary>
    public string? Repository { get; init; }

    /// <summary>Names or ids of the pipelines to use, when several run the same file.</summary>
    public IReadOnlyList<string> Pipelines { get; init; } = [];

    /// <summary>
    /// True to remove checks that are no longer declared, and undeclared environments that no other pipeline may use. Checks of kinds that
    /// a declaration cannot have are never removed.
    /// </summary>
    public bool Prune { get; init; }

    /// <summary>The reason for weakening the protection; null when it must not be weakened.</summary>
    public string? WeakenReason { get; init; }
}
