using Gantry.Copying;
using Gantry.IO;
using Gantry.Oci;

namespace Gantry.Promotion;

/// <summary>One image of a release in the base registry: each part is read once for all targets, when the first of them needs it.</summary>
internal sealed class PlannedSource(ImageSource source, ManifestContent root, string tag, CopyOptions options)
{
    private readonly SharedAnswer<ImageGraph> _image = new();
    private readonly SharedAnswer<IReadOnlyList<Attachment>> _attachments = new();

    /// <summary>Reads all manifests of the image.</summary>
    public Task<ImageGraph> ReadImageAsync(CancellationToken cancellationToken) =>
        _image.GetAsync(() => source.ReadAsync(root, cancellationToken));

    /// <summary>Reads the attachments of the image.</summary>
    public Task<IReadOnlyList<Attachment>> ReadAttachmentsAsync(CancellationToken cancellationToken) =>
        _attachments.GetAsync(async () => await new AttachmentReader(source, options).ReadAsync(
            root.Descriptor.Digest, await source.ListManifestsAsync(root, cancellationToken), tag, cancellationToken));
}
