using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Gantry.Oci;

namespace Gantry.Releases;

/// <summary>
/// The release that a build published: a version and the digests of its images. It is written to <c>artifacts/release.json</c>, and stored
/// beside each image in the base registry as a referrer. Everything after the build uses it.
/// </summary>
public sealed record Release
{
    /// <summary>The schema that this version writes and reads.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The schema of the record.</summary>
    [JsonPropertyName("schema"), JsonPropertyOrder(0)]
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>The semantic version.</summary>
    [JsonPropertyName("version"), JsonPropertyOrder(1)]
    public required string Version { get; init; }

    /// <summary>The commit that was built, in full.</summary>
    [JsonPropertyName("commit"), JsonPropertyOrder(2)]
    public required string Commit { get; init; }

    /// <summary>The branch that was built; null when it is unknown.</summary>
    [JsonPropertyName("branch"), JsonPropertyOrder(3)]
    public string? Branch { get; init; }

    /// <summary>The build's id in the system that ran it; null on a developer's machine.</summary>
    [JsonPropertyName("buildId"), JsonPropertyOrder(4)]
    public string? BuildId { get; init; }

    /// <summary>The URL of the build; null on a developer's machine.</summary>
    [JsonPropertyName("buildUrl"), JsonPropertyOrder(5)]
    public string? BuildUrl { get; init; }

    /// <summary>The time of publishing.</summary>
    [JsonPropertyName("created"), JsonPropertyOrder(6)]
    public required DateTimeOffset Created { get; init; }

    /// <summary>The images, as declared.</summary>
    [JsonPropertyName("images"), JsonPropertyOrder(7)]
    public required IReadOnlyList<ReleaseImage> Images { get; init; }

    /// <summary>
    /// The manifests that the base tags pointed to when the release was found there, by the location of their repository: a promotion need
    /// not read them again. Empty for a release that was read from a file.
    /// </summary>
    [JsonIgnore]
    internal IReadOnlyDictionary<string, ManifestContent> BaseManifests { get; init; } = ImmutableDictionary<string, ManifestContent>.Empty;

    /// <summary>The tag of the images: the version, with '_' for '+', which tags do not allow.</summary>
    [JsonIgnore]
    public string Tag => ReleaseTag.Of(Version);

    /// <summary>Returns true when the other release has the same version, commit and images, so that only the build differs.</summary>
    internal bool HasSameContent(Release other) =>
        Version == other.Version && Commit == other.Commit
        && SortedImages.Select(image => (image.Name, image.Digest, image.StandIn))
            .SequenceEqual(other.SortedImages.Select(image => (image.Name, image.Digest, image.StandIn)));

    /// <summary>Returns the names of the properties in which the other release differs.</summary>
    internal IReadOnlyList<string> FindDifferences(Release other)
    {
        (string Name, bool IsSame)[] properties =
        [
            ("version", Version == other.Version),
            ("commit", Commit == other.Commit),
            ("branch", Branch == other.Branch),
            ("build", BuildId == other.BuildId && BuildUrl == other.BuildUrl),
            ("date", Created == other.Created),
            ("images", Images.Count == other.Images.Count
                && SortedImages.Zip(other.SortedImages).All(pair => IsSame(pair.First, pair.Second))),
        ];
        return [.. properties.Where(property => !property.IsSame).Select(property => property.Name)];

        // Lists in records are equal only when they are the same list.
        static bool IsSame(ReleaseImage one, ReleaseImage another) =>
            one with { Platforms = another.Platforms } == another && one.Platforms.SequenceEqual(another.Platforms);
    }

    private IEnumerable<ReleaseImage> SortedImages => Images.OrderBy(image => image.Name, StringComparer.Ordinal);
}

/// <summary>One image of a release.</summary>
public sealed record ReleaseImage
{
    /// <summary>The name: the repository in every registry, after the path of its address.</summary>
    [JsonPropertyName("name"), JsonPropertyOrder(0)]
    public required string Name { get; init; }

    /// <summary>The repository that it was published to, for people: <c>contoso.azurecr.io/team/app</c>.</summary>
    [JsonPropertyName("repository"), JsonPropertyOrder(1)]
    public required string Repository { get; init; }

    /// <summary>The digest of the manifest or index.</summary>
    [JsonPropertyName("digest"), JsonPropertyOrder(2)]
    public required Digest Digest { get; init; }

    /// <summary>The media type of the manifest or index.</summary>
    [JsonPropertyName("mediaType"), JsonPropertyOrder(3)]
    public required string MediaType { get; init; }

    /// <summary>The size of the manifest or index in bytes.</summary>
    [JsonPropertyName("size"), JsonPropertyOrder(4)]
    public required long Size { get; init; }

    /// <summary>The platforms that the image runs on.</summary>
    [JsonPropertyName("platforms"), JsonPropertyOrder(5)]
    public required IReadOnlyList<string> Platforms { get; init; }

    /// <summary>The base image with its digest; null for <c>scratch</c>.</summary>
    [JsonPropertyName("baseImage"), JsonPropertyOrder(6)]
    public ReleaseBaseImage? BaseImage { get; init; }

    /// <summary>True when the base image is the stand-in that one machine assembled: never for real registries.</summary>
    [JsonPropertyName("standIn"), JsonPropertyOrder(7)]
    public bool StandIn { get; init; }

    /// <summary>Creates the entry for an image that was built.</summary>
    /// <param name="name">The name: the repository in every registry, after the path of its address.</param>
    /// <param name="repository">The repository, for people.</param>
    /// <param name="built">The image.</param>
    public static ReleaseImage Of(string name, string repository, BuiltImage built) => new()
    {
        Name = name,
        Repository = repository,
        Digest = built.Root.Descriptor.Digest,
        MediaType = built.Root.Descriptor.MediaType,
        Size = built.Root.Descriptor.Size,
        Platforms = [.. built.Platforms.Select(platform => platform.ToString())],
        BaseImage = built.BaseImage is { } baseImage
            ? new ReleaseBaseImage { Name = (baseImage with { Digest = null }).ToString(), Digest = baseImage.Digest }
            : null,
        StandIn = built.StandIn,
    };

    /// <summary>Media type, digest and size of the manifest or index.</summary>
    [JsonIgnore]
    public Descriptor Descriptor => new() { MediaType = MediaType, Digest = Digest, Size = Size };
}

/// <summary>The base image of an image.</summary>
public sealed record ReleaseBaseImage
{
    /// <summary>The reference in the Dockerfile: <c>mcr.microsoft.com/dotnet/aspnet:10.0</c>.</summary>
    [JsonPropertyName("name"), JsonPropertyOrder(0)]
    public required string Name { get; init; }

    /// <summary>The digest of the base image; null when the builder does not know it.</summary>
    [JsonPropertyName("digest"), JsonPropertyOrder(1)]
    public Digest? Digest { get; init; }
}
