using Gantry.Oci;

namespace Gantry.Copying;

/// <summary>One image at its source, read as far as somebody asks: several targets ask for the same, and it is read once.</summary>
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
            var digests = await source.ListManifestsAsync((await _root.Value).Root, cancellationToken);
            return await new AttachmentReader(source, options).ReadAsync(digests, cancellationToken);
        });

        async Task<ManifestContent> FindRootAsync()
        {
            // Needs no digest, so it is asked beside the manifest and not behind it.
            var tags = options.Referrers || options.CosignTags ? source.TryListTagsInOnePageAsync(cancellationToken) : Task.CompletedTask;
            var root = request.Digest is { } digest
                ? await source.Repository.FindManifestAsync(digest, cancellationToken)
                : await source.Repository.FindManifestAsync(request.Tag ?? "", cancellationToken);
            await tags;
            return root ?? throw CopyErrors.UnknownImage(source.Repository.Location, request.Digest?.ToString() ?? request.Tag ?? "");
        }
    }

    /// <summary>The repository.</summary>
    public ImageSource Source { get; }

    /// <summary>The manifest or index, and the one that its platforms were chosen from when not all were wanted.</summary>
    public Task<(ManifestContent Root, Digest? ChosenFrom)> ReadRootAsync() => _root.Value;

    /// <summary>All manifests and blobs.</summary>
    public Task<ImageGraph> ReadGraphAsync() => _graph.Value;

    /// <summary>What belongs to it.</summary>
    public Task<IReadOnlyList<Attachment>> ReadAttachmentsAsync() => _attachments.Value;
}
