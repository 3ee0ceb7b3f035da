using Gantry.Azure.ResourceManager;
using Gantry.Environments;

namespace Gantry.Azure.Deployments;

/// <summary>An App Service that runs one Linux container.</summary>
/// <param name="ResourceId">The id of the site, without a slot.</param>
public sealed record AppServiceDeployment(string ResourceId) : Deployment
{
    private const string ResourceType = "Microsoft.Web/sites";

    /// <summary>The deployment slot; null is the production slot. Slots are not swapped.</summary>
    public string? Slot { get; init; }

    /// <inheritdoc/>
    public override string Description => $"App Service {ArmResourceId.NameOf(ResourceId)}{(Slot is null ? "" : $", slot {Slot}")}";

    /// <inheritdoc/>
    /// <remarks>Nothing documents that App Service reads zstd.</remarks>
    public override bool ReadsZstd => false;

    /// <inheritdoc/>
    protected override string? Validate() =>
        ArmResourceId.Validate(ResourceId, ResourceType)
        ?? (Slot is null || IsSlot(Slot) ? null : $"'{Slot}' is not the name of a slot");

    private static bool IsSlot(string name) => name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');
}
