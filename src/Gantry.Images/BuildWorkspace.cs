using Gantry.Images.BaseImages;
using Gantry.IO;

namespace Gantry.Images;

/// <summary>A folder for the files of one build: new layers, and layers of the base image that had to be downloaded. It goes when the build ends.</summary>
internal sealed class BuildWorkspace : IDisposable
{
    private readonly TemporaryFolder _folder = TemporaryFolder.Create("gantry-image-");
    private int _files;

    /// <summary>A path for a new file.</summary>
    public string NewPath() => _folder.Combine($"{Interlocked.Increment(ref _files)}.layer");

    /// <summary>Opens a layer of the base image, which is downloaded when it is not here yet.</summary>
    public async Task<Stream> OpenAsync(BaseLayer layer, CancellationToken cancellationToken)
    {
        var path = PathOf(layer);
        if (!File.Exists(path))
            await DownloadAsync(layer, path, cancellationToken);
        return File.OpenRead(path);
    }

    /// <summary>Opens a layer of the base image from here when it is here, and else from where it comes from.</summary>
    public Task<Stream> OpenForDeliveryAsync(BaseLayer layer, CancellationToken cancellationToken) =>
        File.Exists(PathOf(layer)) ? Task.FromResult<Stream>(File.OpenRead(PathOf(layer))) : layer.Open(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    // The stream verifies itself while it is read, so the file gets its name only after the end.
    private async Task DownloadAsync(BaseLayer layer, string path, CancellationToken cancellationToken)
    {
        var unfinished = NewPath();
        try
        {
            await using var source = await layer.Open(cancellationToken);
            await using var file = File.Create(unfinished);
            await source.CopyToAsync(file, cancellationToken);
        }
        catch (IOException exception) when (exception.HResult is DiskFullUnix or DiskFullWindows)
        {
            throw StorageErrors.CannotStoreLayer(_folder.Path, exception);
        }

        File.Move(unfinished, path, overwrite: true);
    }

    // ENOSPC, and ERROR_DISK_FULL as an HRESULT.
    private const int DiskFullUnix = 28;
    private const int DiskFullWindows = unchecked((int)0x80070070);

    private string PathOf(BaseLayer layer) => _folder.Combine($"{layer.Blob.Digest.Hex}.base");
}
