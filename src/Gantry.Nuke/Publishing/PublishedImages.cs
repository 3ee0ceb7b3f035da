using Gantry.Environments;

namespace Gantry.Nuke.Publishing;

/// <summary>
/// The folders that images are built from. All parts of an image must have one version: its label, the release and its files. A folder is
/// therefore used only when this run published it or, with <c>--skip</c>, when it is proven to come from the same sources.
/// </summary>
internal sealed class PublishedImages(
    INukeBuild build, AbsolutePath artifacts, IReadOnlyList<ContainerImage> declared, PublishedSources sources)
{
    private readonly AbsolutePath _record = RecordIn(artifacts);
    private bool _isComplete;

    /// <summary>Gets the sources that this run publishes.</summary>
    public PublishedSources Sources => sources;

    /// <summary>Gets the images that have a project.</summary>
    public IReadOnlyList<ContainerImage> Images { get; } = [.. ContainerImage.Validate(declared).Where(image => image.Project is not null)];

    /// <summary>Returns the path of the record of what was published.</summary>
    public static AbsolutePath RecordIn(AbsolutePath artifacts) => artifacts / "published.json";

    /// <summary>Records the folders that <c>PublishImages</c> has published.</summary>
    public async Task RecordAsync(CancellationToken cancellationToken)
    {
        var folders = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var image in Images)
            folders[image.Name] = await FolderDigest.ComputeAsync(artifacts / image.Name, cancellationToken);

        await new PublishRecord(sources, folders).WriteFileAsync(_record, cancellationToken);
        _isComplete = true;
    }

    /// <summary>
    /// Throws <c>GAN3022</c> for a folder that this run did not publish although nothing skipped it. For a skipped one, throws
    /// <c>GAN3022</c> when its sources are not recorded, <c>GAN3023</c> when its sources differ, and <c>GAN3024</c> when it has changed
    /// since.
    /// </summary>
    public async Task EnsureCurrentAsync(CancellationToken cancellationToken)
    {
        if (_isComplete || Images.Count == 0)
            return;
        if (!build.SkippedTargets.Any(target => target.Name == nameof(IPublishImages.PublishImages)))
            throw PublishErrors.NotPublished(FolderOf(Images[0]));

        var record = await PublishRecord.ReadFileAsync(_record, cancellationToken)
            ?? throw PublishErrors.NoRecord(FolderOf(Images[0]), Below(_record));
        foreach (var image in Images)
        {
            if (!record.Folders.TryGetValue(image.Name, out var digest))
                throw PublishErrors.NoRecord(FolderOf(image), Below(_record));
            if (record.Sources != sources)
                throw PublishErrors.OtherSources(FolderOf(image), record.Sources.ToString(), sources.ToString());
            if (digest != await FolderDigest.ComputeAsync(artifacts / image.Name, cancellationToken))
                throw PublishErrors.FolderChanged(FolderOf(image));
        }
    }

    private string FolderOf(ContainerImage image) => Below(artifacts / image.Name);

    private string Below(AbsolutePath path) => build.RootDirectory.GetUnixRelativePathTo(path);
}
