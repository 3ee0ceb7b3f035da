using Gantry.Environments;

namespace Gantry.Nuke.Publishing;

/// <summary>
/// What this machine has published before: it is used again as long as nothing has changed that decides what publishing gives. These are
/// the sources by their content, the settings, the SDK, the build program, the environment variables, and the folders themselves.
/// </summary>
/// <param name="build">The build.</param>
/// <param name="folder">The folder for what is remembered.</param>
/// <param name="artifacts">The folder of artifacts.</param>
/// <param name="parts">Returns the version, the commit, and the settings for each image.</param>
internal sealed class EarlierPublication(
    INukeBuild build, AbsolutePath folder, AbsolutePath artifacts, Func<IReadOnlyList<string>> parts)
{
    private string? _sdk;

    /// <summary>Returns the version of the .NET SDK.</summary>
    public required Func<string> Sdk { get; init; }

    /// <summary>The images that have a project.</summary>
    public required IReadOnlyList<ContainerImage> Images { get; init; }

    /// <summary>Lists the sources while they are published.</summary>
    public SourceListing Listing { get; } = new(folder);

    private AbsolutePath File => folder / "stamp.json";

    /// <summary>Returns true when publishing again would give what is there.</summary>
    public async Task<bool> IsCurrentAsync(CancellationToken cancellationToken)
    {
        if (!build.IsLocalBuild || Images.Count == 0)
            return false;
        if (await PublishStamp.ReadFileAsync(File, cancellationToken) is not { } stamp || stamp.Context != Context())
            return false;
        foreach (var image in Images)
        {
            if (stamp.Folders.GetValueOrDefault(image.Name) != await DigestOfAsync(image, cancellationToken))
                return false;
        }

        return stamp.Sources == await SourceDigest.ComputeAsync(stamp.Listed, Generated, cancellationToken);
    }

    /// <summary>Forgets what was published, before it is published again.</summary>
    public void Forget()
    {
        folder.CreateDirectory();
        File.DeleteFile();
        Listing.Clear();
    }

    /// <summary>Remembers what was published.</summary>
    public async Task RememberAsync(CancellationToken cancellationToken)
    {
        if (!build.IsLocalBuild || Listing.Read() is not { } listed)
            return;
        if (await SourceDigest.ComputeAsync(listed, Generated, cancellationToken) is not { } sources)
            return;
        var folders = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var image in Images)
            folders[image.Name] = await DigestOfAsync(image, cancellationToken);
        await new PublishStamp(Context(), sources, listed, folders).WriteFileAsync(File, cancellationToken);
    }

    private IReadOnlyList<string> Generated => [artifacts, build.TemporaryDirectory, build.RootDirectory / ".git"];

    private Task<string> DigestOfAsync(ContainerImage image, CancellationToken cancellationToken) =>
        FolderDigest.ComputeAsync(ImageProjects.OutputOf(image, artifacts), cancellationToken);

    private string Context() => PublishContext.Digest(
        build, _sdk ??= Sdk(), EnvironmentInfo.Variables, parts());
}
