using Gantry.Attestations;
using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// Verifies that a release was promoted to the previous environment and is there: in each of its regions, with all its images, by the
/// digests of the release. Whatever a pipeline or a program says about it, the registries are the proof. A tag alone is none:
/// environments may share a registry with each other or with the base registry.
/// </summary>
/// <param name="repositories">The client that opens registries.</param>
/// <param name="time">The clock, which shows that the date of a record cannot be true.</param>
internal sealed class PreviousEnvironmentVerifier(IRegistryClient repositories, TimeProvider time)
{
    /// <summary>Throws <see cref="ArgumentException"/> when the request leaves out a region of the previous environment.</summary>
    public static void EnsureComplete(PromotionRequest request)
    {
        if (request.Environment.After is not { } before)
            return;
        string?[] regions = before.Regions.Count == 0 ? [null] : [.. before.Regions];
        if (request.Before.Any(target => target.Environment != before)
            || !request.Before.Select(target => target.Region).Order(StringComparer.Ordinal)
                .SequenceEqual(regions.Order(StringComparer.Ordinal)))
            throw new ArgumentException($"A promotion to {request.Environment} needs every registry of {before}.", nameof(request));
    }

    /// <summary>
    /// Throws <c>GAN4024</c> when an image of the release is not there under its tag or has no record of a promotion to that environment
    /// that counts, <c>GAN4095</c> when its hosts do not run it, and the errors of registries that cannot be read. Where promotions are
    /// signed, throws <c>GAN4201</c> when there is no attestation, and the error of the one that came farthest (<c>GAN4202</c> to
    /// <c>GAN4211</c>) when none counts.
    /// </summary>
    /// <returns>The attestations, by the names of the images; empty where promotions are not signed.</returns>
    public async Task<IReadOnlyDictionary<string, Evidence>> RequireReleaseAsync(
        PromotionRequest request, CancellationToken cancellationToken)
    {
        if (request.AssumesBefore)
            return new Dictionary<string, Evidence>();
        var found = await Concurrently.SelectAsync(
            request.Before, (before, token) => RequireReleaseAsync(request, before, token), cancellationToken);
        return found
            .SelectMany(ofRegion => ofRegion)
            .GroupBy(image => image.Key, image => image.Value)
            .ToDictionary(image => image.Key, image => image.Aggregate(Evidence.None, (all, one) => all.With(one)));
    }

    private async Task<IReadOnlyDictionary<string, Evidence>> RequireReleaseAsync(
        PromotionRequest request, PromotionTarget before, CancellationToken cancellationToken)
    {
        var evidence = await Concurrently.SelectAsync(
            request.Release.Images,
            async (image, token) => (image.Name, Evidence: await RequireImageAsync(request, before, image, token)),
            cancellationToken);
        return evidence.Where(image => image.Evidence is not null).ToDictionary(image => image.Name, image => image.Evidence!);
    }

    private async Task<Evidence?> RequireImageAsync(
        PromotionRequest request, PromotionTarget before, ReleaseImage image, CancellationToken cancellationToken)
    {
        var repository = repositories.Open(before.Address, image.Name);
        var tagged = await repository.ReadTagAsync(request.Release.Tag, cancellationToken);
        if (tagged?.Digest != image.Digest)
            throw PromotionErrors.NotInEnvironmentBefore(
                request.Release.Version, request.Environment, repository.Location, tagged?.Digest, image.Digest);
        var found = await FindRecordsAsync(request, before, repository, image.Digest, cancellationToken);
        if (found.Records.Count == 0 && before.Trust is not null)
            throw found.Nearest ?? AttestationErrors.Missing(
                $"signed promotion to {before.DisplayName}", repository.Location, image.Digest, found.DescribeOthers(),
                $"promote the release to {before.Environment.Name} again, which signs it");
        if (found.Records.Count == 0)
            throw PromotionErrors.NotPromotedBefore(
                request.Release.Version, request.Environment, before.Environment, repository.Location, found.DescribeOthers());
        if (before.Environment.HasHosts && found.Records.All(record => record.Hosts is null))
            throw PromotionErrors.HostsNotDone(request.Release.Version, request.Environment, before.Environment, repository.Location);
        return found.Records[0].Signature is { } signature
            ? new Evidence
            {
                Inputs = [ResourceDescriptor.Of($"{before.ResourceUriOf(image.Name)}@{signature.Attestation}", signature.Attestation)],
                Levels = [.. signature.Levels.Where(level => level == VerificationSummary.BuildLevel1)],
            }
            : null;
    }

    private Task<FoundRecords> FindRecordsAsync(
        PromotionRequest request, PromotionTarget before, IImageRepository repository, Digest digest, CancellationToken cancellationToken)
    {
        var scope = RecordScope.Of(before, time.GetUtcNow()) with { Published = request.Release.Created };
        return PromotionReferrer.FindAsync(repository, digest, scope, request.Release.Version, cancellationToken);
    }
}
