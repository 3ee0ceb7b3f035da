using System.Runtime.InteropServices;

namespace Gantry.Images.Layers;

/// <summary>
/// The file system of an image after the layers so far. A layer must know the tree below it: otherwise a link of the base image such as
/// <c>/bin</c> would become a directory, and <c>/tmp</c> would lose its mode.
/// </summary>
internal sealed class ImageTree
{
    private readonly Dictionary<string, LayerEntry> _entries = new(StringComparer.Ordinal);

    // The content of each directory, whether or not it has an entry: a layer may remove any number of paths, and no removal may search all
    // entries.
    private readonly Dictionary<string, HashSet<string>> _children = new(StringComparer.Ordinal);

    /// <summary>Finds the entry at exactly this path, without following links; null when there is none.</summary>
    public LayerEntry? Find(string path) => path == "/" ? Root : _entries.GetValueOrDefault(path);

    /// <summary>Gets all entries, in no order.</summary>
    public IReadOnlyCollection<LayerEntry> Entries => _entries.Values;

    /// <summary>Lists the paths that are directly in a directory, in ordinal order.</summary>
    public IReadOnlyList<string> List(string path) =>
        _children.TryGetValue(path, out var paths) ? [.. paths.Order(StringComparer.Ordinal)] : [];

    /// <summary>Adds an entry to the tree; replaces an existing one.</summary>
    public void Put(LayerEntry entry)
    {
        if (entry.Kind != FileKind.Directory && _entries.TryGetValue(entry.Path, out var old) && old.Kind == FileKind.Directory)
            Remove(entry.Path);
        _entries[entry.Path] = entry;
        for (var path = entry.Path; path != "/" && ChildrenOf(ImagePath.Parent(path)).Add(path); path = ImagePath.Parent(path))
        {
            // Up to the first directory that is known to be there.
        }
    }

    /// <summary>Removes a path and everything below it from the tree.</summary>
    public void Remove(string path)
    {
        _entries.Remove(path);
        RemoveBelow(path);
        if (_children.TryGetValue(ImagePath.Parent(path), out var siblings))
            siblings.Remove(path);
    }

    /// <summary>Removes everything below a path from the tree.</summary>
    public void RemoveBelow(string path)
    {
        var pending = new Stack<string>([path]);
        while (pending.TryPop(out var next))
        {
            if (!_children.Remove(next, out var children))
                continue;
            foreach (var child in children)
            {
                _entries.Remove(child);
                pending.Push(child);
            }
        }
    }

    /// <summary>
    /// Resolves all links in a path, including the last part; they cannot lead out of the image. Returns null when they form a cycle.
    /// </summary>
    public string? Resolve(string path) => Resolve(path, out _);

    /// <summary>Resolves all links in a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="steps">The number of parts that were resolved.</param>
    public string? Resolve(string path, out int steps)
    {
        steps = 0;
        var pending = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var current = "/";
        for (var links = 0; pending.TryPop(out var part);)
        {
            // Links of links could multiply the parts; no path that is opened has as many.
            if (++steps > Limits.PathLength)
                return null;
            if (part == ".")
                continue;
            if (part == "..")
            {
                current = ImagePath.Parent(current);
                continue;
            }

            var next = ImagePath.Child(current, part);
            if (Find(next) is not { Kind: FileKind.SymbolicLink, LinkTarget: { } target })
            {
                current = next;
                continue;
            }

            // Linux returns ELOOP after 40; Docker engines allow images a little more.
            if (++links > Limits.Links)
                return null;
            if (target.StartsWith('/'))
                current = "/";
            foreach (var step in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                pending.Push(step);
        }

        return current;
    }

    private HashSet<string> ChildrenOf(string path) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_children, path, out _) ??= new HashSet<string>(StringComparer.Ordinal);

    private static LayerEntry Root { get; } = new("/", FileKind.Directory)
    {
        Mode = FileModes.Directory,
        Owner = Ownership.Root,
        ModifiedAt = 0,
    };
}
