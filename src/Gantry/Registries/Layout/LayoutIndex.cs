using System.Text.Json;
using System.Text.Json.Nodes;
using Gantry.Oci;

namespace Gantry.Registries.Layout;

/// <summary>The <c>index.json</c> of a layout: its images and their names. Entries of other tools are kept unchanged.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#indexjson-file">
/// OCI image-spec 1.1.1, index.json file
/// </seealso>
internal sealed class LayoutIndex
{
    private readonly string _path;
    private readonly JsonObject _document;
    private readonly JsonArray _manifests;

    private LayoutIndex(string path, JsonObject document, JsonArray manifests, IReadOnlyList<Descriptor> entries)
    {
        _path = path;
        _document = document;
        _manifests = manifests;
        Entries = entries;
    }

    /// <summary>The entries, in their order.</summary>
    public IReadOnlyList<Descriptor> Entries { get; }

    /// <summary>Parses an index.</summary>
    /// <param name="content">The content of the file; null for an empty index.</param>
    /// <param name="path">The layout, for messages.</param>
    public static LayoutIndex Parse(byte[]? content, string path)
    {
        if (content is null)
        {
            var empty = new JsonArray();
            return new LayoutIndex(
                path, new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.OciIndex, ["manifests"] = empty }, empty, []);
        }

        try
        {
            var document = (JsonNode.Parse(content, documentOptions: new() { MaxDepth = Limits.JsonDepth })
                ?? throw new JsonException("it is null")).AsObject();
            if (!document.TryGetPropertyValue("manifests", out var listed))
                throw new JsonException("it has no list of manifests");

            // As other tools read it: null is an empty list.
            if (listed is null)
                document["manifests"] = listed = new JsonArray();
            var manifests = listed.AsArray();
            var entries = manifests.Select(node =>
                node.Deserialize(OciJson.Default.Descriptor) ?? throw new JsonException("an entry is null"));
            return new LayoutIndex(path, document, manifests, [.. entries]);
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            throw RegistryErrors.MalformedLayout(
                path, $"its index.json is malformed ({Format.OneLine(exception.Message)})", exception);
        }
    }

    /// <summary>Lists the tags, in ordinal order.</summary>
    public IReadOnlyList<string> Tags(RefNames names) =>
        [.. Entries.Select(names.TagOf).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Finds the descriptor that a tag points to, without its name.</summary>
    public Descriptor? Find(string tag, RefNames names)
    {
        var found = Entries.Where(entry => names.IsNamed(entry, tag)).ToList();
        if (found.Count == 0)
            found = [.. Entries.Where(entry => names.TagOf(entry) == tag)];
        if (found.DistinctBy(entry => entry.Digest).Skip(1).Any())
            throw RegistryErrors.TagsDiffer(_path, tag);
        return found.Count == 0 ? null : found[0] with { Annotations = null };
    }

    /// <summary>Finds the entry of a digest, with any tag.</summary>
    public Descriptor? Find(Digest digest) => Entries.FirstOrDefault(entry => entry.Digest == digest);

    /// <summary>Points a tag to a manifest in the index; returns false when it does already.</summary>
    public bool SetTag(string tag, Descriptor manifest, RefNames names)
    {
        var before = Entries.Where(entry => names.IsNamed(entry, tag)).ToList();
        if (before is [var only] && only.Digest == manifest.Digest && only.MediaType == manifest.MediaType && only.Size == manifest.Size)
            return false;

        for (var i = _manifests.Count - 1; i >= 0; i--)
        {
            if (names.IsNamed(Entries[i], tag))
                _manifests.RemoveAt(i);
        }

        Add(manifest, new Dictionary<string, string> { [RefNames.Annotation] = names.NameOf(tag) });
        return true;
    }

    /// <summary>Adds an entry for a manifest without a tag; returns false when it has one already.</summary>
    public bool AddUntagged(Descriptor manifest)
    {
        if (Find(manifest.Digest) is not null)
            return false;
        Add(manifest, annotations: null);
        return true;
    }

    /// <summary>Removes all entries of a manifest; returns false when there are none.</summary>
    public bool Remove(Digest digest) => Remove(entry => entry.Digest == digest);

    /// <summary>
    /// Removes a tag; returns false when there is none. What it pointed to stays in the index, without a tag when it has no other one.
    /// </summary>
    public bool RemoveTag(string tag, RefNames names)
    {
        var named = Entries.Where(entry => names.TagOf(entry) == tag).ToList();
        if (!Remove(entry => names.TagOf(entry) == tag))
            return false;
        foreach (var entry in named.DistinctBy(entry => entry.Digest))
        {
            if (Entries.All(other => other.Digest != entry.Digest || names.TagOf(other) == tag))
                Add(entry, annotations: null);
        }

        return true;
    }

    private bool Remove(Func<Descriptor, bool> isRemoved)
    {
        var removed = false;
        for (var i = Entries.Count - 1; i >= 0; i--)
        {
            if (!isRemoved(Entries[i]))
                continue;
            _manifests.RemoveAt(i);
            removed = true;
        }

        return removed;
    }

    /// <summary>The file.</summary>
    public byte[] ToBytes()
    {
        var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            _document.WriteTo(writer);
        return buffer.ToArray();
    }

    private void Add(Descriptor manifest, IReadOnlyDictionary<string, string>? annotations)
    {
        var entry = new Descriptor
        {
            MediaType = manifest.MediaType,
            Digest = manifest.Digest,
            Size = manifest.Size,
            Annotations = annotations,
        };
        _manifests.Add((JsonNode?)JsonSerializer.SerializeToNode(entry, OciJson.Default.Descriptor));
    }
}
