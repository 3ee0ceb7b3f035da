using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.Holds;

/// <summary>
/// The predicate of <see cref="PredicateTypes.Hold"/>: that an environment is held from a time on, or no longer is. The last one decides.
/// </summary>
public sealed record HoldStatement
{
    /// <summary>The schema that this version writes and reads.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The schema of the statement.</summary>
    [JsonPropertyName("schema"), JsonPropertyOrder(0)]
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>The name of the environment.</summary>
    [JsonPropertyName("environment"), JsonPropertyOrder(1)]
    public required string Environment { get; init; }

    /// <summary>The region of the environment; null when it has none.</summary>
    [JsonPropertyName("region"), JsonPropertyOrder(2)]
    public string? Region { get; init; }

    /// <summary>The URI of the place: the repository of an image. Elsewhere, as in a copy, the statement does not count.</summary>
    [JsonPropertyName("place"), JsonPropertyOrder(3)]
    public required string Place { get; init; }

    /// <summary>True when the environment is held from then on; false when the hold has ended.</summary>
    [JsonPropertyName("held"), JsonPropertyOrder(4)]
    public required bool Held { get; init; }

    /// <summary>The time from which it counts, to the millisecond.</summary>
    [JsonPropertyName("time"), JsonPropertyOrder(5)]
    public required DateTimeOffset Time { get; init; }

    /// <summary>The person or run that has set or ended the hold.</summary>
    [JsonPropertyName("by"), JsonPropertyOrder(6)]
    public required string By { get; init; }

    /// <summary>The address of the run, which the service confirmed; null when there is none.</summary>
    [JsonPropertyName("runUrl"), JsonPropertyOrder(7)]
    public string? RunUrl { get; init; }

    /// <summary>The reason.</summary>
    [JsonPropertyName("reason"), JsonPropertyOrder(8)]
    public required string Reason { get; init; }

    /// <summary>What has set or ended the hold.</summary>
    [JsonPropertyName("cause"), JsonPropertyOrder(9)]
    public required HoldCause Cause { get; init; }

    /// <summary>
    /// The version that stays, or whose promotion has ended the hold; null for whatever is there, and for a hold that a person has ended.
    /// </summary>
    [JsonPropertyName("version"), JsonPropertyOrder(10)]
    public string? Version { get; init; }

    /// <summary>Serializes the statement as UTF-8; the same values give the same bytes.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, HoldJson.Writing.HoldStatement);

    /// <summary>
    /// Parses a statement strictly. Throws <c>GAN4604</c> when it is malformed, has another schema or an unknown property, or is blank
    /// where it matters.
    /// </summary>
    /// <param name="predicate">The predicate of a signed statement, or the record of an environment without keys.</param>
    /// <param name="origin">The name of the statement in errors.</param>
    public static HoldStatement Read(JsonElement predicate, string origin)
    {
        var statement = PredicateReader.Read(
            predicate, HoldJson.Default.HoldStatement, (reason, exception) => HoldErrors.Unreadable(origin, reason, exception));
        return statement.Validate() is { } fault ? throw HoldErrors.Unreadable(origin, fault) : statement;
    }

    internal static HoldStatement Read(byte[] json, string origin) => PredicateReader.ReadDocument(
        json, predicate => Read(predicate, origin), (reason, exception) => HoldErrors.Unreadable(origin, reason, exception));

    private string? Validate()
    {
        if (Schema != CurrentSchema)
            return $"its schema is {Schema}";
        if (string.IsNullOrWhiteSpace(Environment) || (Region is not null && string.IsNullOrWhiteSpace(Region)))
            return "it names no environment";
        if (string.IsNullOrWhiteSpace(Place))
            return "it names no place";
        if (string.IsNullOrWhiteSpace(By))
            return "it names no person";
        if (string.IsNullOrWhiteSpace(Reason))
            return "it has no reason";
        return Version is not null && !ReleaseTag.IsVersion(Version) ? "its version cannot be a tag" : null;
    }
}

/// <summary>What has set or ended a hold.</summary>
public enum HoldCause
{
    /// <summary>A person: a freeze by hand, or its end.</summary>
    Person,

    /// <summary>A person went back to an earlier release.</summary>
    Rollback,

    /// <summary>A promotion whose health check failed returned by itself.</summary>
    AutomaticReturn,

    /// <summary>A release that a person had named was promoted, which ends the hold.</summary>
    Promotion,
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters = [typeof(HoldCauseJsonConverter), typeof(PreciseTimeJsonConverter)],
    MaxDepth = 16)]
[JsonSerializable(typeof(HoldStatement))]
internal sealed partial class HoldJson : JsonSerializerContext
{
    /// <summary>The context for writing: characters are not escaped for HTML, because people read the reason.</summary>
    public static HoldJson Writing =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>Converts causes to and from their names only.</summary>
internal sealed class HoldCauseJsonConverter()
    : JsonStringEnumConverter<HoldCause>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
