using System.Text.Encodings.Web;
using System.Text.Json;
using Gantry.Oci;

namespace Gantry.Pruning;

/// <summary>The list of what nothing keeps, and of what is kept and why. Nothing has been changed.</summary>
public sealed record PruningPlan
{
    /// <summary>The time of the read.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>The rules.</summary>
    public required PruningRules Rules { get; init; }

    /// <summary>What would be deleted: in later environments first, in the base registry last.</summary>
    public required IReadOnlyList<PruningItem> Items { get; init; }

    /// <summary>The images that are kept, each with its reasons.</summary>
    public required IReadOnlyList<KeptImage> Kept { get; init; }

    /// <summary>What a person should know of a registry before something is deleted there, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The number of images that are not in the list because it has reached its limit.</summary>
    public int LeftOut { get; init; }

    /// <summary>The bytes that the registries can free: of what is deleted, and nothing else in the same repository uses.</summary>
    public long Bytes => Items.Sum(item => item.Bytes);

    /// <summary>The digest of the list: of what is deleted and from where, not of the reasons.</summary>
    public Digest Digest => _digest ??= Digest.Of(Canonicalize());

    private Digest? _digest;

    internal IReadOnlyList<RepositoryInventory> Inventories { get; init; } = [];

    /// <summary>
    /// Throws <c>GAN4709</c> when the text is not the digest of a list, <c>GAN4704</c> when it is the digest of another one.
    /// </summary>
    /// <param name="digest">The digest that a person has read.</param>
    public void Require(string digest)
    {
        if (!Digest.TryParse(digest.Trim(), out var asked))
            throw PruningErrors.MalformedList(digest);
        if (asked != Digest)
            throw PruningErrors.OtherList(digest.Trim(), Digest);
    }

    private byte[] Canonicalize()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (var item in Items)
            {
                json.WriteStartObject();
                json.WriteString("from", item.Location);
                json.WriteString("what", item.Kind.ToString());
                Write(json, "digests", item.Manifests.Select(digest => digest.ToString()));
                Write(json, "tags", item.Tags);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}

/// <summary>The kinds of what is deleted.</summary>
public enum PruningItemKind
{
    /// <summary>An image of a release, with everything that belongs to it and to nothing that is kept.</summary>
    Image,

    /// <summary>A manifest without a tag and a record, with everything that belongs to it.</summary>
    Untagged,

    /// <summary>What belonged to an image that is not there any more: its signature, its list of referrers.</summary>
    Orphan,

    /// <summary>A tag of an image that is kept under others; only the tag is removed.</summary>
    Tag,
}

/// <summary>Something that nothing keeps.</summary>
public sealed record PruningItem
{
    /// <summary>The kind.</summary>
    public required PruningItemKind Kind { get; init; }

    /// <summary>The place, for people: <c>prod, west-europe</c>; several when they share the repository.</summary>
    public required string Place { get; init; }

    /// <summary>The repository.</summary>
    public required string Location { get; init; }

    /// <summary>The name of the image.</summary>
    public required string Image { get; init; }

    /// <summary>The digest of the image, or of the other manifest.</summary>
    public required Digest Digest { get; init; }

    /// <summary>The tags that are removed with it.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The versions of the releases that it is of.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>The manifests that are deleted, in that order; none for a tag.</summary>
    public IReadOnlyList<Digest> Manifests { get; init; } = [];

    /// <summary>The bytes that this frees: of its manifests, and of blobs that nothing that is kept uses.</summary>
    public long Bytes { get; init; }

    /// <summary>The reason why nothing keeps it, as a part of a sentence.</summary>
    public required string Reason { get; init; }
}

/// <summary>An image that is kept.</summary>
public sealed record KeptImage
{
    /// <summary>The place, for people.</summary>
    public required string Place { get; init; }

    /// <summary>The repository.</summary>
    public required string Location { get; init; }

    /// <summary>The name of the image.</summary>
    public required string Image { get; init; }

    /// <summary>The digest.</summary>
    public required Digest Digest { get; init; }

    /// <summary>The tags that point to it.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The versions of the releases that it is of.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>The reasons, the weightiest first.</summary>
    public required IReadOnlyList<KeepReason> Reasons { get; init; }
}
