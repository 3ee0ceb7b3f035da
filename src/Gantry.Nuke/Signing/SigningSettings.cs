using Gantry.Nuke.Registries;
using Gantry.Signing;

namespace Gantry.Nuke.Signing;

/// <summary>What a build declares about its keys.</summary>
/// <param name="Registries">The registries of the build.</param>
internal sealed record SigningSettings(RegistrySettings Registries)
{
    /// <summary>The signing keys, with a placeholder for the environment; null when none are named.</summary>
    public required string? SigningKey { get; init; }

    /// <summary>The signing key of the build; null when it is the one of all.</summary>
    public required string? BaseSigningKey { get; init; }

    /// <summary>The folder with the trusted public keys, relative to the root.</summary>
    public required string TrustedKeysFolder { get; init; }

    /// <summary>The URI of the verifier.</summary>
    public required string VerifierId { get; init; }

    /// <summary>True to keep signed promotions also under cosign's earlier tag.</summary>
    public required bool AttestationTags { get; init; }

    /// <summary>The certificates of the signing keys, with a placeholder for the environment; null for none.</summary>
    public required string? NotationCertificate { get; init; }

    /// <summary>Changes the signer of an environment, by its name.</summary>
    public required Func<string, ISigner?, ISigner?> Signer { get; init; }
}
