using Gantry.IO;
using Gantry.Oci;

namespace Gantry.Images.Layers;

/// <summary>
/// A temporary folder for the files of one build: new layers, and downloaded layers of the base image. It is deleted when the build ends.
/// </summary>
internal sealed class BuildWorkspace : IDisposable
{
    private readonly TemporaryFolder _folder = TemporaryFolder.Create("gantry-image-");
    private int _files;

    /// <summary>Returns a path for a new file.</summary>
    public string NewPath() => _folder.Combine(NewName());

    /// <summary>Opens a layer of the base image; downloads it first when it is not in the folder yet.</summary>
    /// <param name="blob">The descriptor of the layer.</param>
    /// <param name="source">Opens the layer where it is stored.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<Stream> OpenAsync(Descriptor blob, Func<CancellationToken, Task<Stream>> source, CancellationToken cancellationToken)
    {
        var path = PathOf(blob);
        if (!File.Exists(path))
        {
            // The stream verifies itself while it is read, so the file gets its name only after the end.
            await using var content = await source(cancellationToken);
            File.Move(await _folder.SaveAsync(NewName(), content, cancellationToken), path, overwrite: true);
        }

        return File.OpenRead(path);
    }

    /// <summary>Opens a layer of the base image from this folder if it was downloaded, otherwise from its source.</summary>
    public Task<Stream> OpenForDeliveryAsync(
        Descriptor blob, Func<CancellationToken, Task<Stream>> source, CancellationToken cancellationToken) =>
        File.Exists(PathOf(blob)) ? Task.FromResult<Stream>(File.OpenRead(PathOf(blob))) : source(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private string NewName() => $"{Interlocked.Increment(ref _files)}.layer";

    private string PathOf(Descriptor blob) => _folder.Combine($"{blob.Digest.Hex}.base");
}
