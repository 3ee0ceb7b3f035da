using Gantry.Images.BaseImages;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Images.Rebasing;

/// <summary>An image on its new base layers, which is stored nowhere yet.</summary>
public sealed class RebasedImage
{
    private readonly IReadOnlyList<BaseLayer> _baseLayers;

    internal RebasedImage(BuiltImage image, IImageRepository source, IReadOnlyList<BaseLayer> baseLayers)
    {
        Image = image;
        Source = source;
        _baseLayers = baseLayers;
    }

    /// <summary>The image.</summary>
    public BuiltImage Image { get; }

    /// <summary>
    /// Everything of the image, to read from: its own layers are where they were, the base layers where the base image is, the rest in
    /// memory. Nothing can be written to it.
    /// </summary>
    public IImageRepository Source { get; }

    /// <summary>
    /// Mounts the base layers into a repository where its registry has them. What is not mounted is copied when the image is published.
    /// </summary>
    /// <param name="target">The repository.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task MountAsync(IImageRepository target, CancellationToken cancellationToken)
    {
        foreach (var layer in _baseLayers.DistinctBy(layer => layer.Blob.Digest))
        {
            if (layer.Repository is { } repository && repository.Registry == target.Registry)
                await target.PutBlobAsync(layer.Blob, layer.Open, repository, cancellationToken);
        }
    }
}
