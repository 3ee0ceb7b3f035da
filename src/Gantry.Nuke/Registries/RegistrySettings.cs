using Gantry.Environments;
using Gantry.Nuke.Parameters;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Nuke.Registries;

/// <summary>
/// The registries of a build: their addresses from its parameters, which are parsed when they are used, and how it accesses them.
/// </summary>
/// <param name="Build">The build.</param>
/// <param name="ImageStore">The location of built images.</param>
/// <param name="BaseRegistry">The address of the base registry.</param>
internal sealed record RegistrySettings(INukeBuild Build, string ImageStore, string BaseRegistry)
{
    /// <summary>Changes the credential sources.</summary>
    public required Configure<IReadOnlyList<ICredentialSource>> Credentials { get; init; }

    /// <summary>Changes the client.</summary>
    public required Configure<IRegistryClient> Client { get; init; }

    /// <summary>The address of built images. Throws <c>GAN1006</c> when it is not valid.</summary>
    public RegistryAddress Store => RegistryAddress.Parse(ImageStore);

    /// <summary>The address of the base registry. Throws <c>GAN1006</c> when it is not valid.</summary>
    public RegistryAddress Base => RegistryAddress.Parse(BaseRegistry);

    /// <summary>
    /// Returns the addresses of an environment, one for each region; folders by default. Throws <c>GAN1006</c> when one is not valid.
    /// </summary>
    public IReadOnlyList<RegistryAddress> Of(PromotionEnvironment environment) => environment.RegistryParameters
        .Select(parameter => RegistryAddress.Parse(Find(parameter) ?? DefaultFolder(parameter)))
        .ToList();

    /// <summary>Finds the value of a parameter, or returns null when there is none.</summary>
    public string? Find(string parameter) => TextParameter.Find(parameter, Build);

    // DevRegistry is oci:artifacts/registries/dev.
    private static string DefaultFolder(string parameter) =>
        "oci:artifacts/registries/" + Format.Dashed(parameter[..^"Registry".Length]);
}
