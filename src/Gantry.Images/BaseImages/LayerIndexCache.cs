using System.Text.Json;
using Gantry.Images.Layers;
using Gantry.Oci;

namespace Gantry.Images.BaseImages;

/// <summary>
/// Provides the indexes of the layers of base images. Each layer is downloaded once for its index, which is cached by its digest; a
/// downloaded layer is also delivered from the same file.
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
    public async Task<ImageTree> ReadTreeAsync(BaseImage image, CancellationToken cancellationToken)
    {
        var (tree, name) = (new ImageTree(), image.Reference?.ToString() ?? "(stand-in)");
        var budget = new TreeBudget(name);
        foreach (var layer in image.Layers)
            (await GetAsync(layer, name, cancellationToken)).ApplyTo(tree, budget, cancellationToken);
        return tree;
    }

    private async Task<LayerIndex> GetAsync(BaseLayer layer, string image, CancellationToken cancellationToken)
    {
        if (await FindAsync(layer.Blob.Digest, cancellationToken) is { } known)
            return known;

        // The index is read from the file, which is complete and verified, not from the network.
        await using var file = await _workspace.OpenAsync(layer.Blob, layer.Open, cancellationToken);
        var index = await LayerIndexReader.ReadAsync(file, layer.Blob, image, cancellationToken);
        await KeepAsync(layer.Blob.Digest, index, cancellationToken);
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

    private string PathOf(Digest digest) => Path.Combine(_folder!, $"{digest.Hex}.layer-index.json");
}
