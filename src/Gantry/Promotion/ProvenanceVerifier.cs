using Gantry.Attestations;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

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
                Verify(attestation, release, image);
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

    private void Verify(Attestation attestation, Release release, ReleaseImage image)
    {
        trust.FindSigner(attestation);
        if (!attestation.Statement.IsAbout(image.Digest))
            throw AttestationErrors.OtherImage(attestation.Origin, image.Digest);
        var provenance = Provenance.Read(attestation);
        trust.Verify(attestation, provenance.Time, now);
        var definition = provenance.BuildDefinition;
        if (definition.ExternalParameters.Version != release.Version
            || definition.ExternalParameters.Image != image.Name
            || !definition.ResolvedDependencies.Any(dependency => dependency.Digest?.GetValueOrDefault("gitCommit") == release.Commit))
            throw AttestationErrors.OtherBuild(attestation.Origin, release.Version, release.Commit);
    }
}
