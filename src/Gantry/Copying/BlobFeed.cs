using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>Gives the blobs of one source to the targets of a copy.</summary>
internal interface IBlobSource
{
    /// <summary>Where the blobs come from.</summary>
    IImageRepository Repository { get; }

    /// <summary>Opens a blob, verified while it streams.</summary>
    Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancellationToken);

    /// <summary>A target has the blob, or goes on without it, and does not ask again.</summary>
    void Release(int target, Descriptor blob);

    /// <summary>A target is done with all blobs.</summary>
    void CompleteTarget(int target);
}

/// <summary>For one target: the blobs go straight through.</summary>
internal sealed class DirectBlobSource(IImageRepository source) : IBlobSource
{
    public IImageRepository Repository => source;

    public Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancellationToken) => source.OpenBlobAsync(blob, cancellationToken);

    public void Release(int target, Descriptor blob)
    {
    }

    public void CompleteTarget(int target)
    {
    }
}
