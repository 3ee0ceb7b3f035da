using Gantry.Images.BaseImages;
using Gantry.Images.Layers;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Images.Delivery;

/// <summary>Stores an image in a repository: blobs, then manifests, then the index. The caller writes tags.</summary>
internal sealed class ImageDelivery
{
    private readonly IImageRepository _target;
    private readonly BuildWorkspace _workspace;
    private readonly IBuildLog? _log;

    public ImageDelivery(IImageRepository target, BuildWorkspace workspace, IBuildLog? log)
    {
        _target = target;
        _workspace = workspace;
        _log = log;
    }

    /// <summary>Stores everything that does not exist yet.</summary>
    public async Task DeliverAsync(IReadOnlyList<AssembledImage> images, ManifestContent root, CancellationToken cancellationToken)
    {
        var stored = new HashSet<Digest>();
        foreach (var image in images)
        {
            foreach (var layer in image.Base.Layers.Where(layer =>
                !MediaTypes.IsNonDistributable(layer.Blob.MediaType) && stored.Add(layer.Blob.Digest)))
                await _target.PutBlobAsync(
                    layer.Blob,
                    token => _workspace.OpenForDeliveryAsync(layer.Blob, layer.Open, token),
                    layer.Repository,
                    cancellationToken);
            foreach (var layer in image.Layers.Where(layer => stored.Add(layer.Blob.Digest)))
                await _target.PutBlobAsync(layer.Blob, _ => Task.FromResult<Stream>(File.OpenRead(layer.Path)), cancellationToken);

            await _target.PutBlobAsync(
                image.Config, _ => Task.FromResult<Stream>(new MemoryStream(image.ConfigBytes, writable: false)), cancellationToken);
            await _target.PutManifestAsync(image.Manifest, cancellationToken);
            var layers = Format.Count(image.Layers.Count, "new layer");
            _log?.Information($"Image for {image.Platform}: {image.Manifest.Descriptor.Digest}, {layers}");
        }

        if (root.IsIndex)
            await _target.PutManifestAsync(root, cancellationToken);
    }
}
