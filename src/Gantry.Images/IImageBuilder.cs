using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Images;

/// <summary>Builds an image from a Dockerfile and delivers it, untagged, into a repository.</summary>
public interface IImageBuilder
{
    /// <summary>Builds the image and stores blobs and manifests in <paramref name="target"/>; tags are for the caller to write.</summary>
    Task<BuiltImage> BuildAsync(ImageBuildRequest request, IImageRepository target, CancellationToken cancellationToken);
}

/// <summary>What to build. The same request gives the same digest, anywhere and at any time, when built in process.</summary>
public sealed record ImageBuildRequest
{
    /// <summary>The full path of the Dockerfile.</summary>
    public required string Dockerfile { get; init; }

    /// <summary>The full path of the folder that COPY reads from; its <c>.dockerignore</c> holds.</summary>
    public required string Context { get; init; }

    /// <summary>The platforms; more than one makes an index.</summary>
    public IReadOnlyList<Platform> Platforms { get; init; } = [Platform.LinuxAmd64];

    /// <summary>Values for the Dockerfile's ARG instructions.</summary>
    public IReadOnlyDictionary<string, string> BuildArguments { get; init; } = new Dictionary<string, string>();

    /// <summary>Labels of the image, and annotations of its manifests; they go beside those that the Dockerfile sets.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The time that everything in the image carries: the commit's, as SOURCE_DATE_EPOCH says.</summary>
    public required DateTimeOffset SourceDate { get; init; }
}

/// <summary>Receives what a builder says while it works.</summary>
public interface IBuildLog
{
    /// <summary>A line for a person.</summary>
    void Information(string message);

    /// <summary>Something that works but is not as it should be.</summary>
    void Warning(string message);
}
