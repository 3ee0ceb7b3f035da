using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Registries.Layout;

namespace Gantry.Pruning;

/// <summary>
/// Removes from folders with OCI layouts what no image in them needs: blobs of deleted images, and files that killed processes have left
/// half written. The index of a layout does not change meanwhile; copies to it may run.
/// </summary>
/// <param name="options">The clock, the limit of the wait for other writers, and the folder of relative paths.</param>
public sealed class LayoutCleaner(RegistrySessionOptions? options = null)
{
    private readonly RegistrySessionOptions _options = options ?? new RegistrySessionOptions();

    /// <summary>The time for which a blob stays that nothing needs: a copy may be about to name it. One hour by default.</summary>
    public TimeSpan MinimumAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Finds what is unused in the layout in a folder, or in all layouts below it, and removes it when asked to.
    /// </summary>
    /// <param name="address">The folder.</param>
    /// <param name="removes">True to remove it.</param>
    /// <param name="cancellationToken">Cancels the operation. What was removed until then was unused.</param>
    /// <exception cref="GantryException"><c>GAN4713</c>: there is no layout; <c>GAN1005</c>, <c>GAN2005</c>, <c>GAN2010</c>: a layout
    /// cannot be read, so that nothing was removed from it; <c>GAN2021</c>: another process writes to it for too long.</exception>
    public async Task<IReadOnlyList<CleanedLayout>> CleanAsync(LayoutAddress address, bool removes, CancellationToken cancellationToken)
    {
        var root = Path.GetFullPath(address.Folder, Path.GetFullPath(_options.RootFolder));
        var folders = FindLayouts(root);
        if (folders.Count == 0)
            throw PruningErrors.NoLayout(address.ToString());
        var cleaned = new List<CleanedLayout>();
        foreach (var folder in folders)
        {
            using var layout = new LayoutFolder(root, folder, _options);
            var unused = await new UnusedBlobs(layout, _options.TimeProvider).CollectAsync(MinimumAge, removes, cancellationToken);
            cleaned.Add(new CleanedLayout(Name(address, root, folder), unused.Blobs, unused.Partials, unused.Used, unused.Young));
        }

        return cleaned;
    }

    private static string Name(LayoutAddress address, string root, string folder) =>
        folder == root ? address.ToString() : address.Describe(Path.GetRelativePath(root, folder).Replace('\\', '/'));

    // Links are not followed: what is behind one belongs to another folder.
    private static List<string> FindLayouts(string root)
    {
        var found = new List<string>();
        var unread = new Stack<DirectoryInfo>([new DirectoryInfo(Path.TrimEndingDirectorySeparator(root))]);
        while (unread.TryPop(out var folder))
        {
            if (!folder.Exists)
                continue;
            if (File.Exists(Path.Combine(folder.FullName, "oci-layout")))
                found.Add(folder.FullName);
            foreach (var inner in Below(folder))
                unread.Push(inner);
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<DirectoryInfo> Below(DirectoryInfo folder)
    {
        try
        {
            return [.. folder.EnumerateDirectories().Where(inner => inner.LinkTarget is null && inner.Name != "blobs")];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.For(exception, folder.FullName);
        }
    }
}

/// <summary>An OCI layout, and what nothing in it needs.</summary>
/// <param name="Location">The layout.</param>
/// <param name="Blobs">The blobs that no image needs.</param>
/// <param name="Partials">The files that were left half written.</param>
/// <param name="Used">The number of blobs that images need.</param>
/// <param name="Young">The number of blobs that no image needs, and that are too young to be removed.</param>
public sealed record CleanedLayout(
    string Location, IReadOnlyList<UnusedFile> Blobs, IReadOnlyList<UnusedFile> Partials, int Used, int Young)
{
    /// <summary>The size of what nothing needs, in bytes.</summary>
    public long Bytes => Blobs.Concat(Partials).Sum(file => file.Bytes);
}
