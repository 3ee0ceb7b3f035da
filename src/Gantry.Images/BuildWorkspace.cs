using Gantry.Images.BaseImages;
using Gantry.IO;

namespace Gantry.Images;

/// <summary>
/// A temporary folder for the files of one build: new layers, and downloaded layers of the base image. It is deleted when the build ends.
/// </summary>
internal sealed class BuildWorkspace : IDisposable
{
    private readonly TemporaryFolder _folder = TemporaryFolder.Create("gantry-image-");
    private int _files;

    /// <summary>Returns a path for a new file.</summary>
    public string NewPath() => _folder.Combine($"{Interlocked.Increment(ref _files)}.layer");

    /// <summary>Opens a layer of the base image; downloads it first when it is not in the folder yet.</summary>
    public async Task<Stream> OpenAsync(BaseLayer layer, CancellationToken cancellationToken)
    {
        var path = PathOf(layer);
        if (!File.Exists(path))
            await DownloadAsync(layer, path, cancellationToken);
        return File.OpenRead(path);
    }

    /// <summary>Opens a layer of the base image from this folder if it was downloaded, otherwise from its source.</summary>
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
