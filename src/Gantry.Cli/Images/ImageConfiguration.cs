using System.Globalization;
using System.Text.Json;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Cli.Images;

/// <summary>
/// What the configuration of an image says, as far as it is shown. It is text that others wrote: what is missing or of another type is
/// left out.
/// </summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md">OCI image-spec 1.1.1, image configuration</seealso>
internal sealed class ImageConfiguration
{
    private const string BaseName = "org.opencontainers.image.base.name";
    private const string BaseDigest = "org.opencontainers.image.base.digest";

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = Limits.JsonDepth };
    private readonly JsonElement _root;
    private readonly JsonElement? _config;

    private ImageConfiguration(ReadOnlyMemory<byte> bytes, JsonElement root)
    {
        Bytes = bytes;
        _root = root;
        _config = Find(root, "config", JsonValueKind.Object);
    }

    /// <summary>The configuration as it is stored.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The platform.</summary>
    public Platform Platform => new()
    {
        Os = Text(_root, "os") ?? "",
        Architecture = Text(_root, "architecture") ?? "",
        Variant = Text(_root, "variant"),
        OsVersion = Text(_root, "os.version"),
    };

    /// <summary>The time of creation; null when it is not known.</summary>
    public DateTimeOffset? Created => ParseTime(Text(_root, "created"));

    /// <summary>User and group; null when the image names none.</summary>
    public string? User => Text(_config, "User") is { Length: > 0 } user ? user : null;

    /// <summary>The directory to start in.</summary>
    public string? WorkingFolder => Text(_config, "WorkingDir") is { Length: > 0 } folder ? folder : null;

    /// <summary>The program and its first arguments.</summary>
    public IReadOnlyList<string> Entrypoint => List(_config, "Entrypoint");

    /// <summary>The arguments that a caller may replace.</summary>
    public IReadOnlyList<string> Command => List(_config, "Cmd");

    /// <summary>The environment variables.</summary>
    public IReadOnlyList<string> Variables => List(_config, "Env");

    /// <summary>The ports.</summary>
    public IReadOnlyList<string> Ports => [.. Members(_config, "ExposedPorts").Select(member => member.Name)];

    /// <summary>The labels.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels =>
    [
        .. Members(_config, "Labels")
            .Where(member => member.Value.ValueKind == JsonValueKind.String)
            .Select(member => KeyValuePair.Create(member.Name, member.Value.GetString()!)),
    ];

    /// <summary>The instructions that made layers, in the order of the layers; fewer when the history is not complete.</summary>
    public IReadOnlyList<string> Instructions =>
    [
        .. Items(_root, "history")
            .Where(entry => entry.ValueKind == JsonValueKind.Object
                && !(entry.TryGetProperty("empty_layer", out var empty) && empty.ValueKind == JsonValueKind.True))
            .Select(entry => Text(entry, "created_by") ?? ""),
    ];

    /// <summary>Reads the configuration of an image; null for an index and for an artifact that is no image.</summary>
    /// <exception cref="GantryException"><c>GAN4108</c>: it is no JSON object, or too large.</exception>
    public static async Task<ImageConfiguration?> ReadAsync(
        IImageRepository repository, ManifestContent image, CancellationToken cancellationToken)
    {
        if (image.FindManifest() is not { Config: { MediaType: MediaTypes.OciConfig or MediaTypes.DockerConfig } config })
            return null;
        if (config.Size > Limits.ImageConfigBytes)
            throw CliErrors.UnreadableConfiguration(
                repository.Location, config.Digest, $"it is larger than {Format.Bytes(Limits.ImageConfigBytes)}");
        return Parse(await repository.ReadBlobAsync(config, cancellationToken)) is { } parsed
            ? parsed
            : throw CliErrors.UnreadableConfiguration(repository.Location, config.Digest, "it is not a JSON object");
    }

    /// <summary>Finds the base image that annotations or labels name; null when none does.</summary>
    public static (string? Name, string? Digest) FindBase(params ReadOnlySpan<IReadOnlyDictionary<string, string>?> sources)
    {
        foreach (var source in sources)
        {
            if (source?.GetValueOrDefault(BaseName) is { Length: > 0 } name)
                return (name, source.GetValueOrDefault(BaseDigest));
        }

        return (null, null);
    }

    /// <summary>Parses a time of RFC 3339; null for anything else, and for the zero that reproducible builds write.</summary>
    public static DateTimeOffset? ParseTime(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        && time > DateTimeOffset.UnixEpoch
            ? time
            : null;

    private static ImageConfiguration? Parse(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, s_options);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new ImageConfiguration(bytes, document.RootElement.Clone())
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement? Find(JsonElement? parent, string name, JsonValueKind kind) =>
        parent is { ValueKind: JsonValueKind.Object } map && map.TryGetProperty(name, out var value) && value.ValueKind == kind
            ? value
            : null;

    private static string? Text(JsonElement? parent, string name) => Find(parent, name, JsonValueKind.String)?.GetString();

    private static IEnumerable<JsonElement> Items(JsonElement? parent, string name) =>
        Find(parent, name, JsonValueKind.Array)?.EnumerateArray() ?? Enumerable.Empty<JsonElement>();

    private static IEnumerable<JsonProperty> Members(JsonElement? parent, string name) =>
        Find(parent, name, JsonValueKind.Object)?.EnumerateObject() ?? Enumerable.Empty<JsonProperty>();

    private static IReadOnlyList<string> List(JsonElement? parent, string name) =>
    [
        .. Items(parent, name).Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!),
    ];
}
