using Gantry.Attestations;
using Gantry.Nuke.Parameters;
using Gantry.Nuke.Signing;
using Gantry.Signing;

namespace Gantry.Nuke;

/// <summary>
/// The keys of a build: each environment has its own key, and the base registry has one for the build. What stays on this machine (folders,
/// registries on loopback addresses) is signed with the development key of the user. An environment on other registries is signed when
/// there are public keys for it in the repository.
/// </summary>
public interface IHazSigningKeys : IHazRegistries
{
    /// <summary>
    /// The signing keys of all environments, with <c>{environment}</c> for the name (<c>base</c> for the build): a PEM file
    /// (<c>secrets/{environment}.pem</c>), a key of Azure Key Vault (<c>https://contoso-{environment}.vault.azure.net/keys/images</c>), or
    /// a program (<c>command:sign-with-hsm {environment}</c>). A parameter such as <c>ProdSigningKey</c> names the key of one environment.
    /// </summary>
    [Parameter("Signing keys, with {environment} for the environment ('base' for the build): a PEM file, a key of Azure Key Vault, "
        + "or command:PROGRAM")]
    string? SigningKey => TryGetValue(() => SigningKey).NullIfWhiteSpace();

    /// <summary>The signing key of the build, which signs releases in the base registry.</summary>
    [Parameter("Signing key of the build, instead of --signing-key")]
    string? BaseSigningKey => TryGetValue(() => BaseSigningKey).NullIfWhiteSpace();

    /// <summary>
    /// The folder with the public keys that are trusted, relative to the root: <c>keys/prod/*.pub</c> for an environment, and
    /// <c>keys/base/*.pub</c> for the build. They are reviewed like code.
    /// </summary>
    string TrustedKeysFolder => "keys";

    /// <summary>The URI that names the verifier of promotions in attestations and in policies of clusters.</summary>
    string VerifierId => PredicateTypes.Verifier;

    /// <summary>
    /// True to keep signed promotions also under cosign's earlier tag (<c>sha256-….att</c>), for policy-controller and for Kyverno before
    /// 1.19.
    /// </summary>
    bool AttestationTags => false;

    /// <summary>
    /// The certificates of the signing keys, with <c>{environment}</c> for the environment, for signatures of the Notary Project that
    /// Azure Policy and Ratify verify: a PEM file with the chain (<c>keys/{environment}/chain.pem</c>). Null for none.
    /// </summary>
    string? NotationCertificate => null;

    /// <summary>
    /// Changes the signer of an environment, or of the build: null where promotions are not signed. By default the one that the parameters
    /// name; a signer of your own replaces it: <c>(environment, _) => new VaultSigner(environment)</c>. The name is <c>base</c> for the
    /// build.
    /// </summary>
    Func<string, ISigner?, ISigner?> SignerSettings => (_, signer) => signer;

    internal sealed SigningKeys Keys => new(new SigningSettings(RegistrySettings)
    {
        SigningKey = SigningKey,
        BaseSigningKey = BaseSigningKey,
        TrustedKeysFolder = TrustedKeysFolder,
        VerifierId = VerifierId,
        AttestationTags = AttestationTags,
        NotationCertificate = NotationCertificate,
        Signer = SignerSettings,
    });
}
