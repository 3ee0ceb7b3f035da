namespace Gantry.Attestations;

/// <summary>The URIs of predicates, and those by which Gantry is named in them.</summary>
public static class PredicateTypes
{
    /// <summary>How an image was built (SLSA provenance, version 1).</summary>
    public const string Provenance = "https://slsa.dev/provenance/v1";

    /// <summary>That an image was verified for a place, and by which policy (SLSA verification summary, version 1).</summary>
    public const string VerificationSummary = "https://slsa.dev/verification_summary/v1";

    /// <summary>What an image contains (CycloneDX).</summary>
    public const string CycloneDx = "https://cyclonedx.org/bom";

    /// <summary>What is known to be vulnerable in an image (cosign).</summary>
    public const string Vulnerabilities = "https://cosign.sigstore.dev/attestation/vuln/v1";

    /// <summary>That a person lets a release into an environment.</summary>
    public const string Approval = Root + "approval-v1";

    /// <summary>That an environment is held, or no longer is.</summary>
    public const string Hold = Root + "hold-v1";

    /// <summary>That an image was built again from its sources, with the same digest.</summary>
    public const string Rebuild = Root + "rebuild-v1";

    /// <summary>That releases were deleted from a repository.</summary>
    public const string Pruning = Root + "pruning-v1";

    /// <summary>The record of a promotion: the name of the extension of a verification summary.</summary>
    public const string Promotion = Root + "promotion-v1";

    /// <summary>The way in which images are built: the <c>buildType</c> of provenance.</summary>
    public const string ImageBuild = Root + "image-build-v1";

    /// <summary>The way in which images get other base layers without being built: the <c>buildType</c> of their provenance.</summary>
    public const string ImageRebase = Root + "image-rebase-v1";

    /// <summary>The verifier of a promotion, where a build declares none of its own.</summary>
    public const string Verifier = Root + "verifier-v1";

    /// <summary>A build on the machine of a developer: the <c>builder.id</c> of provenance where no service confirmed a run.</summary>
    public const string LocalBuilder = Root + "local-builder-v1";

    /// <summary>The declaration of environments in a build, where its repository is not known.</summary>
    public const string Declaration = Root + "declaration-v1";

    // The project's own, and stable: the page of its package. See docs/adr/0027.
    private const string Root = "https://www.nuget.org/packages/Gantry#";
}
