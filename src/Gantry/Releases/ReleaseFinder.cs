using Gantry.Attestations;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Releases;

/// <summary>Finds a release in the base registry, and verifies it against the current tags.</summary>
/// <remarks>
/// The record of the release says which images belong to it, and pins the digest of each. It counts if there is only one, if it names
/// images of the build only and all of those that the registry has under its tag, and if every tag points to the recorded digest.
/// </remarks>
/// <param name="repositories">The client that opens registries.</param>
/// <param name="time">The clock, which shows that the date of a release cannot be true; the system clock by default.</param>
public sealed class ReleaseFinder(IRegistryClient repositories, TimeProvider? time = null)
{
    /// <summary>
    /// Finds the release with a version, with the digest of one of its images, or with both. Throws <c>GAN4014</c> when there is no such
    /// version, <c>GAN4015</c> for images without a record, <c>GAN4021</c> for a tag that has moved, <c>GAN4049</c> for neither version
    /// nor digest, <c>GAN4050</c> for a version that does not have the digest, <c>GAN4051</c> for a digest of no release, <c>GAN4052</c>
    /// for a digest of several, <c>GAN4054</c> for records that differ, <c>GAN4055</c> for a record that names other images than those of
    /// the build, <c>GAN5015</c> for a date in the future.
    /// </summary>
    /// <param name="baseRegistry">The base registry.</param>
    /// <param name="images">The names of the images of the build.</param>
    /// <param name="version">The version, or its tag; null when only the digest is known.</param>
    /// <param name="digest">The digest of an image of the release; null when only the version is known.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<Release> FindAsync(
        RegistryAddress baseRegistry, IReadOnlyList<string> images, string? version, Digest? digest, CancellationToken cancellationToken)
    {
        if (version is null && digest is null)
            throw ReleaseErrors.NoReleaseNamed();
        IReadOnlyList<FoundRelease> records = version is null
            ? await FindRecordsAsync(baseRegistry, images, digest!.Value, cancellationToken)
            : [];
        version = version is null ? records[0].Release.Version : ReleaseTag.VersionOf(version);

        var found = await Concurrently.SelectAsync(
            images, (image, token) => ReadAsync(repositories.Open(baseRegistry, image), image, version, token), cancellationToken);
        var release = FoundRelease.RequireSame([.. records, .. found.SelectMany(image => image.Records)]) ?? throw NotFound(found, version);
        if (digest is { } wanted)
            RequireImage(release, wanted);
        RequireDeclared(release, images);
        RequirePast(release, time ?? TimeProvider.System);
        foreach (var image in found)
            RequirePinned(release, image);
        return release with
        {
            BaseManifests = found
                .Where(image => image.Tagged is not null)
                .ToDictionary(image => image.Repository.Location, image => image.Tagged!),
        };
    }

    /// <summary>Throws <c>GAN4050</c> when no image of the release has a digest.</summary>
    /// <param name="release">The release.</param>
    /// <param name="digest">The digest.</param>
    public static void RequireImage(Release release, Digest digest)
    {
        if (release.Images.All(image => image.Digest != digest))
            throw ReleaseErrors.NotOfRelease(release, digest);
    }

    /// <summary>Throws <c>GAN4055</c> when the release has images that the build does not declare.</summary>
    /// <param name="release">The release.</param>
    /// <param name="images">The names of the images of the build.</param>
    public static void RequireDeclared(Release release, IReadOnlyList<string> images)
    {
        if (release.Images.Select(image => image.Name).Except(images, StringComparer.Ordinal).ToList() is { Count: > 0 } foreign)
            throw ReleaseErrors.ForeignImages(release.Version, foreign);
    }

    /// <summary>
    /// Throws <c>GAN5015</c> when the date of the release is in the future: every promotion would be from before its publication.
    /// </summary>
    internal static void RequirePast(Release release, TimeProvider time)
    {
        if (release.Created - time.GetUtcNow() > TrustPolicy.ClockSkew)
            throw ReleaseErrors.FutureRelease(release);
    }

    private sealed record BaseImage(string Name, IImageRepository Repository)
    {
        public ManifestContent? Tagged { get; init; }

        public IReadOnlyList<FoundRelease> Records { get; init; } = [];

        public GantryException? Problem { get; init; }
    }

    private static async Task<BaseImage> ReadAsync(
        IImageRepository repository, string name, string version, CancellationToken cancellationToken)
    {
        var image = new BaseImage(name, repository);
        var tag = ReleaseTag.Of(version);
        try
        {
            if (await repository.FindManifestAsync(tag, cancellationToken) is not { } tagged)
                return image;
            var records = await ReleaseReferrer.ListAsync(repository, tagged.Descriptor.Digest, version, cancellationToken);
            return image with { Tagged = tagged, Records = records };
        }
        catch (GantryException problem)
        {
            // An image that was declared later may not have a repository, and some registries refuse to say so.
            return image with { Problem = problem };
        }
    }

    private static GantryException NotFound(IReadOnlyList<BaseImage> images, string version)
    {
        if (images.FirstOrDefault(image => image.Problem is not null) is { Problem: { } problem })
            return problem;
        return images.FirstOrDefault(image => image.Tagged is not null) is { Tagged: { } tagged } unrecorded
            ? ReleaseErrors.ReleaseWithoutRecord(version, unrecorded.Repository.Location, tagged.Descriptor.Digest)
            : ReleaseErrors.UnknownRelease(version, images[0].Repository.Location);
    }

    private static void RequirePinned(Release release, BaseImage image)
    {
        var there = image.Tagged?.Descriptor.Digest;
        if (release.Images.FirstOrDefault(pinned => pinned.Name == image.Name) is not { } pinned)
        {
            if (there is { } unpinned)
                throw ReleaseErrors.UnpinnedImage(release.Version, image.Repository.Location, unpinned);
            return;
        }

        if (image.Problem is { } problem)
            throw problem;
        if (there != pinned.Digest)
            throw ReleaseErrors.BaseTagMoved(image.Repository.Location, release.Tag, there, pinned.Digest);
    }

    private async Task<IReadOnlyList<FoundRelease>> FindRecordsAsync(
        RegistryAddress baseRegistry, IReadOnlyList<string> images, Digest digest, CancellationToken cancellationToken)
    {
        var found = await Concurrently.SelectAsync(
            images,
            (image, token) => ReleaseReferrer.ListAsync(repositories.Open(baseRegistry, image), digest, version: null, token),
            cancellationToken);
        var records = found.SelectMany(ofImage => ofImage).ToList();
        var versions = records.Select(record => record.Release.Version).Distinct().ToList();
        return versions switch
        {
            [] => throw ReleaseErrors.DigestOfNoRelease(digest, baseRegistry.ToString()!),
            [_] => records,
            _ => throw ReleaseErrors.DigestOfSeveralReleases(digest, versions.Order(VersionComparer.Instance)),
        };
    }
}
