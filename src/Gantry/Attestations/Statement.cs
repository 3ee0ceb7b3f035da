using System.Text.Encodings.Web;
using System.Text.Json;
using Gantry.Oci;

namespace Gantry.Attestations;

/// <summary>A statement about images, in the format of in-toto: which images, and a predicate of some type about them.</summary>
/// <seealso href="https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md">in-toto, Statement v1</seealso>
public sealed class Statement
{
    private const string Type = "https://in-toto.io/Statement/v1";

    // Cosign itself still writes it.
    private const string EarlierType = "https://in-toto.io/Statement/v0.1";

    private Statement(IReadOnlyList<StatementSubject> subjects, string predicateType, JsonElement predicate)
    {
        Subjects = subjects;
        PredicateType = predicateType;
        Predicate = predicate;
    }

    /// <summary>The images. Only the digests identify them; the names are for people.</summary>
    public IReadOnlyList<StatementSubject> Subjects { get; }

    /// <summary>The URI of the type of the predicate.</summary>
    public string PredicateType { get; }

    /// <summary>The predicate.</summary>
    public JsonElement Predicate { get; }

    /// <summary>Returns true when the statement is about an image.</summary>
    public bool IsAbout(Digest image) => Subjects.Any(subject => subject.Digest == image);

    /// <summary>Serializes a statement about one image as UTF-8, without white space; the same values give the same bytes.</summary>
    /// <param name="subject">The image; its digest is sha256.</param>
    /// <param name="predicateType">The URI of the type of the predicate.</param>
    /// <param name="predicate">The predicate, as JSON.</param>
    public static byte[] Write(StatementSubject subject, string predicateType, ReadOnlySpan<byte> predicate)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("_type", Type);
            json.WriteStartArray("subject");
            json.WriteStartObject();
            json.WriteString("name", subject.Name);
            json.WriteStartObject("digest");
            json.WriteString(subject.Digest.Algorithm, subject.Digest.Hex);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteString("predicateType", predicateType);
            json.WritePropertyName("predicate");
            json.WriteRawValue(predicate);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>
    /// Parses a statement strictly: no unknown or repeated property, and at least one subject. Throws <c>GAN4209</c> otherwise.
    /// </summary>
    /// <param name="payload">The bytes that were verified.</param>
    /// <param name="origin">The name of the attestation in errors.</param>
    public static Statement Read(ReadOnlyMemory<byte> payload, string origin)
    {
        try
        {
            using var document = JsonDocument.Parse(
                payload, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = Limits.JsonDepth });
            return Read(document.RootElement, origin);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw AttestationErrors.Malformed(origin, "its payload is not a statement", exception);
        }
    }

    private static Statement Read(JsonElement root, string origin)
    {
        if (root.EnumerateObject().FirstOrDefault(member => member.Name is not ("_type" or "subject" or "predicateType" or "predicate"))
            is { Value.ValueKind: not JsonValueKind.Undefined } other)
            throw AttestationErrors.Malformed(origin, $"its statement has the unknown property {Format.Refused(other.Name)}");
        if (root.GetProperty("_type").GetString() is not (Type or EarlierType))
            throw AttestationErrors.Malformed(origin, "its payload is not a statement of in-toto");
        var subjects = root.GetProperty("subject").EnumerateArray().Select(subject => ReadSubject(subject, origin)).ToList();
        if (subjects.Count == 0)
            throw AttestationErrors.Malformed(origin, "its statement is about nothing");
        return new Statement(
            subjects, root.GetProperty("predicateType").GetString() ?? "", root.GetProperty("predicate").Clone());
    }

    private static StatementSubject ReadSubject(JsonElement subject, string origin)
    {
        var digests = subject.GetProperty("digest");
        return Digest.TryParse("sha256:" + digests.GetProperty("sha256").GetString(), out var digest)
            ? new StatementSubject(subject.TryGetProperty("name", out var name) ? name.GetString() ?? "" : "", digest)
            : throw AttestationErrors.Malformed(origin, "a subject has no sha256 digest");
    }
}

/// <summary>An image that a statement is about.</summary>
/// <param name="Name">The name for people: the repository.</param>
/// <param name="Digest">The digest of the manifest or index.</param>
public sealed record StatementSubject(string Name, Digest Digest);
