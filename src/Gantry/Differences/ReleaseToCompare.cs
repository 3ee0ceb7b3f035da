using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Differences;

/// <summary>A release that is compared with another one: where its images are, and what is known of it.</summary>
public sealed record ReleaseToCompare
{
    /// <summary>The name in the result: the version, or the reference of an image.</summary>
    public required string Name { get; init; }

    /// <summary>The environment in which it is; null for a release that was named by itself.</summary>
    public string? Place { get; init; }

    /// <summary>The commit that was built, in full; null when it is not known, so that commits are not compared.</summary>
    public string? Commit { get; init; }

    /// <summary>The images, in the order of the declaration.</summary>
    public required IReadOnlyList<ImageToCompare> Images { get; init; }

    /// <summary>What could not be read of the release, each as one sentence: the result repeats it.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>Returns a release as it is in a registry.</summary>
    /// <param name="release">The release.</param>
    /// <param name="repositories">The client that opens the registry.</param>
    /// <param name="registry">The registry: the base registry, or that of an environment.</param>
    public static ReleaseToCompare Of(Release release, IRegistryClient repositories, RegistryAddress registry) => new()
    {
        Name = release.Version,
        Commit = release.Commit,
        Images =
        [
            .. release.Images.Select(image =>
                new ImageToCompare(image.Name, repositories.Open(registry, image.Name), image.Digest) { Recorded = image }),
        ],
    };
}

/// <summary>An image that is compared with another one.</summary>
/// <param name="Name">The name, by which it is compared with the image of the other release.</param>
/// <param name="Repository">Its repository.</param>
/// <param name="Digest">The digest of its manifest or index.</param>
public sealed record ImageToCompare(string Name, IImageRepository Repository, Digest Digest)
{
    /// <summary>The image in the record of its release, which names the base image; null when there is no record.</summary>
    public ReleaseImage? Recorded { get; init; }
}
