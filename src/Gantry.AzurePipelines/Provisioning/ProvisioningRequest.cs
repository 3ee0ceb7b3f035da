namespace Gantry.AzurePipelines.Provisioning;

/// <summary>What the environments of a project are to be brought to.</summary>
public sealed record ProvisioningRequest
{
    /// <summary>The declaration.</summary>
    public required PipelineDeclaration Declaration { get; init; }

    /// <summary>The address of the repository that the pipelines belong to, as a browser opens it; null: it is not known.</summary>
    public string? Repository { get; init; }

    /// <summary>Names or ids of the pipelines that are meant, where several run the same file.</summary>
    public IReadOnlyList<string> Pipelines { get; init; } = [];

    /// <summary>
    /// Whether checks of declared environments are removed that are no longer declared, and environments that are not declared and that no
    /// other pipeline may use. Checks of kinds that no declaration can have are never removed.
    /// </summary>
    public bool Prune { get; init; }

    /// <summary>Why protection may get weaker; null: it may not.</summary>
    public string? WeakenReason { get; init; }
}
