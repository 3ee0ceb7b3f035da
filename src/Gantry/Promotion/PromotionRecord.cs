using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Deployments;
using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// What a promotion leaves beside each image: which release came into which environment, when, by whom, from where, and how its gates
/// came to hold. What is where is read back from these records, and from nothing else.
/// </summary>
public sealed record PromotionRecord
{
    /// <summary>The schema that this version writes and reads.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The most bytes of a record that are read.</summary>
    public const int MaximumSize = 1024 * 1024;

    /// <summary>The schema of the record.</summary>
    [JsonPropertyName("schema"), JsonPropertyOrder(0)]
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>The environment.</summary>
    [JsonPropertyName("environment"), JsonPropertyOrder(1)]
    public required string Environment { get; init; }

    /// <summary>The region of the environment, or null when it has none.</summary>
    [JsonPropertyName("region"), JsonPropertyOrder(2)]
    public string? Region { get; init; }

    /// <summary>The version of the release.</summary>
    [JsonPropertyName("version"), JsonPropertyOrder(3)]
    public required string Version { get; init; }

    /// <summary>The name of the image.</summary>
    [JsonPropertyName("image"), JsonPropertyOrder(4)]
    public required string Image { get; init; }

    /// <summary>The digest of the image.</summary>
    [JsonPropertyName("digest"), JsonPropertyOrder(5)]
    public required Digest Digest { get; init; }

    /// <summary>When the release came into the environment, to the second.</summary>
    [JsonPropertyName("promoted"), JsonPropertyOrder(6)]
    public required DateTimeOffset Promoted { get; init; }

    /// <summary>Who promoted it.</summary>
    [JsonPropertyName("by"), JsonPropertyOrder(7)]
    public required PromotionActor By { get; init; }

    /// <summary>The repository that it came from.</summary>
    [JsonPropertyName("from"), JsonPropertyOrder(8)]
    public required string From { get; init; }

    /// <summary>The repository that it came to, as it was named then.</summary>
    [JsonPropertyName("to"), JsonPropertyOrder(9)]
    public required string To { get; init; }

    /// <summary>The gates of the environment, and how each came to hold.</summary>
    [JsonPropertyName("gates"), JsonPropertyOrder(10)]
    public required IReadOnlyList<RecordedGate> Gates { get; init; }

    /// <summary>What the tag pointed to before, when it was moved for this promotion.</summary>
    [JsonPropertyName("movedTag"), JsonPropertyOrder(11)]
    public MovedTag? MovedTag { get; init; }

    /// <summary>
    /// The hosts that were told and asked after the images were in place, and what became of each: all that the environment declared.
    /// Null in the record of the images alone, which comes before; a promotion to an environment with hosts is done when they are.
    /// </summary>
    [JsonPropertyName("hosts"), JsonPropertyOrder(12)]
    public IReadOnlyList<RecordedHost>? Hosts { get; init; }

