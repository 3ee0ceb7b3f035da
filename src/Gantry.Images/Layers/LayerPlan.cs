using Gantry.Images.Context;
using Gantry.Images.Dockerfiles;

namespace Gantry.Images.Layers;

/// <summary>The entries of one layer while it is being planned. Every entry is also added to the tree.</summary>
internal sealed class LayerPlan
{
    private readonly SortedDictionary<string, LayerEntry> _entries = new(StringComparer.Ordinal);
    private readonly ImageTree _tree;
    private readonly long _time;

    public LayerPlan(ImageTree tree, DateTimeOffset time)
    {
        _tree = tree;
        _time = time.ToUnixTimeSeconds();
    }

    /// <summary>The entries; directories come before their content.</summary>
    public IReadOnlyCollection<LayerEntry> Entries => _entries.Values;

    /// <summary>The modification time of new directories, in seconds since 1970.</summary>
    public long Time => _time;

    /// <summary>Finds the entry at exactly this path, in this layer or below it.</summary>
    public LayerEntry? Find(string path) => _tree.Find(path);

    /// <summary>Resolves all links of a path; throws <c>GAN3013</c> when they form a cycle.</summary>
    public string Resolve(string path, SourceLine location) =>
        _tree.Resolve(path) ?? throw LayerErrors.DestinationConflict(location, path, "its symbolic links form a cycle");

    /// <summary>
    /// Adds an entry that an instruction writes; its directory must exist. Throws <c>GAN3037</c> for a name that deletes files.
    /// </summary>
    public void Put(LayerEntry entry, SourceLine location)
    {
        if (ImagePath.IsWhiteout(ImagePath.Name(entry.Path)))
            throw ContextErrors.WhiteoutName(location, entry.Path);
        Put(entry);
    }

    /// <summary>Adds an entry to the layer; its directory must exist.</summary>
    public void Put(LayerEntry entry)
    {
        _entries[entry.Path] = entry;
        _tree.Put(entry);
    }

    /// <summary>
    /// Ensures that a directory exists and is an entry of the layer: new ones belong to the given owner, existing ones stay as they are.
    /// Some engines unpack a layer without looking at lower ones, and would otherwise invent the directories that it does not mention.
    /// </summary>
    public void EnsureDirectory(string path, Ownership owner, SourceLine location)
    {
        if (path == "/")
            return;
        EnsureDirectory(ImagePath.Parent(path), owner, location);
        if (_entries.ContainsKey(path))
            return;

        switch (_tree.Find(path))
        {
            case null:
                Put(new LayerEntry(path, FileKind.Directory) { Mode = FileModes.Directory, Owner = owner, ModifiedAt = _time }, location);
                break;
            case { Kind: FileKind.Directory } existing:
                _entries[path] = existing;
                break;
            default:
                throw LayerErrors.DestinationConflict(location, path, "it is not a directory in the image");
        }
    }
}
