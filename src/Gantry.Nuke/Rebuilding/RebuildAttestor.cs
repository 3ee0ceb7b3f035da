using Gantry.Attestations;
using Gantry.Attestations.Rebuilds;
using Gantry.Nuke.Execution;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Signing;

namespace Gantry.Nuke.Rebuilding;

/// <summary>Attests in the base registry that a release was rebuilt with the same digests.</summary>
/// <param name="open">Opens the repository of an image in the base registry.</param>
/// <param name="signer">The key of the one who rebuilt.</param>
/// <param name="now">The present time.</param>
internal sealed class RebuildAttestor(Func<string, IImageRepository> open, ISigner signer, DateTimeOffset now)
{
    /// <summary>
    /// Writes an attestation beside each image; what this key has attested of the image already is not written again. Returns the number of
    /// attestations that were, or would be, written.
    /// </summary>
    /// <param name="release">The release.</param>
    /// <param name="by">The person or system that rebuilt.</param>
    /// <param name="sdk">The version of the .NET SDK.</param>
    /// <param name="dry">True to write nothing.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<int> AttestAsync(Release release, string by, string sdk, bool dry, CancellationToken cancellationToken)
    {
        var key = await signer.GetPublicKeyAsync(cancellationToken);
        var written = 0;
        foreach (var image in release.Images)
        {
            var predicate = new RebuildPredicate
            {
                Version = release.Version,
                Commit = release.Commit,
                Image = image.Name,
                Digest = image.Digest,
                Rebuilt = new(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero),
                By = by,
                Sdk = sdk,
                Result = RebuildPredicate.Same,
            };
            var repository = open(image.Name);
            if (await FindLatestAsync(repository, key, predicate, cancellationToken) is { } latest
                && latest with { Rebuilt = predicate.Rebuilt } == predicate)
            {
                BuildOutput.Information($"{image.Name} is attested as rebuilt already, of {Format.Time(latest.Rebuilt)}");
                continue;
            }

            written++;
            if (!dry)
                await WriteAsync(repository, image, predicate, cancellationToken);
        }

        return written;
    }

    // The latest one of a key counts, so an older one with the same result does not replace a new one.
    private static async Task<RebuildPredicate?> FindLatestAsync(
        IImageRepository repository, VerificationKey key, RebuildPredicate predicate, CancellationToken cancellationToken)
    {
        var found = await AttestationReferrer.FindAsync(repository, predicate.Digest, PredicateTypes.Rebuild, cancellationToken);
        return found.Attestations
            .Where(attestation => attestation.Bundle.IsSignedBy(key) && attestation.Statement.IsAbout(predicate.Digest))
            .Select(TryRead)
            .OfType<RebuildPredicate>()
            .Where(other => other.Version == predicate.Version && other.Image == predicate.Image)
            .MaxBy(other => other.Rebuilt);
    }

    private static RebuildPredicate? TryRead(Attestation attestation)
    {
        try
        {
            return RebuildPredicate.Read(attestation.Statement.Predicate, attestation.Origin);
        }
        catch (GantryException)
        {
            // Another one is written beside it.
            return null;
        }
    }

    private async Task WriteAsync(
        IImageRepository repository, ReleaseImage image, RebuildPredicate predicate, CancellationToken cancellationToken)
    {
        var bundle = await RebuildStatement.SignAsync(predicate, image.Digest, signer, cancellationToken);
        var manifest = AttestationReferrer.Create(
            bundle, image.Descriptor, PredicateTypes.Rebuild, predicate.Rebuilt,
            [new("org.opencontainers.image.version", predicate.Version)]);
        await AttestationReferrer.PutAsync(repository, manifest, bundle, cancellationToken);
        BuildOutput.Information($"Attested beside {image.Name} in {repository.Location}: {manifest.Descriptor.Digest}");
    }
}
