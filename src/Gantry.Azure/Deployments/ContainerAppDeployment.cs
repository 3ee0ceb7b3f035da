using Gantry.Azure.ResourceManager;
using Gantry.Environments;

namespace Gantry.Azure.Deployments;

/// <summary>A Container App.</summary>
/// <param name="ResourceId">The id of the app.</param>
public sealed record ContainerAppDeployment(string ResourceId) : Deployment
{
    private const string ResourceType = "Microsoft.App/containerApps";

    /// <summary>The container in the app's template; null when there is only one.</summary>
    public string? Container { get; init; }

    /// <summary>The time that the new revision may take to become healthy.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public override string Description =>
        $"Container App {ArmResourceId.NameOf(ResourceId)}{(Container is null ? "" : $", container {Container}")}";

    /// <inheritdoc/>
    protected override string? Validate() =>
        ArmResourceId.Validate(ResourceId, ResourceType)
        ?? (Container is "" ? "its container has no name" : Timeout <= TimeSpan.Zero ? $"its timeout is {Timeout}" : null);
}
