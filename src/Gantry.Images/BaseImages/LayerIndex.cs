using System.Text.Json.Serialization;
using Gantry.Images.Layers;
using Gantry.Oci;

namespace Gantry.Images.BaseImages;

/// <summary>
/// The changes that a layer makes to the file system: its tar without file contents, except for those of <see cref="KeptFiles"/>. Small
/// enough to be cached between builds.
/// </summary>
internal sealed record LayerIndex
{
    /// <summary>The entries in the order of the tar.</summary>
    [JsonPropertyName("entries")]
    public required IReadOnlyList<IndexedEntry> Entries { get; init; }

    /// <summary>Applies this layer to the tree.</summary>
    public void ApplyTo(ImageTree tree, TreeBudget budget, CancellationToken cancellationToken)
    {
        foreach (var entry in Entries)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // A layer may write through a link of a lower one.
            var parent = tree.Resolve(ImagePath.Parent(entry.Path), out var steps) ?? ImagePath.Parent(entry.Path);
            budget.TakeSteps(steps);
            var path = ImagePath.Child(parent, ImagePath.Name(entry.Path));
            switch (entry.Kind)
            {
                case IndexedKind.Removed:
                    tree.Remove(path);
                    break;
                case IndexedKind.Emptied:
                    tree.RemoveBelow(path);
                    break;
                default:
                    budget.Take(path, (entry.LinkTarget?.Length ?? 0) + (entry.Content?.Length ?? 0));
                    AddParents(tree, budget, parent, entry.ModifiedAt);
                    tree.Put(ToLayerEntry(tree, entry, path));
                    break;
            }
        }
    }

    // Docker engines create directories that a layer does not mention.
    private static void AddParents(ImageTree tree, TreeBudget budget, string path, long time)
    {
        if (tree.Find(path) is not null)
            return;
        budget.Take(path);
        AddParents(tree, budget, ImagePath.Parent(path), time);
        tree.Put(new LayerEntry(path, FileKind.Directory) { Mode = FileModes.Directory, Owner = Ownership.Root, ModifiedAt = time });
    }

    private static LayerEntry ToLayerEntry(ImageTree tree, IndexedEntry entry, string path)
    {
        var hardLinked = entry.Kind == IndexedKind.HardLink ? tree.Find(entry.LinkTarget ?? "") : null;
        return new LayerEntry(path, ToKind(entry.Kind))
        {
            Mode = entry.Mode,
            Owner = new Ownership(entry.UserId, entry.GroupId),
            ModifiedAt = entry.ModifiedAt,
            LinkTarget = entry.Kind == IndexedKind.SymbolicLink ? entry.LinkTarget : null,
            Size = hardLinked?.Size ?? entry.Size,
            Content = hardLinked?.Content ?? entry.Content ?? default(ReadOnlyMemory<byte>),
        };
    }

    private static FileKind ToKind(IndexedKind kind) => kind switch
    {
        IndexedKind.Directory => FileKind.Directory,
        IndexedKind.SymbolicLink => FileKind.SymbolicLink,
        _ => FileKind.File,
    };
}

/// <summary>The effect of an entry of a layer.</summary>
internal enum IndexedKind
{
    /// <summary>A file, a device or a pipe.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    SymbolicLink,

    /// <summary>A hard link to a file.</summary>
    HardLink,

    /// <summary>Removes a path of lower layers (whiteout).</summary>
    Removed,

    /// <summary>Removes everything that lower layers have in a directory (opaque whiteout).</summary>
    Emptied,
}

/// <summary>One entry of a layer.</summary>
internal sealed record IndexedEntry
{
    [JsonPropertyName("path")]
    public required string Path { get; init; }

    [JsonPropertyName("kind")]
    public IndexedKind Kind { get; init; }

    [JsonPropertyName("mode")]
    public int Mode { get; init; }

    [JsonPropertyName("uid")]
    public long UserId { get; init; }

    [JsonPropertyName("gid")]
    public long GroupId { get; init; }

    [JsonPropertyName("mtime")]
    public long ModifiedAt { get; init; }

    [JsonPropertyName("link")]
    public string? LinkTarget { get; init; }

    /// <summary>The size of a file in bytes.</summary>
    [JsonPropertyName("size")]
    public long Size { get; init; }

    /// <summary>The content, if it is one of <see cref="KeptFiles"/> and not too large.</summary>
    [JsonPropertyName("content")]
    public byte[]? Content { get; init; }
}

/// <summary>Serializes the cached index of a layer.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(NonNullListJsonConverter<IndexedEntry>)],
    MaxDepth = 16)]
[JsonSerializable(typeof(LayerIndex))]
[JsonSerializable(typeof(IndexedEntry))]
internal sealed partial class LayerIndexJson : JsonSerializerContext;
