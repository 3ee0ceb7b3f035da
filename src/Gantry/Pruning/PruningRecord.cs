using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Promotion;

namespace Gantry.Pruning;

/// <summary>
/// The record of a deletion, which stays in the repository: which releases and manifests, when and by whom. It is written before anything
/// is deleted, so that none is deleted without it.
/// </summary>
public sealed record PruningRecord
{
    /// <summary>The schema that this version writes and reads.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The schema of the record.</summary>
    [JsonPropertyName("schema"), JsonPropertyOrder(0)]
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>The environment; null for the base registry.</summary>
    [JsonPropertyName("environment"), JsonPropertyOrder(1)]
    public string? Environment { get; init; }

    /// <summary>The region of the environment; null when it has none.</summary>
    [JsonPropertyName("region"), JsonPropertyOrder(2)]
    public string? Region { get; init; }

    /// <summary>
    /// The URI of the place of the image (<see cref="ResourceUri"/>). Elsewhere, as in a copy, the record does not count.
    /// </summary>
    [JsonPropertyName("place"), JsonPropertyOrder(3)]
    public required string Place { get; init; }

    /// <summary>The name of the image.</summary>
    [JsonPropertyName("image"), JsonPropertyOrder(4)]
    public required string Image { get; init; }

    /// <summary>The digest of the whole list that was applied.</summary>
    [JsonPropertyName("list"), JsonPropertyOrder(5)]
    public required Digest List { get; init; }

    /// <summary>The time at which the deletion began, to the second.</summary>
    [JsonPropertyName("pruned"), JsonPropertyOrder(6)]
    public required DateTimeOffset Pruned { get; init; }

    /// <summary>The person or run that applied the list.</summary>
    [JsonPropertyName("by"), JsonPropertyOrder(7)]
    public required PromotionActor By { get; init; }

    /// <summary>What is deleted.</summary>
    [JsonPropertyName("items"), JsonPropertyOrder(8)]
    public required IReadOnlyList<PrunedItem> Items { get; init; }

    /// <summary>
    /// The manifests of the list that were kept in the end, in a second record about the same deletion; null in the first one.
    /// </summary>
    [JsonPropertyName("kept"), JsonPropertyOrder(9)]
    public IReadOnlyList<Digest>? Kept { get; init; }

    /// <summary>Serializes the record as UTF-8; the same values give the same bytes.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, PruningRecordJson.Writing.PruningRecord);

    /// <summary>
    /// Parses a record strictly. Throws <c>GAN4707</c> when it is malformed, has another schema or an unknown property.
    /// </summary>
    /// <param name="json">The record.</param>
    /// <param name="origin">The name of the record in errors.</param>
    public static PruningRecord Read(JsonElement json, string origin)
    {
        var record = PredicateReader.Read(
            json, PruningRecordJson.Default.PruningRecord, (reason, exception) => PruningErrors.MalformedRecord(origin, reason, exception));
        if (record.Schema != CurrentSchema)
            throw PruningErrors.MalformedRecord(origin, $"it has schema {record.Schema} instead of {CurrentSchema}");
        return Names.IsRepository(record.Image) && !string.IsNullOrWhiteSpace(record.By.Name)
            ? record
            : throw PruningErrors.MalformedRecord(origin, "it names no image, or no person");
    }
}

/// <summary>An image, or a part of one, that was deleted.</summary>
public sealed record PrunedItem
{
    /// <summary>The digest of the image, or of what belonged to none.</summary>
    [JsonPropertyName("digest"), JsonPropertyOrder(0)]
    public required Digest Digest { get; init; }

    /// <summary>The tags that pointed to it.</summary>
    [JsonPropertyName("tags"), JsonPropertyOrder(1)]
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The versions of the releases that it was of.</summary>
    [JsonPropertyName("versions"), JsonPropertyOrder(2)]
    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>The other manifests that were deleted with it: platforms, signatures, attestations of its promotions, SBOMs.</summary>
    [JsonPropertyName("parts"), JsonPropertyOrder(3)]
    public IReadOnlyList<Digest> Parts { get; init; } = [];

    /// <summary>True when only the tags were removed, because the image is kept under others.</summary>
    [JsonPropertyName("tagsOnly"), JsonPropertyOrder(4)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TagsOnly { get; init; }
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters =
    [
        typeof(DigestJsonConverter), typeof(NonNullListJsonConverter<PrunedItem>), typeof(NonNullListJsonConverter<string>),
        typeof(UtcTimeJsonConverter),
    ],
    MaxDepth = 16)]
[JsonSerializable(typeof(PruningRecord))]
[JsonSerializable(typeof(PrunedItem))]
[JsonSerializable(typeof(string))]
internal sealed partial class PruningRecordJson : JsonSerializerContext
{
    /// <summary>The context for writing: characters are not escaped for HTML, because people read the record.</summary>
    public static PruningRecordJson Writing =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
