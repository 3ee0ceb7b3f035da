using System.Collections.Concurrent;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Releases;

/// <summary>Finds a release in the base registry, and verifies it against the current tags.</summary>
public sealed class ReleaseFinder(IRegistryClient repositories)
{
    /// <summary>
    /// Finds the release with a version, with the digest of one of its images, or with both. Throws <c>GAN4014</c> when there is no such
    /// version, <c>GAN4015</c> for an image without a record, <c>GAN4021</c> for a tag that has moved, <c>GAN4049</c> for neither version
    /// nor digest, <c>GAN4050</c> for a version that does not have the digest, <c>GAN4051</c> for a digest of no release, <c>GAN4052</c>
    /// for a digest of several.
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
        var (release, tagged) = version is not null
            ? await FindAsync(baseRegistry, images[0], ReleaseTag.VersionOf(version), cancellationToken)
            : (await FindAsync(baseRegistry, images, digest!.Value, cancellationToken), []);
        if (digest is { } wanted && release.Images.All(image => image.Digest != wanted))
            throw ReleaseErrors.NotOfRelease(release, wanted);

        await Concurrently.ForEachAsync(
            release.Images.Select(image => (Image: image, Repository: repositories.Open(baseRegistry, image.Name))),
            async (of, token) =>
            {
                if (!tagged.TryGetValue(of.Repository.Location, out var there) || there.Descriptor.Digest != of.Image.Digest)
                    tagged[of.Repository.Location] = await BaseTags.RequireBaseTagAsync(of.Repository, release.Tag, of.Image.Digest, token);
            },
            cancellationToken);
        return release with { BaseManifests = tagged };
    }

    private async Task<(Release Release, ConcurrentDictionary<string, ManifestContent> Tagged)> FindAsync(
        RegistryAddress baseRegistry, string image, string version, CancellationToken cancellationToken)
    {
        var repository = repositories.Open(baseRegistry, image);
        var (release, tagged) = await ReleaseReferrer.FindReleaseAsync(repository, version, cancellationToken);
        return (release, new() { [repository.Location] = tagged });
    }

    private async Task<Release> FindAsync(
        RegistryAddress baseRegistry, IReadOnlyList<string> images, Digest digest, CancellationToken cancellationToken)
    {
        var found = await Concurrently.SelectAsync(
            images, (image, token) => ReleaseReferrer.ListAsync(repositories.Open(baseRegistry, image), digest, token), cancellationToken);
        var releases = found
            .SelectMany(ofImage => ofImage)
            .GroupBy(release => release.Version)
            .Select(same => same.MinBy(release => release.Created)!)
            .ToList();
        return releases switch
        {
            [] => throw ReleaseErrors.DigestOfNoRelease(digest, baseRegistry.ToString()!),
            [var only] => only,
            _ => throw ReleaseErrors.DigestOfSeveralReleases(
                digest, releases.Select(release => release.Version).Order(VersionComparer.Instance)),
        };
    }
}
