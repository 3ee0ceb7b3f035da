using System.Runtime.InteropServices;
using Gantry.Images.Dockerfiles;
using Gantry.IO;

namespace Gantry.Images.Layers;

/// <summary>
/// What the layers so far put into the file system of an image. A layer must know what it is laid upon: without it, a link of the
/// base image such as <c>/bin</c> would become a directory, and <c>/tmp</c> would lose its mode.
/// </summary>
internal sealed class ImageTree
{
    // Linux says ELOOP after 40; images are allowed a little more by the engines.
    private const int MaximumLinks = 255;

    private readonly Dictionary<string, LayerEntry> _entries = new(StringComparer.Ordinal);

    // What is in each directory, mentioned or not: a layer may take away as many paths as there are, and no search may go through all.
    private readonly Dictionary<string, HashSet<string>> _children = new(StringComparer.Ordinal);

    /// <summary>What is at this very path, links not followed; null when there is nothing.</summary>
    public LayerEntry? Find(string path) => path == "/" ? Root : _entries.GetValueOrDefault(path);

    /// <summary>Puts an entry into the tree; what was there is replaced.</summary>
    public void Put(LayerEntry entry)
    {
        if (entry.Kind != EntryKind.Directory && _entries.TryGetValue(entry.Path, out var old) && old.Kind == EntryKind.Directory)
            Remove(entry.Path);
        _entries[entry.Path] = entry;
        for (var path = entry.Path; path != "/" && ChildrenOf(ImagePath.Parent(path)).Add(path); path = ImagePath.Parent(path))
        {
            // Up to the first directory that is known to be there.
        }
    }

    /// <summary>Takes a path and everything below it out of the tree.</summary>
    public void Remove(string path)
    {
        _entries.Remove(path);
        RemoveBelow(path);
        if (_children.TryGetValue(ImagePath.Parent(path), out var siblings))
            siblings.Remove(path);
    }

    /// <summary>Takes everything below a path out of the tree.</summary>
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

    /// <summary>The path with all links in it followed, the last part included; they cannot lead out of the image. Null when they go round in a circle.</summary>
    public string? Resolve(string path)
    {
        var pending = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var current = "/";
        for (var links = 0; pending.TryPop(out var part);)
        {
            if (part == ".")
                continue;
            if (part == "..")
            {
                current = ImagePath.Parent(current);
                continue;
            }

            var next = ImagePath.Child(current, part);
            if (Find(next) is not { Kind: EntryKind.SymbolicLink, LinkTarget: { } target })
            {
                current = next;
                continue;
            }

            if (++links > MaximumLinks)
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

    private static LayerEntry Root { get; } = new("/", EntryKind.Directory) { Mode = FileModes.Directory, Owner = Ownership.Root, ModifiedAt = 0 };
}
