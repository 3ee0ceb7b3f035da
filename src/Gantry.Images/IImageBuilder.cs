using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Images;

/// <summary>Builds an image from a Dockerfile and stores it, untagged, in a repository.</summary>
public interface IImageBuilder
{
    /// <summary>Builds the image and stores blobs and manifests in <paramref name="target"/>; the caller writes tags.</summary>
    Task<BuiltImage> BuildAsync(ImageBuildRequest request, IImageRepository target, CancellationToken cancellationToken);
}

/// <summary>The image to build. When built in process, the same request gives the same digest, anywhere and at any time.</summary>
public sealed record ImageBuildRequest
{
    /// <summary>The full path of the Dockerfile.</summary>
    public required string Dockerfile { get; init; }

    /// <summary>The full path of the folder that COPY reads from; its <c>.dockerignore</c> applies.</summary>
    public required string Context { get; init; }

    /// <summary>The platforms; more than one creates an index.</summary>
    public IReadOnlyList<Platform> Platforms { get; init; } = [Platform.LinuxAmd64];

    /// <summary>Values for the Dockerfile's ARG instructions.</summary>
    public IReadOnlyDictionary<string, string> BuildArguments { get; init; } = new Dictionary<string, string>();

    /// <summary>Labels of the image, and annotations of its manifests, in addition to those of the Dockerfile.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The time stamp of everything in the image: that of the commit, as SOURCE_DATE_EPOCH specifies.</summary>
    public required DateTimeOffset SourceDate { get; init; }
}

/// <summary>Receives the messages of a builder.</summary>
public interface IBuildLog
{
    /// <summary>Writes a message.</summary>
    void Information(string message);

    /// <summary>Writes a warning about something that works but is not as it should be.</summary>
    void Warning(string message);
}
