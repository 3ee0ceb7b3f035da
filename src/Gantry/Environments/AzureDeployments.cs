namespace Gantry.Environments;

/// <summary>An App Service that runs one Linux container.</summary>
/// <param name="ResourceId">The id of the site, without a slot.</param>
public sealed record AppServiceDeployment(string ResourceId) : Deployment
{
    private const string ResourceType = "Microsoft.Web/sites";

    /// <summary>The deployment slot; null is the production slot. Slots are not swapped.</summary>
    public string? Slot { get; init; }

    /// <inheritdoc/>
    public override string Description => $"App Service {NameOf(ResourceId)}{(Slot is null ? "" : $", slot {Slot}")}";

    private protected override string? Validate() =>
        ValidateResourceId(ResourceId, ResourceType)
        ?? (Slot is { } slot && (slot.Length == 0 || !slot.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')) ? $"'{slot}' is not the name of a slot" : null);
}

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
    public override string Description => $"Container App {NameOf(ResourceId)}{(Container is null ? "" : $", container {Container}")}";

    private protected override string? Validate() =>
        ValidateResourceId(ResourceId, ResourceType)
        ?? (Container is "" ? "its container has no name" : Timeout <= TimeSpan.Zero ? $"its timeout is {Timeout}" : null);
}
