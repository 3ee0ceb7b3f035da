using Gantry.Environments;
using Gantry.Nuke.Parameters;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Nuke;

/// <summary>
/// The places that keep images: where they are built, the base registry, and one registry for each environment (or region). All are
/// folders until somebody names registries, so everything runs on a machine that has none.
/// </summary>
public interface IHazRegistries : INukeBuild
{
    /// <summary>Where <c>BuildImage</c> leaves images and <c>PushBase</c> takes them from.</summary>
    [Parameter("Where BuildImage leaves images. Default is 'oci:artifacts/images'")]
    string ImageStore => TryGetValue(() => ImageStore) ?? "oci:artifacts/images";

    /// <summary>The environment-neutral registry: every image is pushed there once, and promoted from there.</summary>
    [Parameter("Registry that images are pushed to once and promoted from. Default is 'oci:artifacts/registries/base'")]
    string BaseRegistry => TryGetValue(() => BaseRegistry) ?? "oci:artifacts/registries/base";

    /// <summary>All registries of this run, with shared connections and tokens.</summary>
    sealed IRegistryClient Registries => RegistrySessions.Of(this);

    /// <summary>The address of the base registry, or <c>GAN1006</c>.</summary>
    sealed RegistryAddress BaseRegistryAddress => RegistryAddress.Parse(BaseRegistry);

    /// <summary>The addresses of an environment, one a region: parameters such as <c>--dev-registry</c>, or folders; <c>GAN1006</c>.</summary>
    sealed IReadOnlyList<RegistryAddress> RegistriesOf(PromotionEnvironment environment) => environment.RegistryParameters
        .Select(parameter => RegistryAddress.Parse(TextParameter.Find(parameter, this) ?? DefaultRegistry(parameter)))
        .ToList();

    /// <summary>The folder that stands in for a registry that nobody named: <c>DevRegistry</c> is <c>oci:artifacts/registries/dev</c>.</summary>
    internal static sealed string DefaultRegistry(string parameter) =>
        "oci:artifacts/registries/" + CommandLine.Dashed(parameter[..^"Registry".Length]).TrimStart('-');
}
