using Gantry.IO;
using Gantry.Oci;

namespace Gantry.Registries.Layout;

/// <summary>
/// Finds and removes what nothing in the index of an OCI layout needs: blobs of deleted images, and files that killed processes have left
/// half written.
/// </summary>
/// <remarks>
/// The index does not change meanwhile. A copy writes blobs before the index names them: young ones stay, and a writer that has found an
/// old one ensures under the same lock that it is still there (<c>GAN4712</c>).
/// </remarks>
/// <param name="folder">The layout.</param>
/// <param name="time">The clock.</param>
internal sealed class UnusedBlobs(LayoutFolder folder, TimeProvider time)
{
    /// <summary>Finds what is unused, and removes it when asked to.</summary>
    /// <param name="minimumAge">The time for which a file that nothing needs stays.</param>
    /// <param name="removes">True to remove it.</param>
    /// <param name="cancellationToken">Cancels the operation. What was removed until then was unused.</param>
    public async Task<UnusedFiles> CollectAsync(TimeSpan minimumAge, bool removes, CancellationToken cancellationToken) =>
        await folder.WithLockAsync(() => CollectLockedAsync(minimumAge, removes, cancellationToken), cancellationToken)
        ?? new UnusedFiles([], [], 0, 0);

    private async Task<UnusedFiles> CollectLockedAsync(TimeSpan minimumAge, bool removes, CancellationToken cancellationToken)
    {
        var needed = await FindNeededAsync(cancellationToken);
        var before = (time.GetUtcNow() - minimumAge).UtcDateTime;
        var (unused, partials) = (new List<FileInfo>(), folder.FindStalePartials());
        var (young, used) = (0, 0);
        foreach (var (digest, file) in folder.FindBlobs())
        {
            if (needed.Contains(digest))
                used++;
            else if (file.LastWriteTimeUtc > before)
                young++;
            else
                unused.Add(file);
        }

        var result = new UnusedFiles(
            [.. unused.Select(file => new UnusedFile(Name(file), file.Length))],
            [.. partials.Select(file => new UnusedFile(Name(file), file.Length))],
            used,
            young);
        if (removes)
        {
            foreach (var file in unused.Concat(partials))
            {
                cancellationToken.ThrowIfCancellationRequested();
                folder.Delete(file);
            }
        }

        return result;
    }

    private string Name(FileInfo file) => Path.GetRelativePath(folder.Path, file.FullName).Replace('\\', '/');

    /// <summary>
    /// Finds every blob that the index needs. Throws when a manifest is missing or cannot be read: it may need any of them.
    /// </summary>
    private async Task<HashSet<Digest>> FindNeededAsync(CancellationToken cancellationToken)
    {
        var needed = new HashSet<Digest>();
        var read = new HashSet<Digest>();
        var unread = new Stack<Descriptor>((await folder.ReadIndexAsync(cancellationToken)).Entries);
        while (unread.TryPop(out var entry))
        {
            needed.Add(entry.Digest);
            if (!read.Add(entry.Digest) || await TryReadAsync(entry, cancellationToken) is not { } content
                || ReadLinks(content) is not { } links)
                continue;
            needed.UnionWith(links.Blobs.Select(blob => blob.Digest));

            // What an index lists may be a manifest of a type that is not known here.
            foreach (var child in content.IsIndex ? [.. links.Manifests, .. links.Blobs] : links.Manifests)
                unread.Push(child);
        }

        return needed;
    }

    private static ManifestLinks? ReadLinks(ManifestContent content)
    {
        try
        {
            return ManifestLinks.Read(content);
        }
        catch (GantryException) when (!IsManifest(content.Descriptor))
        {
            return null;
        }
    }

    private static bool IsManifest(Descriptor entry) => MediaTypes.IsIndex(entry.MediaType) || MediaTypes.IsManifest(entry.MediaType);

    private async Task<ManifestContent?> TryReadAsync(Descriptor entry, CancellationToken cancellationToken)
    {
        if (!IsManifest(entry) && entry.Size > ManifestContent.MaximumSize)
            return null;
        var stream = await folder.TryOpenAsync(entry.Digest, cancellationToken);
        if (stream is null)
            return IsManifest(entry) ? throw RegistryErrors.ManifestGone(folder.Path, entry.Digest) : null;
        await using (stream)
        {
            var bytes = await DocumentStream.ReadAllAsync(
                stream, $"{folder.Path}@{entry.Digest}", ManifestContent.MaximumSize, cancellationToken);
            var actual = entry.Digest.OfSameAlgorithm(bytes);
            return actual == entry.Digest
                ? ManifestContent.FromVerified(entry.MediaType, entry.Digest, bytes)
                : throw RegistryErrors.DigestMismatch(folder.Path, entry.Digest, actual.ToString());
        }
    }
}

/// <summary>What nothing in an OCI layout needs.</summary>
/// <param name="Blobs">The blobs.</param>
/// <param name="Partials">The files that were left half written.</param>
/// <param name="Used">The number of blobs that are needed.</param>
/// <param name="Young">The number of blobs that nothing needs yet, and that are too young to be removed.</param>
internal sealed record UnusedFiles(IReadOnlyList<UnusedFile> Blobs, IReadOnlyList<UnusedFile> Partials, int Used, int Young)
{
    /// <summary>The size of all of them in bytes.</summary>
    public long Bytes => Blobs.Concat(Partials).Sum(file => file.Bytes);
}

/// <summary>A file of an OCI layout that nothing needs.</summary>
/// <param name="Name">The path in the layout.</param>
/// <param name="Bytes">The size.</param>
public sealed record UnusedFile(string Name, long Bytes);
