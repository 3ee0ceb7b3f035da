using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Promotion;

/// <summary>
/// Verifies that a release was promoted to the environment before and is there: in each of its regions, with all its images, by the
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
    /// that counts, <c>GAN4095</c> when its hosts do not run it, and the errors of registries that cannot be read.
    /// </summary>
    public Task RequireReleaseAsync(PromotionRequest request, CancellationToken cancellationToken) =>
        request.AssumesBefore
            ? Task.CompletedTask
            : Concurrently.ForEachAsync(request.Before, (before, token) => RequireReleaseAsync(request, before, token), cancellationToken);

    private async Task RequireReleaseAsync(PromotionRequest request, PromotionTarget before, CancellationToken cancellationToken)
    {
        foreach (var image in request.Release.Images)
        {
            var repository = repositories.Open(before.Address, image.Name);
            var tagged = await repository.ReadTagAsync(request.Release.Tag, cancellationToken);
            if (tagged?.Digest != image.Digest)
                throw PromotionErrors.NotInEnvironmentBefore(
                    request.Release.Version, request.Environment, repository.Location, tagged?.Digest, image.Digest);
            var found = await FindRecordsAsync(request, before, repository, image.Digest, cancellationToken);
            if (found.Records.Count == 0)
                throw PromotionErrors.NotPromotedBefore(
                    request.Release.Version, request.Environment, before.Environment, repository.Location, found.DescribeOthers());
            if (before.Environment.HasHosts && found.Records.All(record => record.Hosts is null))
                throw PromotionErrors.HostsNotDone(request.Release.Version, request.Environment, before.Environment, repository.Location);
        }
    }

    private Task<FoundRecords> FindRecordsAsync(
        PromotionRequest request, PromotionTarget before, IImageRepository repository, Digest digest, CancellationToken cancellationToken)
    {
        var scope = RecordScope.Of(before, time.GetUtcNow()) with { Published = request.Release.Created };
        return PromotionReferrer.FindAsync(repository, digest, scope, request.Release.Version, cancellationToken);
    }
}
