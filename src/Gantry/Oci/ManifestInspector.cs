using System.Text.Json;

namespace Gantry.Oci;

/// <summary>Inspects the bytes of a manifest before its media type is known.</summary>
internal static class ManifestInspector
{
    /// <summary>
    /// Returns the media type of a manifest: that of the document, else the declared one, else the one that its members imply. Refuses a
    /// document that tools read differently: content that one tool reads as an index and another as an image must not be promoted, nor
    /// layers that only some of them see.
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

    /// <summary>Returns the media type that a manifest names itself; null when it names none.</summary>
    /// <param name="content">A manifest that was inspected before.</param>
    /// <param name="origin">The manifest in messages.</param>
    public static string? OwnMediaTypeOf(ReadOnlySpan<byte> content, string origin) => Read(content, origin).MediaType;

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
            var names = new MemberNames();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                if (names.FindProblem(name) is { } problem)
                    throw OciErrors.MalformedDocument("manifest", origin, problem);
                shape.HasManifests |= name == "manifests";
                shape.HasLayers |= name is "layers" or "config" or "fsLayers";
                reader.Read();
                if (name == "mediaType")
                    shape.MediaType = ReadMediaType(ref reader, origin);
                else if (name is "config" or "subject" or "layers" or "blobs" or "manifests")
                    InspectDescriptors(ref reader, origin);
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

    // Other tools fail at anything but a text.
    private static string? ReadMediaType(ref Utf8JsonReader reader, string origin) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => reader.GetString() is { Length: > 0 } text ? text : null,
        _ => throw OciErrors.MalformedDocument("manifest", origin, "its mediaType is not a text"),
    };

    /// <summary>Inspects a descriptor or a list of descriptors, and moves to its end.</summary>
    private static void InspectDescriptors(ref Utf8JsonReader reader, string origin)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            InspectMembers(ref reader, origin);
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            InspectMembers(ref reader, origin);
            reader.Skip();
        }
    }

    /// <summary>Inspects the names of the members of an object and of the platform in it, and moves to its end.</summary>
    private static void InspectMembers(ref Utf8JsonReader reader, string origin)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return;

        var names = new MemberNames();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (names.FindProblem(name) is { } problem)
                throw OciErrors.MalformedDocument("manifest", origin, problem);
            reader.Read();
            if (name == "platform")
                InspectMembers(ref reader, origin);
            reader.Skip();
        }
    }

    private static string Printable(string text) => text.Length <= 128 && text.All(c => c is > ' ' and < '\u007f') ? text : "(unprintable)";

    private struct Shape
    {
        public string? MediaType;
        public bool HasManifests;
        public bool HasLayers;
    }
}
