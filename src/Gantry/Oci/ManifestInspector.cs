using System.Text.Json;

namespace Gantry.Oci;

/// <summary>Inspects the bytes of a manifest before its media type is known.</summary>
internal static class ManifestInspector
{
    /// <summary>
    /// Returns the media type of a manifest: that of the document, else the declared one, else the one that its members imply. Refuses a
    /// document whose media type contradicts its members: content that one tool reads as an index and another as an image must not be
    /// promoted.
    /// </summary>
    /// <seealso href="https://github.com/opencontainers/image-spec/security/advisories/GHSA-77vh-xpmg-72qh">
    /// GHSA-77vh-xpmg-72qh, ambiguous documents
    /// </seealso>
    public static string MediaTypeOf(ReadOnlySpan<byte> content, string? declared, string origin)
    {
        var shape = Read(content, origin);
        if (shape is { HasManifests: true, HasLayers: true })
            throw OciErrors.MalformedDocument("manifest", origin, "it is an index and an image at once");

        var known = declared is not null && (MediaTypes.IsIndex(declared) || MediaTypes.IsManifest(declared)) ? declared : null;
        if (shape.MediaType is not null && known is not null && shape.MediaType != known)
            throw OciErrors.MalformedDocument(
                "manifest", origin, $"it says that it is {Printable(shape.MediaType)}, and is kept as {known}");

        var mediaType = shape.MediaType ?? known ?? shape switch
        {
            { HasManifests: true } => MediaTypes.OciIndex,
            { HasLayers: true } => MediaTypes.OciManifest,
            _ => null,
        };
        if (mediaType is null || !(MediaTypes.IsIndex(mediaType) || MediaTypes.IsManifest(mediaType)))
            throw OciErrors.MalformedDocument(
                "manifest", origin, mediaType is null ? "it is not a manifest" : $"its type {Printable(mediaType)} is not a manifest");
        if (MediaTypes.IsIndex(mediaType) ? shape.HasLayers : shape.HasManifests)
            throw OciErrors.MalformedDocument("manifest", origin, $"it is not what its type {mediaType} says");
        return mediaType;
    }

    /// <summary>Returns true for a manifest of Docker's schema 1, which has neither a size nor a stable digest.</summary>
    public static bool IsSchemaOne(string? mediaType) =>
        mediaType?.StartsWith("application/vnd.docker.distribution.manifest.v1+", StringComparison.Ordinal) == true;

    private static Shape Read(ReadOnlySpan<byte> content, string origin)
    {
        var shape = default(Shape);
        try
        {
            var reader = new Utf8JsonReader(content, new JsonReaderOptions { MaxDepth = 64 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw OciErrors.MalformedDocument("manifest", origin, "it is not a JSON object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isMediaType = reader.ValueTextEquals("mediaType"u8);
                shape.HasManifests |= reader.ValueTextEquals("manifests"u8);
                shape.HasLayers |= reader.ValueTextEquals("layers"u8) || reader.ValueTextEquals("config"u8);
                reader.Read();
                if (isMediaType && reader.TokenType == JsonTokenType.String)
                    shape.MediaType = reader.GetString() is { Length: > 0 } text ? text : null;
                reader.Skip();
            }

            // With content after the object it is not a JSON document.
            if (reader.Read())
                throw OciErrors.MalformedDocument("manifest", origin, "something follows the JSON object");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw OciErrors.MalformedDocument("manifest", origin, "it is not JSON", exception);
        }

        return shape;
    }

    private static string Printable(string text) => text.Length <= 128 && text.All(c => c is > ' ' and < '\u007f') ? text : "(unprintable)";

    private struct Shape
    {
        public string? MediaType;
        public bool HasManifests;
        public bool HasLayers;
    }
}
