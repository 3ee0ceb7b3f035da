using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gantry.Images;
using Gantry.Oci;

namespace Gantry.Docker;

/// <summary>One file of an exported archive, on disk.</summary>
/// <param name="Name">Its name in the archive.</param>
/// <param name="Path">Where it is kept.</param>
/// <param name="Digest">The digest of its content.</param>
/// <param name="Size">Its size in bytes.</param>
internal sealed record SavedFile(string Name, string Path, Digest Digest, long Size);

/// <summary>
/// What <c>docker save</c> writes, spooled into a temporary folder under names of our own while its digests are computed: the
/// documents that say what is what come last in the archive.
/// </summary>
internal sealed class SavedArchive(string image) : IDisposable
{
    private const long LargestDocument = ManifestContent.MaximumSize;

    private readonly Dictionary<string, SavedFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gantry-export-");

    /// <summary>The folder for files that are derived from those of the archive; it goes when this is disposed of.</summary>
    public string Folder => _folder.FullName;

    /// <summary>Reads the archive to its end.</summary>
    public async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            await using var reader = new TarReader(stream, leaveOpen: true);
            while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
                await ReadAsync(entry, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException or EndOfStreamException)
        {
            throw DockerErrors.UnsoundExport(image, exception.Message, exception);
        }
    }

    /// <summary>The file of this name; engines write the same layer once and link to it.</summary>
    public SavedFile Find(string name)
    {
        var target = name;
        for (var hops = 0; _links.TryGetValue(target, out var next); hops++)
        {
            if (hops > _links.Count)
                throw DockerErrors.UnsoundExport(image, $"the link '{name}' leads in a circle");
            target = next;
        }

        return _files.GetValueOrDefault(target) ?? throw DockerErrors.UnsoundExport(image, $"'{name}' is missing");
    }

    /// <summary>Reads a document.</summary>
    public T ReadJson<T>(string name, JsonTypeInfo<T> type)
    {
        var file = Find(name);
        if (file.Size > LargestDocument)
            throw DockerErrors.UnsoundExport(image, $"'{name}' is larger than {LargestDocument} bytes");
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file.Path), type)
                ?? throw DockerErrors.UnsoundExport(image, $"'{name}' is null");
        }
        catch (JsonException exception)
        {
            throw DockerErrors.UnsoundExport(image, $"'{name}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Makes sure that this is the image that was asked for. Its identifier is the digest of its configuration, or with
    /// containerd's image store that of a manifest, which then stands in the archive too.
    /// </summary>
    public void RequireImage(SavedFile config)
    {
        var id = Digest.Parse(image);
        if (config.Digest != id && !_files.Values.Any(file => file.Digest == id))
            throw DockerErrors.UnsoundExport(image, $"the archive holds the image {config.Digest}");
    }

    /// <summary>Makes sure that a layer unpacks to what the configuration says.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="expected">The digest of the configuration.</param>
    /// <param name="actual">The digest of what it unpacks to; null when it does not unpack.</param>
    public void RequireLayer(SavedFile layer, Digest expected, Digest? actual)
    {
        if (actual != expected)
            throw DockerErrors.UnsoundExport(image, $"the layer '{layer.Name}' unpacks to {actual?.ToString() ?? "nothing"} and not to {expected}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A file that something else still reads; the system clears its temporary folder.
        }
    }

    private async Task ReadAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        var name = entry.Name.TrimEnd('/');
        switch (entry.EntryType)
        {
            case TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes:
                break;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                _files[name] = await SpoolAsync(name, entry.DataStream ?? Stream.Null, cancellationToken);
                RequireNamedDigest(_files[name]);
                break;
            case TarEntryType.SymbolicLink:
                _links[name] = Resolve(name, entry.LinkName);
                break;
            case TarEntryType.HardLink:
                _links[name] = entry.LinkName;
                break;
            default:
                throw DockerErrors.UnsoundExport(image, $"'{name}' is neither a file nor a folder");
        }
    }

    private async Task<SavedFile> SpoolAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Folder, $"{_files.Count}");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[128 * 1024];
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            hash.AppendData(buffer, 0, count);
            await WriteAsync(file, buffer.AsMemory(0, count), cancellationToken);
        }

        return new SavedFile(name, path, Digest.FromSha256(hash.GetCurrentHash()), file.Length);
    }

    // A full disk is not a broken connection, though both are an IOException.
    private async Task WriteAsync(FileStream file, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            await file.WriteAsync(content, cancellationToken);
        }
        catch (IOException exception)
        {
            throw ImageErrors.CannotStoreLayer(Folder, exception);
        }
    }

    // blobs/sha256/<digest> and <digest>.json carry the digest of their content in their name.
    private void RequireNamedDigest(SavedFile file)
    {
        var hex = file.Name.StartsWith("blobs/sha256/", StringComparison.Ordinal) ? file.Name["blobs/sha256/".Length..]
            : file.Name.EndsWith(".json", StringComparison.Ordinal) ? file.Name[..^".json".Length]
            : "";
        if (Digest.TryParse("sha256:" + hex, out var named) && named != file.Digest)
            throw DockerErrors.UnsoundExport(image, $"the content of '{file.Name}' has the digest {file.Digest}");
    }

    // Links are followed among the entries of the archive only, never on disk, so they cannot lead out.
    private static string Resolve(string name, string target)
    {
        var parts = new Stack<string>(name.Split('/')[..^1]);
        foreach (var part in target.Split('/'))
        {
            if (part == "..")
                parts.TryPop(out _);
            else if (part is not ("" or "."))
                parts.Push(part);
        }

        return string.Join('/', parts.Reverse());
    }
}
