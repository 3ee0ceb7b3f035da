using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Promotion.Gates;

/// <summary>An image of a release in the base registry, which gates look for evidence beside.</summary>
/// <param name="Name">The name of the image.</param>
/// <param name="Repository">Its repository.</param>
/// <param name="Digest">The digest of its manifest or index.</param>
/// <param name="Platforms">The manifests of its platforms; null for an image that is no index.</param>
internal sealed record BaseImage(string Name, IImageRepository Repository, Digest Digest, IReadOnlyList<Digest>? Platforms)
{
    /// <summary>Reads all images of the release; throws <c>GAN5024</c> when one is missing, and the errors of the registry.</summary>
    public static Task<IReadOnlyList<BaseImage>> ReadAsync(GateContext context, CancellationToken cancellationToken) =>
        Concurrently.SelectAsync(
            context.Request.Release.Images,
            async (image, token) =>
            {
                var repository = context.Registries.Open(context.Request.Base, image.Name);
                var known = context.Request.Release.BaseManifests.GetValueOrDefault(repository.Location);
                var manifest = known?.Descriptor.Digest == image.Digest ? known
                    : await repository.FindManifestAsync(image.Digest, token)
                        ?? throw EvidenceErrors.ImageMissing(repository.Location, image.Digest);
                return new BaseImage(image.Name, repository, image.Digest, PlatformsOf(manifest));
            },
            cancellationToken);

    /// <summary>The image, and the manifests of its platforms.</summary>
    public IEnumerable<Digest> Places => (Platforms ?? []).Prepend(Digest).Distinct();

    /// <summary>Describes a place for people: <c>app</c>, or <c>app, platform sha256:…</c>.</summary>
    public string Describe(Digest place) => place == Digest ? Name : $"{Name}, platform {place}";

    // BuildKit lists its attestations as manifests of an unknown system, which nothing runs.
    private static IReadOnlyList<Digest>? PlatformsOf(ManifestContent manifest) => manifest.IsIndex
        ? [.. manifest.ReadIndex().Manifests
            .Where(entry => entry.Platform is not { Os: "unknown", Architecture: "unknown" })
            .Select(entry => entry.Digest)
            .Distinct()]
        : null;
}
