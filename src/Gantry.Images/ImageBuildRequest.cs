using Gantry.Oci;

namespace Gantry.Images;

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

    /// <summary>The compression of the layers that the build creates; those of the base image stay as they are.</summary>
    public LayerCompression Compression { get; init; }

    /// <summary>The time stamp of everything in the image: that of the commit, as SOURCE_DATE_EPOCH specifies.</summary>
    public required DateTimeOffset SourceDate { get; init; }

    /// <summary>
    /// Returns the path of a file for messages: relative to the build context when the file is in it, so that it is short and the same on
    /// every machine.
    /// </summary>
    public string DisplayName(string file)
    {
        var relative = Path.GetRelativePath(Context, file).Replace(Path.DirectorySeparatorChar, '/');
        return relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? file : relative;
    }
}
