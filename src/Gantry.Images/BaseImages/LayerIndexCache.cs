using System.Text.Json;
using Gantry.Images.Layers;
using Gantry.Oci;

namespace Gantry.Images.BaseImages;

/// <summary>
/// Provides the indexes of the layers of images. Each layer is downloaded once for its index, which is cached by its digest; a downloaded
/// layer of a base image is also delivered from the same file.
/// </summary>
internal sealed class LayerIndexCache
{
    private readonly string? _folder;
    private readonly BuildWorkspace _workspace;

    /// <param name="folder">The folder of the cache; null disables it.</param>
    /// <param name="workspace">The folder that holds downloaded layers until the build ends.</param>
    public LayerIndexCache(string? folder, BuildWorkspace workspace)
    {
        _folder = folder;
        _workspace = workspace;
    }

    /// <summary>Applies all layers of an image to a new tree.</summary>
    /// <param name="layers">The layers, the lowest first, each with a function that opens it.</param>
    /// <param name="failures">Creates the errors.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<ImageTree> ReadTreeAsync(
        IEnumerable<(Descriptor Blob, Func<CancellationToken, Task<Stream>> Open)> layers, LayerFailures failures,
        CancellationToken cancellationToken)
    {
        var (tree, budget) = (new ImageTree(), new TreeBudget(failures));
        foreach (var (blob, open) in layers)
            (await GetAsync(blob, open, failures, cancellationToken)).ApplyTo(tree, budget, cancellationToken);
        return tree;
    }

    /// <summary>Applies all layers of a base image to a new tree.</summary>
    public Task<ImageTree> ReadTreeAsync(BaseImage image, CancellationToken cancellationToken) => ReadTreeAsync(
        image.Layers.Select(layer => (layer.Blob, layer.Open)),
        BaseImageErrors.ForLayersOf(image.Reference?.ToString() ?? "(stand-in)"),
        cancellationToken);

    /// <summary>Gets the index of one layer.</summary>
    public async Task<LayerIndex> GetAsync(
        Descriptor blob, Func<CancellationToken, Task<Stream>> open, LayerFailures failures, CancellationToken cancellationToken)
    {
        if (await FindAsync(blob.Digest, cancellationToken) is { } known)
            return known;

        // The index is read from the file, which is complete and verified, not from the network.
        await using var file = await _workspace.OpenAsync(blob, open, cancellationToken);
        var index = await LayerIndexReader.ReadAsync(file, blob, failures, cancellationToken);
        await KeepAsync(blob.Digest, index, cancellationToken);
        return index;
    }

    private async Task<LayerIndex?> FindAsync(Digest digest, CancellationToken cancellationToken)
    {
        if (_folder is null || !File.Exists(PathOf(digest)))
            return null;

        try
        {
            await using var file = File.OpenRead(PathOf(digest));
            return await JsonSerializer.DeserializeAsync(file, LayerIndexJson.Default.LayerIndex, cancellationToken);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            // An unreadable cache is written again.
            return null;
        }
    }

    private async Task KeepAsync(Digest digest, LayerIndex index, CancellationToken cancellationToken)
    {
        if (_folder is null)
            return;

        try
        {
            Directory.CreateDirectory(_folder);
            var unfinished = Path.Combine(_folder, Path.GetRandomFileName());
            await using (var file = File.Create(unfinished))
                await JsonSerializer.SerializeAsync(file, index, LayerIndexJson.Default.LayerIndex, cancellationToken);
            File.Move(unfinished, PathOf(digest), overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Without the cache, the build is only slower.
        }
    }

    // The number is that of what an index has: an index of another version is not found.
    private string PathOf(Digest digest) => Path.Combine(_folder!, $"{digest.Hex}.layer-index-2.json");
}
