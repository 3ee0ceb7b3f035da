using Gantry.Copying;
using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Nuke.Registries;
using Gantry.Promotion;

namespace Gantry.Nuke.Promoting;

/// <summary>The parameters of a promotion, and what a build class has chosen for it.</summary>
internal sealed record PromotionParameters
{
    /// <summary>The environment to promote to.</summary>
    public required PromotionEnvironment Environment { get; init; }

    /// <summary>The registries of the build.</summary>
    public required RegistrySettings Registries { get; init; }

    /// <summary>The deployers; the first one that accepts a deployment carries it out.</summary>
    public required IReadOnlyList<IDeployer> Deployers { get; init; }

    /// <summary>The evaluators of the gates that the build class has derived.</summary>
    public required IReadOnlyList<IGateEvaluator> GateEvaluators { get; init; }

    /// <summary>Copies images on the server side; null when this machine reads and writes them.</summary>
    public IServerSideCopy? ServerSideCopy { get; init; }

    /// <summary>The only region to promote to; null for all.</summary>
    public string? Region { get; init; }

    /// <summary>True when the promotion itself checks that the release is in the environment before, also in Azure Pipelines.</summary>
    public bool RequirePrevious { get; init; }

    /// <summary>The reason of an approval given in advance.</summary>
    public string? Approve { get; init; }

    /// <summary>The reason for not waiting for the soak time.</summary>
    public string? OverrideSoak { get; init; }

    /// <summary>The reason for moving tags that exist with another digest.</summary>
    public string? MoveTag { get; init; }

    /// <summary>True to unlock a locked tag in order to move it.</summary>
    public bool UnlockTags { get; init; }
}