    /// <summary>The record as UTF-8, the same bytes for the same promotion.</summary>
    public byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, PromotionJson.Writing.PromotionRecord), (byte)'\n'];

    /// <summary>
    /// Reads a record strictly: <c>GAN4045</c> when it is malformed, has unknown or repeated properties, or says something that cannot
    /// be; <c>GAN4046</c> for a schema that this version does not know.
    /// </summary>
    /// <param name="json">The record.</param>
    /// <param name="origin">How to name it in an error: its digest and the repository.</param>
    public static PromotionRecord Read(ReadOnlySpan<byte> json, string origin)
    {
        try
        {
            // A newer schema may well have properties that are unknown here: that is the schema's fault, not the record's.
            var schema = JsonSerializer.Deserialize(json, RecordSchemaJson.Default.RecordSchema)?.Schema;
            if (schema is { } other and not CurrentSchema)
                throw PromotionErrors.UnsupportedPromotionSchema(origin, other);

            var record = JsonSerializer.Deserialize(json, PromotionJson.Default.PromotionRecord) ?? throw new JsonException("it is null");
            return record.Validate() is { } fault ? throw PromotionErrors.MalformedPromotion(origin, fault) : record;
        }
        catch (JsonException exception)
        {
            throw PromotionErrors.MalformedPromotion(origin, exception.Message.TrimEnd('.'), exception);
        }
    }

    private string? Validate() =>
        string.IsNullOrWhiteSpace(Environment) ? "it names no environment"
        : Region is not null && string.IsNullOrWhiteSpace(Region) ? "its region has no name"
        : string.IsNullOrWhiteSpace(Version) ? "it names no version"
        : !Names.IsRepository(Image) ? $"'{Image}' is not the name of an image"
        : string.IsNullOrWhiteSpace(By.Name) ? "nobody promoted it"
        : Gates.Any(gate => string.IsNullOrWhiteSpace(gate?.Gate)) ? "a gate has no name"
        : Hosts?.Any(host => string.IsNullOrWhiteSpace(host?.Host)) == true ? "a host has no name"
        : null;
}

/// <summary>Who promotes a release.</summary>
public sealed record PromotionActor
{
    /// <summary>The person: who asked for the run on a build server, the user of the machine elsewhere.</summary>
    [JsonPropertyName("name"), JsonPropertyOrder(0)]
    public required string Name { get; init; }

    /// <summary>The id of the run, or null where no build server runs the promotion.</summary>
    [JsonPropertyName("runId"), JsonPropertyOrder(1)]
    public string? RunId { get; init; }

    /// <summary>Where the run can be looked at.</summary>
    [JsonPropertyName("runUrl"), JsonPropertyOrder(2)]
    public string? RunUrl { get; init; }

    /// <summary>The user of this machine.</summary>
    public static PromotionActor LocalUser => new() { Name = System.Environment.UserName is { Length: > 0 } user ? user : "unknown" };

    /// <inheritdoc/>
    public override string ToString() => RunId is null ? Name : $"{Name} (run {RunId})";
}

/// <summary>A gate, and how it came to hold.</summary>
public sealed record RecordedGate
{
    /// <summary>The gate as it is described to people: <c>approval by [Contoso]\Release (2)</c>.</summary>
    [JsonPropertyName("gate"), JsonPropertyOrder(0)]
    public required string Gate { get; init; }

    /// <summary>How it came to hold.</summary>
    [JsonPropertyName("verdict"), JsonPropertyOrder(1)]
    public required GateVerdict Verdict { get; init; }

    /// <summary>What was found out about it.</summary>
    [JsonPropertyName("finding"), JsonPropertyOrder(2)]
    public string? Finding { get; init; }

    /// <summary>Why a person answered for it or went past it.</summary>
    [JsonPropertyName("reason"), JsonPropertyOrder(3)]
    public string? Reason { get; init; }
}

/// <summary>A host that was told or asked.</summary>
public sealed record RecordedHost
{
    /// <summary>The deployment or health check as it is described to people: <c>App Service contoso-prod</c>.</summary>
    [JsonPropertyName("host"), JsonPropertyOrder(0)]
    public required string Host { get; init; }

    /// <summary>What was done, or why it was left out.</summary>
    [JsonPropertyName("done"), JsonPropertyOrder(1)]
    public required string Done { get; init; }

    internal static RecordedHost Of(StepOutcome step) => new() { Host = step.Step.Description, Done = step.Done ?? $"left out, {step.Step.SkippedReason}" };
}

/// <summary>A tag that pointed to something else before.</summary>
public sealed record MovedTag
{
    /// <summary>The digest that it pointed to.</summary>
    [JsonPropertyName("from"), JsonPropertyOrder(0)]
    public required Digest From { get; init; }

    /// <summary>Why it was moved.</summary>
    [JsonPropertyName("reason"), JsonPropertyOrder(1)]
    public required string Reason { get; init; }
}
