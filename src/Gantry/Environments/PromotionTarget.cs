using Gantry.Attestations;
using Gantry.Oci;

namespace Gantry.Environments;

/// <summary>One registry of an environment: the place that a release is promoted to.</summary>
/// <param name="Environment">The environment.</param>
/// <param name="Region">The region that the registry belongs to; null when the environment has none.</param>
/// <param name="Address">The registry.</param>
public sealed record PromotionTarget(PromotionEnvironment Environment, string? Region, RegistryAddress Address)
{
    /// <summary>The keys whose attestations count there; null when promotions to it are not signed.</summary>
    public TrustPolicy? Trust { get; init; }

    /// <summary>Returns the URI of the place of an image, which attestations of its promotion name.</summary>
    /// <param name="image">The name of the image.</param>
    public string ResourceUriOf(string image) =>
        ResourceUri.For(Address, image, Region is null ? Environment.Name : $"{Environment.Name}/{Region}");

    /// <summary>The display name: <c>prod, west-europe</c>.</summary>
    public string DisplayName => Region is null ? Environment.DisplayName : $"{Environment.DisplayName}, {Region}";

    /// <summary>Pairs the regions of an environment with their registries.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="addresses">Its registries, in the order of its regions; one when it has no regions.</param>
    public static IReadOnlyList<PromotionTarget> Of(PromotionEnvironment environment, params IReadOnlyList<RegistryAddress> addresses) =>
        [.. addresses.Select((address, number) =>
            new PromotionTarget(environment, environment.Regions.ElementAtOrDefault(number), address))];
}
