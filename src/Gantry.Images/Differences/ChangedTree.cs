using System.Formats.Tar;
using Gantry.Images.BaseImages;
using Gantry.Images.Comparison;
using Gantry.Oci;

namespace Gantry.Images.Differences;

/// <summary>The files that some layers of an image have together, the last layer above the others.</summary>
internal sealed class ChangedTree
{
    private const string WhiteoutPrefix = ".wh.";
    private const string OpaqueWhiteout = ".wh..wh..opq";

    private readonly Dictionary<string, TreeFile> _files = new(StringComparer.Ordinal);

    private ChangedTree()
    {
    }

    /// <summary>The paths of the files, and of those that were removed from layers below.</summary>
    public IEnumerable<string> Paths => _files.Keys;

    /// <summary>Finds a file; returns null when no layer has it.</summary>
    public TreeFile? Find(string path) => _files.GetValueOrDefault(path);

    /// <summary>Reads layers, the lowest first.</summary>
    public static async Task<ChangedTree> ReadAsync(IReadOnlyList<LayerContent> layers, CancellationToken cancellationToken)
    {
        var tree = new ChangedTree();
        var entries = 0;
        foreach (var layer in layers)
        {
            if (!LayerIndexReader.CanRead(layer.Blob))
                throw ComparisonErrors.Malformed(
                    layer.Name, layer.Repository.Location, $"its type {layer.Blob.MediaType} is not read here");
            var listed = await ComparedEntry.ListAsync(layer, cancellationToken);
            entries += listed.Count;
            if (entries > Limits.BaseImageEntries)
                throw ComparisonErrors.TooLarge(
                    layer.Name, layer.Repository.Location, $"the layers have more entries than {Limits.BaseImageEntries}",
                    nameof(Limits.BaseImageEntries));
            tree.Add(listed);
        }

        return tree;
    }

    // A whiteout removes what is in the layers below, and nothing of its own layer.
    private void Add(IReadOnlyList<ComparedEntry> layer)
    {
        var removed = layer.Select(entry => entry.Key.Path).Where(path => ImagePath.IsWhiteout(ImagePath.Name(path)))
            .Select(RemovedBy)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var path in removed.Count == 0 ? [] : _files.Keys.Where(path => IsRemoved(path, removed)).ToList())
            _files.Remove(path);
        foreach (var path in removed)
            _files[path] = TreeFile.Removed;

        // Directories differ with what is in them.
        foreach (var entry in layer.Where(entry =>
            entry.Type != TarEntryType.Directory && !ImagePath.IsWhiteout(ImagePath.Name(entry.Key.Path))))
            _files[entry.Key.Path] = new TreeFile(entry.Type, entry.Mode, entry.Owner, entry.Link, entry.Content, entry.Size);
    }

    // The content of a folder is "folder/*".
    private static string RemovedBy(string whiteout)
    {
        var (parent, name) = (ImagePath.Parent(whiteout), ImagePath.Name(whiteout));
        return ImagePath.Child(parent, name == OpaqueWhiteout ? "*" : name[WhiteoutPrefix.Length..]);
    }

    private static bool IsRemoved(string path, HashSet<string> removed)
    {
        for (var at = path; at != "/"; at = ImagePath.Parent(at))
        {
            if (removed.Contains(at) || removed.Contains(ImagePath.Child(ImagePath.Parent(at), "*")))
                return true;
        }

        return false;
    }
}

/// <summary>A file of a layer, with what makes it differ from another one.</summary>
/// <param name="Type">The type of the entry.</param>
/// <param name="Mode">The permission bits.</param>
/// <param name="Owner">The owner and the group.</param>
/// <param name="Link">The target of a link; empty for none.</param>
/// <param name="Content">The digest of its content; null without any.</param>
/// <param name="Size">The size in bytes; null for a file that the layer removes.</param>
internal sealed record TreeFile(TarEntryType Type, int Mode, string Owner, string Link, Digest? Content, long? Size)
{
    /// <summary>A file that a layer removes from those below it.</summary>
    public static TreeFile Removed { get; } = new(default, 0, "", "", null, null);
}
