using Gantry.Oci;

namespace Gantry.Copying;

/// <summary>One image at its source, read as far as it is needed: all targets share what was read.</summary>
internal sealed class SourceImage
{
    private readonly Lazy<Task<(ManifestContent Root, Digest? ChosenFrom)>> _root;
    private readonly Lazy<Task<ImageGraph>> _graph;
    private readonly Lazy<Task<IReadOnlyList<Attachment>>> _attachments;

    public SourceImage(ImageSource source, CopyRequest request, CopyOptions options, CancellationToken cancellationToken)
    {
        Source = source;
        _root = new(async () => await PlatformFilter.ApplyAsync(source, await FindRootAsync(), options.Platforms, cancellationToken));
        _graph = new(async () => await source.ReadAsync((await _root.Value).Root, cancellationToken));
        _attachments = new(async () =>
        {
            var root = (await _root.Value).Root;
            return await new AttachmentReader(source, options).ReadAsync(
                root.Descriptor.Digest, await source.ListManifestsAsync(root, cancellationToken), request.Tag, cancellationToken);
        });

        async Task<ManifestContent> FindRootAsync()
        {
            // Does not need the digest, so it is requested at the same time as the manifest, which does not wait for it.
            if (options.Referrers || options.CosignTags)
                _ = source.TryListTagsInOnePageAsync(cancellationToken);
            var root = request.Digest is { } digest
                ? await source.Repository.FindManifestAsync(digest, cancellationToken)
                : await source.Repository.FindManifestAsync(request.Tag ?? "", cancellationToken);
            return root ?? throw CopyErrors.UnknownImage(source.Repository.Location, request.Digest?.ToString() ?? request.Tag ?? "");
        }
    }

    /// <summary>The repository.</summary>
    public ImageSource Source { get; }

    /// <summary>Reads the manifest or index, and the digest of the complete image when only some platforms are copied.</summary>
    public Task<(ManifestContent Root, Digest? ChosenFrom)> ReadRootAsync() => _root.Value;

    /// <summary>Reads all manifests and blobs.</summary>
    public Task<ImageGraph> ReadGraphAsync() => _graph.Value;

    /// <summary>Reads the attachments of the image.</summary>
    public Task<IReadOnlyList<Attachment>> ReadAttachmentsAsync() => _attachments.Value;
}
