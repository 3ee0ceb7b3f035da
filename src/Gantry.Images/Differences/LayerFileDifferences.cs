using Gantry.Differences;
using Gantry.Images.Comparison;
using Gantry.Oci;

namespace Gantry.Images.Differences;

/// <summary>
/// Compares the files of the layers in which two images differ. These layers are read as streams: memory is used for the names of their
/// files, and for no content. What both images have in common is not read: a file that these layers do not have any more is removed here,
/// even if a common layer has another one below it.
/// </summary>
public sealed class LayerFileDifferences : IFileDifferences
{
    /// <inheritdoc/>
    /// <remarks>
    /// Throws <c>GAN3041</c> when a layer is malformed, or of a type that is not read here, <c>GAN3042</c> when one exceeds a limit, and
    /// the errors of registries. A file that differs in its mode, owner or link differs, too; its time alone is no difference. A file that
    /// a layer removes from those below it has neither size.
    /// </remarks>
    public async Task<FileDifferences> CompareAsync(
        PlatformToCompare from, PlatformToCompare to, CancellationToken cancellationToken)
    {
        var before = await ImageContent.ReadAsync(from.Repository, from.Manifest, cancellationToken);
        var after = await ImageContent.ReadAsync(to.Repository, to.Manifest, cancellationToken);

        // The same content may be compressed in another way.
        var (removed, added) = (Except(before.Layers, after.Layers), Except(after.Layers, before.Layers));
        var one = await ChangedTree.ReadAsync(removed, cancellationToken);
        var other = await ChangedTree.ReadAsync(added, cancellationToken);
        var files = one.Paths.Union(other.Paths)
            .Where(path => one.Find(path) != other.Find(path))
            .Select(path => new ChangedFile(path, one.Find(path)?.Size, other.Find(path)?.Size, Platform: null))
            .OrderBy(file => file.Path, StringComparer.Ordinal)
            .Take(Limits.ChangedFiles + 1)
            .ToList();
        return new FileDifferences([.. files.Take(Limits.ChangedFiles)], IsTruncated: files.Count > Limits.ChangedFiles);
    }

    private static IReadOnlyList<LayerContent> Except(IReadOnlyList<LayerContent> layers, IReadOnlyList<LayerContent> others)
    {
        var known = others.SelectMany(layer => (Digest[])[layer.Blob.Digest, layer.DiffId]).ToHashSet();
        return [.. layers.Where(layer => !known.Contains(layer.Blob.Digest) && !known.Contains(layer.DiffId))];
    }
}
