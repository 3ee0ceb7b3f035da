using Gantry.Environments;

namespace Gantry.Nuke.Publishing;

/// <summary>
/// The folders that images are built from. All parts of an image must have one version: its label, the release and its files. A folder is
/// therefore used only when this run published it or, with <c>--skip</c>, when it is proven to come from the same sources.
/// </summary>
internal sealed class PublishedImages(IPublishImages build)
{
    private readonly PublishedInThisRun _run = build.Once(() => new PublishedInThisRun());

    /// <summary>Records the folders that <c>PublishImages</c> has published.</summary>
    public async Task RecordAsync(CancellationToken cancellationToken)
    {
        var folders = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var image in Published())
            folders[image] = await DigestOfAsync(image, cancellationToken);

        await (Sources with { Folders = folders }).WriteFileAsync(build.PublishedFile, cancellationToken);
        _run.IsComplete = true;
    }

    /// <summary>
    /// Throws <c>GAN3022</c> for a folder that this run did not publish although nothing skipped it. For a skipped one, throws
    /// <c>GAN3022</c> when its sources are not recorded, <c>GAN3023</c> when its sources differ, and <c>GAN3024</c> when it has changed
    /// since.
    /// </summary>
    public async Task EnsureCurrentAsync(CancellationToken cancellationToken)
    {
        if (_run.IsComplete || Published() is not [var first, ..] images)
            return;
        if (!build.SkippedTargets.Any(target => target.Name == nameof(IPublishImages.PublishImages)))
            throw PublishErrors.NotPublished(FolderOf(first));

        var record = await PublishRecord.ReadFileAsync(build.PublishedFile, cancellationToken) ?? throw PublishErrors.NoRecord(FolderOf(first), Below(build.PublishedFile));
        foreach (var image in images)
        {
            if (!record.Folders.TryGetValue(image, out var digest))
                throw PublishErrors.NoRecord(FolderOf(image), Below(build.PublishedFile));
            if (!record.HasSourcesOf(Sources))
                throw PublishErrors.OtherSources(FolderOf(image), record.Sources, Sources.Sources);
            if (digest != await DigestOfAsync(image, cancellationToken))
                throw PublishErrors.FolderChanged(FolderOf(image));
        }
    }

    private PublishRecord Sources => new()
    {
        Version = build.BuildVersion.SemVer,
        Commit = build.Revision.Commit,
        UncommittedTree = build.Revision.UncommittedTree,
        Folders = new Dictionary<string, string>(),
    };

    private List<string> Published() => ContainerImage.Validate(build.Images).Where(image => image.Project is not null).Select(image => image.Name).ToList();

    private Task<string> DigestOfAsync(string image, CancellationToken cancellationToken) => FolderDigest.ComputeAsync(build.ArtifactsDirectory / image, cancellationToken);

    private string FolderOf(string image) => Below(build.ArtifactsDirectory / image);

    private string Below(AbsolutePath path) => build.RootDirectory.GetUnixRelativePathTo(path);

    private sealed class PublishedInThisRun
    {
        public bool IsComplete { get; set; }
    }
}
