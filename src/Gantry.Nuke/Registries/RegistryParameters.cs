using Gantry.Environments;
using Gantry.Nuke.Parameters;
using Gantry.Oci;

namespace Gantry.Nuke.Registries;

/// <summary>The addresses of the registries of a build, from its parameters. They are parsed when they are used.</summary>
/// <param name="Build">The build.</param>
/// <param name="ImageStore">The location of built images.</param>
/// <param name="BaseRegistry">The address of the base registry.</param>
internal sealed record RegistryParameters(INukeBuild Build, string ImageStore, string BaseRegistry)
{
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
        "oci:artifacts/registries/" + CommandLine.Dashed(parameter[..^"Registry".Length]).TrimStart('-');
}
