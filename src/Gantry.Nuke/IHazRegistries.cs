using Gantry.Environments;
using Gantry.Nuke.Parameters;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Nuke;

/// <summary>
/// The registries of a build: one for built images, the base registry, and one for each environment or region. All of them are folders by
/// default, so that everything runs on a machine without a registry.
/// </summary>
public interface IHazRegistries : INukeBuild
{
    /// <summary>The location where <c>BuildImage</c> stores images and <c>PushBase</c> reads them.</summary>
    [Parameter("Location where BuildImage stores images. Default is 'oci:artifacts/images'")]
    string ImageStore => TryGetValue(() => ImageStore) ?? "oci:artifacts/images";

    /// <summary>The environment-neutral registry: every image is pushed to it once and promoted from it.</summary>
    [Parameter("Registry that images are pushed to once and promoted from. Default is 'oci:artifacts/registries/base'")]
    string BaseRegistry => TryGetValue(() => BaseRegistry) ?? "oci:artifacts/registries/base";

    /// <summary>The client for all registries of this run, with shared connections and tokens.</summary>
    sealed IRegistryClient Registries => RegistrySessions.Of(this);

    /// <summary>The address of the base registry. Throws <c>GAN1006</c> when it is not valid.</summary>
    sealed RegistryAddress BaseRegistryAddress => RegistryAddress.Parse(BaseRegistry);

    /// <summary>
    /// Returns the registry addresses of an environment, one for each region, from parameters such as <c>--dev-registry</c>; folders by
    /// default. Throws <c>GAN1006</c> when an address is not valid.
    /// </summary>
    sealed IReadOnlyList<RegistryAddress> RegistriesOf(PromotionEnvironment environment) => environment.RegistryParameters
        .Select(parameter => RegistryAddress.Parse(TextParameter.Find(parameter, this) ?? DefaultRegistry(parameter)))
        .ToList();

    /// <summary>
    /// Returns the default folder of a registry without a parameter value: <c>oci:artifacts/registries/dev</c> for <c>DevRegistry</c>.
    /// </summary>
    internal static sealed string DefaultRegistry(string parameter) =>
        "oci:artifacts/registries/" + CommandLine.Dashed(parameter[..^"Registry".Length]).TrimStart('-');
}
