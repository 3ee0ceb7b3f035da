using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Attestations;

/// <summary>
/// The manifest under a tag <c>sha256-….att</c>. Its configuration is that of an image whose layers are the envelopes, as cosign writes
/// it.
/// </summary>
internal sealed class LegacyAttestationManifest(IImageRepository repository, string tag)
{
    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The name in errors.</summary>
    public string Origin { get; } = $"{tag} in {repository.Location}";

    /// <summary>Adds a layer, and writes the tag. Returns false when the layer is there already.</summary>
    public async Task<bool> AppendAsync(Descriptor layer, byte[] content, CancellationToken cancellationToken)
    {
        var existing = await repository.FindManifestAsync(tag, cancellationToken);
        var layers = existing is null ? [] : ReadLayers(existing);
        if (layers.Any(other => other.Digest == layer.Digest))
            return false;
        if (layers.Count >= Limits.Attestations)
            throw LegacyTagErrors.NotExtensible(
                Origin, $"it has {layers.Count} attestations (limit {nameof(Limits.Attestations)})");

        var config = existing is null ? WriteConfig(layer.Digest) : await ExtendConfigAsync(existing, layer.Digest, cancellationToken);
        var configType = existing?.ReadManifest().Config.MediaType ?? MediaTypes.OciConfig;
        var descriptor = new Descriptor { MediaType = configType, Digest = Digest.Of(config), Size = config.Length };
        var manifest = existing is null
            ? ManifestContent.Create(new Manifest { MediaType = MediaTypes.OciManifest, Config = descriptor, Layers = [layer] })
            : Extend(existing, descriptor, layer);
        if (manifest.Bytes.Length > Limits.ManifestBytes)
            throw LegacyTagErrors.NotExtensible(
                Origin, $"it would have {Format.Bytes(manifest.Bytes.Length)} (limit {nameof(Limits.ManifestBytes)})");

        await PutBlobAsync(layer, content, cancellationToken);
        await PutBlobAsync(descriptor, config, cancellationToken);
        await repository.PutTagAsync(tag, manifest, cancellationToken);
        return true;
    }

    private Task<BlobPlacement> PutBlobAsync(Descriptor blob, byte[] content, CancellationToken cancellationToken) =>
        repository.PutBlobAsync(blob, _ => Task.FromResult<Stream>(new MemoryStream(content, writable: false)), cancellationToken);

    private IReadOnlyList<Descriptor> ReadLayers(ManifestContent existing) =>
        existing.Descriptor.MediaType is MediaTypes.OciManifest or MediaTypes.DockerManifest
            ? existing.ReadManifest().Layers
            : throw LegacyTagErrors.NotExtensible(Origin, $"its type is {existing.Descriptor.MediaType}");

    // The layers of others are written as they were read.
    private static ManifestContent Extend(ManifestContent existing, Descriptor config, Descriptor layer)
    {
        using var document = JsonDocument.Parse(existing.Bytes);
        var bytes = Write(json =>
        {
            json.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                json.WritePropertyName(member.Name);
                if (member.NameEquals("config"))
                    JsonSerializer.Serialize(json, config, OciJson.Writing.Descriptor);
                else if (member.NameEquals("layers"))
                    WriteExtended(json, member.Value, () => JsonSerializer.Serialize(json, layer, OciJson.Writing.Descriptor));
                else
                    json.WriteRawValue(JsonMarshal.GetRawUtf8Value(member.Value));
            }

            json.WriteEndObject();
        });
        return ManifestContent.FromVerified(existing.Descriptor.MediaType, Digest.Of(bytes), bytes);
    }

    private async Task<byte[]> ExtendConfigAsync(ManifestContent existing, Digest layer, CancellationToken cancellationToken)
    {
        var descriptor = existing.ReadManifest().Config;
        if (descriptor.Size is < 0 or > Limits.ImageConfigBytes)
            throw LegacyTagErrors.NotExtensible(Origin, $"its configuration has {Format.Count(descriptor.Size, "byte")}");
        var content = await repository.ReadBlobAsync(descriptor, cancellationToken);

        // Other tools write an empty object, which has nothing to extend.
        if (descriptor.MediaType == MediaTypes.OciEmpty)
            return content;
        try
        {
            return ExtendConfig(content, layer);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw LegacyTagErrors.NotExtensible(Origin, "its configuration is not that of an image", exception);
        }
    }

    private static byte[] ExtendConfig(byte[] config, Digest layer)
    {
        using var document = JsonDocument.Parse(
            config, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = Limits.JsonDepth });
        document.RootElement.GetProperty("rootfs").GetProperty("diff_ids").GetArrayLength();
        return Write(json =>
        {
            json.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                json.WritePropertyName(member.Name);
                if (member.NameEquals("rootfs"))
                    WriteRootFileSystem(json, member.Value, layer);
                else if (member.NameEquals("history") && member.Value.ValueKind == JsonValueKind.Array)
                    WriteExtended(json, member.Value, () => WriteHistory(json));
                else
                    json.WriteRawValue(JsonMarshal.GetRawUtf8Value(member.Value));
            }

            json.WriteEndObject();
        });
    }

    private static void WriteRootFileSystem(Utf8JsonWriter json, JsonElement existing, Digest layer)
    {
        json.WriteStartObject();
        foreach (var member in existing.EnumerateObject())
        {
            json.WritePropertyName(member.Name);
            if (member.NameEquals("diff_ids"))
                WriteExtended(json, member.Value, () => json.WriteStringValue(layer.ToString()));
            else
                json.WriteRawValue(JsonMarshal.GetRawUtf8Value(member.Value));
        }

        json.WriteEndObject();
    }

    private static void WriteExtended(Utf8JsonWriter json, JsonElement list, Action writeLast)
    {
        json.WriteStartArray();
        foreach (var element in list.EnumerateArray())
            json.WriteRawValue(JsonMarshal.GetRawUtf8Value(element));
        writeLast();
        json.WriteEndArray();
    }

    private static byte[] WriteConfig(Digest layer) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("architecture", "");
        json.WriteString("created", NoTime);
        json.WriteStartArray("history");
        WriteHistory(json);
        json.WriteEndArray();
        json.WriteString("os", "");
        json.WriteStartObject("rootfs");
        json.WriteString("type", "layers");
        json.WriteStartArray("diff_ids");
        json.WriteStringValue(layer.ToString());
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("config");
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static void WriteHistory(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("created", NoTime);
        json.WriteEndObject();
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_writing))
            write(json);
        return buffer.ToArray();
    }

    // The same bytes for the same layers, and the ones of cosign.
    private const string NoTime = "0001-01-01T00:00:00Z";
}
