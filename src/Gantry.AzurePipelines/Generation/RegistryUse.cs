using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.AzurePipelines.Generation;

/// <summary>A registry that a job uses.</summary>
/// <param name="Registry">The registry.</param>
/// <param name="Pushes">True when the job pushes to it; otherwise it only reads.</param>
/// <param name="Path">The path of the registry in the declaration.</param>
internal sealed record RegistryUse(PipelineRegistry Registry, bool Pushes, string Path)
{
    /// <summary>The path of the base registry in a declaration.</summary>
    public const string BasePath = "BaseRegistry";

    /// <summary>The way in which the job signs in; null when its service connection does.</summary>
    public RegistryLogin? Login => Pushes ? Registry.Login : Registry.ReadLogin ?? Registry.Login;

    /// <summary>The address; null when it is not known here, not valid or not a host.</summary>
    public HostAddress? Host => RegistryAddress.TryParse(Registry.Address, out var address) ? address as HostAddress : null;

    /// <summary>Returns the base registry, as the job that publishes uses it.</summary>
    public static IReadOnlyList<RegistryUse> OfPublication(PipelineDeclaration declaration) =>
        declaration.Transport == ImageTransport.Artifact ? [] : [new(declaration.BaseRegistry, Pushes: true, BasePath)];

    /// <summary>Returns the base registry, as a job that finds a release uses it.</summary>
    public static IReadOnlyList<RegistryUse> OfSearch(PipelineDeclaration declaration) =>
        [new(declaration.BaseRegistry, Pushes: false, BasePath)];

    /// <summary>
    /// Returns the registries of a promotion: its own, those of earlier waves of regions and of the previous environment, which always are
    /// looked at, and the base registry.
    /// </summary>
    /// <param name="declaration">The declaration.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="region">The only region that the job promotes to; null for all.</param>
    /// <param name="readsBase">True when the images come from the base registry.</param>
    public static IReadOnlyList<RegistryUse> OfPromotion(
        PipelineDeclaration declaration, PipelineEnvironment environment, string? region, bool readsBase)
    {
        var number = region is null ? -1 : environment.Environment.Regions.ToList().IndexOf(region);
        var wave = environment.Environment.WaveOf(region);
        var before = declaration.Environments.FirstOrDefault(declared => declared.Environment == environment.Environment.After);
        return
        [
            .. Of(environment, pushes: true).Where((_, i) => number < 0 || i == number),
            .. Of(environment, pushes: false).Where((_, i) =>
                environment.Environment.WaveOf(environment.Environment.Regions.ElementAtOrDefault(i)) < wave),
            .. before is null ? [] : Of(before, pushes: false),
            .. readsBase ? OfSearch(declaration) : [],
        ];
    }

    private static IEnumerable<RegistryUse> Of(PipelineEnvironment environment, bool pushes) =>
        environment.Registries.Select((registry, i) => new RegistryUse(registry, pushes, DeclarationPath.ForRegistry(environment, i)));
}
