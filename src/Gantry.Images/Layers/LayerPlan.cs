using Gantry.Images.Dockerfiles;
using Gantry.IO;

namespace Gantry.Images.Layers;

/// <summary>The entries of one layer while they are put together. What is put in here is in the tree as well.</summary>
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

    /// <summary>The entries, directories before what is in them.</summary>
    public IReadOnlyCollection<LayerEntry> Entries => _entries.Values;

    /// <summary>The time of everything that is new, in seconds since 1970.</summary>
    public long Time => _time;

    /// <summary>What is at this very path, in this layer or below it.</summary>
    public LayerEntry? Find(string path) => _tree.Find(path);

    /// <summary>The path with all links followed, or <c>GAN3013</c>.</summary>
    public string Resolve(string path, SourceLine location) =>
        _tree.Resolve(path) ?? throw ImageErrors.DestinationConflict(location, path, "its symbolic links lead round in a circle");

    /// <summary>Puts an entry into the layer; its directory must be there.</summary>
    public void Put(LayerEntry entry)
    {
        _entries[entry.Path] = entry;
        _tree.Put(entry);
    }

    /// <summary>
    /// Makes sure that a directory is there, and that the layer says so: new ones belong to the given owner, others stay as they are.
    /// Some engines unpack a layer without looking at those below, and would make up directories that it does not mention.
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
                Put(new LayerEntry(path, EntryKind.Directory) { Mode = FileModes.Directory, Owner = owner, ModifiedAt = _time });
                break;
            case { Kind: EntryKind.Directory } existing:
                _entries[path] = existing;
                break;
            default:
                throw ImageErrors.DestinationConflict(location, path, "it is no directory in the image");
        }
    }
}
