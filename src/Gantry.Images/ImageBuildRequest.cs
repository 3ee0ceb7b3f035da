using Gantry.Oci;

namespace Gantry.Images;

/// <summary>The image to build. When built in process, the same request gives the same digest, anywhere and at any time.</summary>
public sealed record ImageBuildRequest
{
    /// <summary>
    /// The time stamp of what is in <see cref="FixedTimeFolders"/>: the earliest one that zip archives, and so NuGet packages, can have.
    /// </summary>
    public static DateTimeOffset FixedTime { get; } = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

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
    /// The folders of the context whose files, and folders, have <see cref="FixedTime"/> instead of <see cref="SourceDate"/>: relative to
    /// <see cref="Context"/>, with slashes. A layer that copies nothing else is the same in every commit that does not change the files.
    /// With one such folder or more, the directories that WORKDIR and COPY create have <see cref="FixedTime"/> as well.
    /// </summary>
    /// <remarks>
    /// What a web server serves must not be in them: servers compute entity tags from time and length, so that clients would keep an old
    /// file that is as long as the new one.
    /// </remarks>
    public IReadOnlyList<string> FixedTimeFolders { get; init; } = [];

    /// <summary>The time stamp of the directories that instructions create.</summary>
    internal DateTimeOffset DirectoryTime => FixedTimeFolders.Count > 0 ? FixedTime : SourceDate;

    /// <summary>Returns the time stamp of a file or folder of the context, in seconds since 1970.</summary>
    /// <param name="path">The path from the root of the context, with slashes.</param>
    internal long TimeOf(string path) =>
        (FixedTimeFolders.Any(folder => IsIn(path, folder.TrimEnd('/'))) ? FixedTime : SourceDate).ToUnixTimeSeconds();

    /// <summary>
    /// Returns the path of a file for messages: relative to the build context when the file is in it, so that it is short and the same on
    /// every machine.
    /// </summary>
    public string DisplayName(string file)
    {
        var relative = Path.GetRelativePath(Context, file).Replace(Path.DirectorySeparatorChar, '/');
        return relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? file : relative;
    }

    private static bool IsIn(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] == '/');
}
