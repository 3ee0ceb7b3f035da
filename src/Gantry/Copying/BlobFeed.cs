using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>Supplies the blobs of one source to the targets of a copy.</summary>
internal interface IBlobSource
{
    /// <summary>The repository that the blobs come from.</summary>
    IImageRepository Repository { get; }

    /// <summary>Opens a blob; its content is verified while it is read.</summary>
    Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancellationToken);

    /// <summary>Notes that a target has the blob, or does not need it, and will not ask for it again.</summary>
    void Release(int target, Descriptor blob);

    /// <summary>Notes that a target is done with all blobs.</summary>
    void CompleteTarget(int target);
}

/// <summary>Supplies blobs to a single target, directly from the source.</summary>
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
