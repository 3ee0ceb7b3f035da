using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Images;

/// <summary>Builds an image from a Dockerfile and stores it, untagged, in a repository.</summary>
public interface IImageBuilder
{
    /// <summary>Builds the image and stores blobs and manifests in <paramref name="target"/>; the caller writes tags.</summary>
    Task<BuiltImage> BuildAsync(ImageBuildRequest request, IImageRepository target, CancellationToken cancellationToken);
}
