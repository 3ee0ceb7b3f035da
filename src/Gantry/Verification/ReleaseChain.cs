using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Signing;

namespace Gantry.Verification;

/// <summary>The way of one image through the environments, as the registries prove it.</summary>
public sealed record ReleaseChain
{
    /// <summary>The name of the image.</summary>
    public required string Image { get; init; }

    /// <summary>The digest of the image.</summary>
    public required Digest Digest { get; init; }

    /// <summary>The version of the release; null when only the digest is known.</summary>
    public string? Version { get; init; }

    /// <summary>The build, as its provenance says; null when there is none that counts.</summary>
    public VerifiedBuild? Build { get; init; }

    /// <summary>The registries of the environments, in their order.</summary>
    public required IReadOnlyList<VerifiedPlace> Places { get; init; }

    /// <summary>Everything that is wrong, in the order of the way.</summary>
    public required IReadOnlyList<ChainFinding> Findings { get; init; }
}

/// <summary>The build of an image.</summary>
/// <param name="Provenance">The provenance.</param>
/// <param name="Key">The key that has signed it.</param>
/// <param name="Attestation">The digest of the manifest that holds it.</param>
public sealed record VerifiedBuild(Provenance Provenance, TrustedKey Key, Digest Attestation);

/// <summary>An image in one registry of an environment.</summary>
public sealed record VerifiedPlace
{
    /// <summary>The registry.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>True when the image is there: under the tag of the release, or by its digest when the version is not known.</summary>
    public required bool IsThere { get; init; }

    /// <summary>The promotions of the image to it that count, the earliest first.</summary>
    public IReadOnlyList<PromotionRecord> Promotions { get; init; } = [];
}

/// <summary>One thing that is wrong with a chain.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Place">The registry, for people.</param>
/// <param name="Error">The error.</param>
public sealed record ChainFinding(ChainFindingKind Kind, string Place, GantryException Error);

/// <summary>The kinds of what can be wrong with a chain, the gravest first.</summary>
public enum ChainFindingKind
{
    /// <summary>There is an attestation, and none that counts: another key, place or content.</summary>
    Invalid,

    /// <summary>The order is broken, or the history has a gap.</summary>
    Broken,

    /// <summary>There is no attestation.</summary>
    Missing,

    /// <summary>A person has let the release pass a check, and it has not come the normal way since.</summary>
    Bypassed,

    /// <summary>Something beside the image does not count, and what counts does not depend on it.</summary>
    Ignored,
}
