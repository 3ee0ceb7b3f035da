using Gantry.Environments;
using Gantry.Nuke.Registries;
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
    [Parameter("Registry to which images are pushed once, and from which they are promoted. Default is 'oci:artifacts/registries/base'")]
    string BaseRegistry => TryGetValue(() => BaseRegistry) ?? "oci:artifacts/registries/base";

    /// <summary>
    /// Changes the credential sources. They are asked in order, and the first credential that one of them has is used. By default those are
    /// the variables of a registry (<c>DevRegistryUser</c>, <c>DevRegistryPassword</c>), what <c>docker login</c> has stored and the Azure
    /// sign-in; a source of your own goes before them: <c>_ => [new VaultCredentials(), .. _]</c>. An environment with a credential of its
    /// own has its own sources, so this can be called several times.
    /// </summary>
    Configure<IReadOnlyList<ICredentialSource>> CredentialSettings => _ => _;

    /// <summary>
    /// Changes the client that opens registries, folders and archives. By default a <see cref="RegistrySession"/>; a client of your own
    /// replaces it, or wraps it: <c>_ => new AuditedRegistries(_)</c>. Tags of Azure registries are locked without this client. An
    /// environment with an identity of its own has its own client, so this can be called several times.
    /// </summary>
    Configure<IRegistryClient> RegistryClientSettings => _ => _;

    /// <summary>The client for all registries of this run, with shared connections and tokens.</summary>
    sealed IRegistryClient Registries => RegistryAccess.Of(RegistrySettings).Client;

    /// <summary>The address of the base registry. Throws <c>GAN1006</c> when it is not valid.</summary>
    sealed RegistryAddress BaseRegistryAddress => RegistrySettings.Base;

    /// <summary>
    /// Returns the registry addresses of an environment, one for each region, from parameters such as <c>--dev-registry</c>. Without a
    /// value it is a folder: <c>oci:artifacts/registries/dev</c>. Throws <c>GAN1006</c> when an address is not valid.
    /// </summary>
    sealed IReadOnlyList<RegistryAddress> RegistriesOf(PromotionEnvironment environment) => RegistrySettings.Of(environment);

    internal sealed RegistrySettings RegistrySettings => new(this, ImageStore, BaseRegistry)
    {
        Credentials = CredentialSettings,
        Client = RegistryClientSettings,
    };
}
