using System.Text.Json;
using System.Text.Json.Nodes;
using Gantry.Oci;

namespace Gantry.Registries.Layout;

/// <summary>
/// The <c>index.json</c> of a layout: which images it has, under which tags. What other tools have written beside is kept as it is.
/// </summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#indexjson-file">OCI image-spec 1.1.1, index.json file</seealso>
internal sealed class LayoutIndex
{
    private const string RefName = "org.opencontainers.image.ref.name";

    /// <summary>The most bytes of an index.json that are read: tens of thousands of images.</summary>
    private const long MaximumSize = 16 * 1024 * 1024;

    private readonly LayoutFolder _folder;
    private readonly JsonObject _document;
    private readonly JsonArray _manifests;

    private LayoutIndex(LayoutFolder folder, JsonObject document, JsonArray manifests, IReadOnlyList<Descriptor> entries)
    {
        _folder = folder;
        _document = document;
        _manifests = manifests;
        Entries = entries;
    }

    /// <summary>The entries as they stand there, in their order.</summary>
    public IReadOnlyList<Descriptor> Entries { get; }

    /// <summary>The tags, in ordinal order.</summary>
    public IReadOnlyList<string> Tags => [.. Entries.Select(TagOf).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Reads the index; an empty one when the layout does not exist yet.</summary>
    public static async Task<LayoutIndex> ReadAsync(LayoutFolder folder, CancellationToken cancellationToken)
    {
        var content = await folder.ExistsAsync(cancellationToken) ? await folder.TryReadAsync(folder.IndexFile, MaximumSize, cancellationToken) : null;
        if (content is null)
        {
            var empty = new JsonArray();
            var document = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.OciIndex, ["manifests"] = empty };
            return new LayoutIndex(folder, document, empty, []);
        }

        try
        {
            var document = JsonNode.Parse(content)!.AsObject();
            var manifests = document["manifests"]?.AsArray() ?? throw new JsonException("it has no list of manifests");
            var entries = manifests.Select(node => node.Deserialize(OciJson.Default.Descriptor) ?? throw new JsonException("an entry is null"));
            return new LayoutIndex(folder, document, manifests, [.. entries]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException or NullReferenceException)
        {
            throw RegistryErrors.MalformedLayout(folder.Path, $"its index.json is malformed ({exception.Message.ReplaceLineEndings(" ").TrimEnd('.')})", exception);
        }
    }

    /// <summary>What a tag points to, without the tag.</summary>
    public Descriptor? Find(string tag)
    {
        var found = Entries.Where(entry => TagOf(entry) == tag).ToList();
        if (found.DistinctBy(entry => entry.Digest).Skip(1).Any())
            throw RegistryErrors.TagsDiffer(_folder.Path, tag);
        return found.Count == 0 ? null : found[0] with { Annotations = null };
    }

    /// <summary>What the index says of a digest, under whichever tag.</summary>
    public Descriptor? Find(Digest digest) => Entries.FirstOrDefault(entry => entry.Digest == digest);

    /// <summary>Lets a tag point to a manifest, and the index with it; false when it does already.</summary>
    public bool SetTag(string tag, Descriptor manifest)
    {
        var before = Entries.Where(entry => TagOf(entry) == tag).ToList();
        if (before is [var only] && only.Digest == manifest.Digest && only.MediaType == manifest.MediaType && only.Size == manifest.Size)
            return false;

        for (var i = _manifests.Count - 1; i >= 0; i--)
        {
            if (TagOf(Entries[i]) == tag)
                _manifests.RemoveAt(i);
        }

        Add(manifest, new Dictionary<string, string> { [RefName] = tag });
        return true;
    }

    /// <summary>Makes a manifest findable that has no tag; false when it is already.</summary>
    public bool AddUntagged(Descriptor manifest)
    {
        if (Find(manifest.Digest) is not null)
            return false;
        Add(manifest, annotations: null);
        return true;
    }

    public Task WriteAsync(CancellationToken cancellationToken) =>
        _folder.WriteAsync(
            _folder.IndexFile,
            async (stream, token) =>
            {
                var buffer = new MemoryStream();
                await using (var writer = new Utf8JsonWriter(buffer))
                    _document.WriteTo(writer);
                await stream.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), token);
            },
            cancellationToken);

    private static string? TagOf(Descriptor entry) => entry.Annotations?.GetValueOrDefault(RefName);

    private void Add(Descriptor manifest, IReadOnlyDictionary<string, string>? annotations)
    {
        var entry = new Descriptor { MediaType = manifest.MediaType, Digest = manifest.Digest, Size = manifest.Size, Annotations = annotations };
        _manifests.Add((JsonNode?)JsonSerializer.SerializeToNode(entry, OciJson.Default.Descriptor));
    }
}
