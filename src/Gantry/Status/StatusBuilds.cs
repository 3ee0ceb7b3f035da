using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Status;

/// <summary>
/// Finds from which commit an image was built, and by which run: in the record of its release, or else in its provenance, which is copied
/// with the image.
/// </summary>
/// <param name="published">The releases of the base registry.</param>
/// <param name="trust">The keys of the build; null when nothing is signed there.</param>
/// <param name="now">The present time.</param>
internal sealed class StatusBuilds(BaseReleases published, TrustPolicy? trust, DateTimeOffset now)
{
    /// <summary>Finds the build of an image; null when it is not known. Errors are those of the status, which reads the same.</summary>
    public async Task<FoundBuild?> FindAsync(
        IImageRepository repository, string image, Digest digest, string version, CancellationToken cancellationToken)
    {
        try
        {
            var release = await published.FindAsync(version, cancellationToken);

            // An image that another one was put over is not the one of the record.
            if (release.Images.Any(each => each.Name == image && each.Digest == digest))
                return new FoundBuild(release.Commit, release.BuildUrl ?? release.BuildId);
        }
        catch (GantryException)
        {
            // Reported where the release is compared with the base registry.
        }

        return trust is null ? null : await FindProvenanceAsync(repository, image, digest, trust, cancellationToken);
    }

    private async Task<FoundBuild?> FindProvenanceAsync(
        IImageRepository repository, string image, Digest digest, TrustPolicy keys, CancellationToken cancellationToken)
    {
        try
        {
            var found = await AttestationReferrer.FindAsync(repository, digest, PredicateTypes.Provenance, cancellationToken);
            return found.Attestations
                .Select(attestation => Verify(attestation, image, digest, keys))
                .FirstOrDefault(build => build is not null);
        }
        catch (GantryException)
        {
            return null;
        }
    }

    private FoundBuild? Verify(Attestation attestation, string image, Digest digest, TrustPolicy keys)
    {
        try
        {
            var (provenance, _) = new ProvenanceVerifier(keys, now).Verify(attestation, image, digest, version: null, commit: null);
            var run = provenance.RunDetails;
            return new FoundBuild(provenance.Commit, run.Metadata.InvocationId ?? run.Builder.Id);
        }
        catch (GantryException)
        {
            return null;
        }
    }
}

/// <summary>The build of an image.</summary>
/// <param name="Commit">The commit; null when it is not known.</param>
/// <param name="Run">The address or id of the run, or the name of the builder; null when it is not known.</param>
internal sealed record FoundBuild(string? Commit, string? Run);
