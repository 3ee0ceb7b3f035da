using Gantry.Attestations;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Signing;

namespace Gantry.Promotion;

/// <summary>Verifies in the base registry that an image is the one that a trusted build has built from the commit of the release.</summary>
/// <param name="trust">The keys of the build.</param>
/// <param name="now">The present time.</param>
internal sealed class ProvenanceVerifier(TrustPolicy trust, DateTimeOffset now)
{
    /// <summary>Verifies the provenance among the attachments of an image, which were read already.</summary>
    public Task<Evidence> RequireAsync(
        Release release, ReleaseImage image, IImageRepository source, IReadOnlyList<Attachment> attachments,
        CancellationToken cancellationToken)
    {
        var manifests = attachments
            .Where(attachment => attachment.Tag is null && attachment.Subject == image.Digest)
            .Select(attachment => attachment.Graph.Root)
            .ToList();
        return RequireAsync(release, image, source, manifests, cancellationToken);
    }

    private async Task<Evidence> RequireAsync(
        Release release, ReleaseImage image, IImageRepository source, IReadOnlyList<ManifestContent> manifests,
        CancellationToken cancellationToken)
    {
        var found = await AttestationReferrer.ReadAsync(source, image.Digest, manifests, PredicateTypes.Provenance, cancellationToken);
        var faults = new List<GantryException>(found.Faults);
        foreach (var attestation in found.Attestations)
        {
            try
            {
                Verify(attestation, image.Name, image.Digest, release.Version, release.Commit);
                return new Evidence
                {
                    Inputs = [ResourceDescriptor.Of($"oci://{source.Location}@{attestation.Digest}", attestation.Digest)],
                    Levels = [VerificationSummary.BuildLevel1],
                };
            }
            catch (GantryException fault)
            {
                faults.Add(fault);
            }
        }

        throw SignedPromotions.Nearest(faults) ?? AttestationErrors.Missing(
            "provenance", source.Location, image.Digest, others: "", "publish the release again, which signs how it was built");
    }

    /// <summary>
    /// Verifies one provenance. Throws the error of the first rule that it breaks: <c>GAN4202</c>, <c>GAN4204</c> to <c>GAN4207</c>,
    /// <c>GAN4209</c>.
    /// </summary>
    /// <param name="attestation">The provenance.</param>
    /// <param name="image">The name of the image.</param>
    /// <param name="digest">The digest of the image.</param>
    /// <param name="version">The version of the release; null when it is not known.</param>
    /// <param name="commit">The commit of the release; null when it is not known.</param>
    public (Provenance Provenance, TrustedKey Key) Verify(
        Attestation attestation, string image, Digest digest, string? version, string? commit)
    {
        var signer = trust.FindSigner(attestation);
        if (!attestation.Statement.IsAbout(digest))
            throw AttestationErrors.OtherImage(attestation.Origin, digest);
        var provenance = Provenance.Read(attestation);
        var key = trust.VerifyTime(attestation, signer, provenance.Time, now);
        var (parameters, dependencies) = (provenance.BuildDefinition.ExternalParameters, provenance.BuildDefinition.ResolvedDependencies);
        var isOfRelease = parameters.Image == image
            && (version ?? parameters.Version) == parameters.Version
            && (commit is null || dependencies.Any(dependency => dependency.Digest?.GetValueOrDefault("gitCommit") == commit));
        return isOfRelease
            ? (provenance, key)
            : throw AttestationErrors.OtherBuild(attestation.Origin, version ?? image, commit ?? "this image");
    }
}
