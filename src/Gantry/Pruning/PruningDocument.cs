using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gantry.Oci;

namespace Gantry.Pruning;

/// <summary>A list of what nothing keeps, or the result of a deletion, for programs.</summary>
public sealed record PruningDocument
{
    /// <summary>The schema that this version writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The schema of the document.</summary>
    [JsonPropertyName("schema"), JsonPropertyOrder(0)]
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>The time of the read.</summary>
    [JsonPropertyName("asOf"), JsonPropertyOrder(1)]
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>The digest of the list.</summary>
    [JsonPropertyName("list"), JsonPropertyOrder(2)]
    public required Digest List { get; init; }

    /// <summary>True when it was applied.</summary>
    [JsonPropertyName("applied"), JsonPropertyOrder(3)]
    public required bool Applied { get; init; }

    /// <summary>The bytes that the registries can free.</summary>
    [JsonPropertyName("bytes"), JsonPropertyOrder(4)]
    public required long Bytes { get; init; }

    /// <summary>What nothing keeps.</summary>
    [JsonPropertyName("items"), JsonPropertyOrder(5)]
    public required IReadOnlyList<PruningDocumentItem> Items { get; init; }

    /// <summary>The images that are kept.</summary>
    [JsonPropertyName("kept"), JsonPropertyOrder(6)]
    public required IReadOnlyList<PruningDocumentKept> Kept { get; init; }

    /// <summary>What a person should know of the registries.</summary>
    [JsonPropertyName("notes"), JsonPropertyOrder(7)]
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The number of images that are not in the list because it has reached its limit.</summary>
    [JsonPropertyName("leftOut"), JsonPropertyOrder(8)]
    public required int LeftOut { get; init; }

    /// <summary>The errors of a deletion: one for each registry where it is switched off, and for each image that was refused.</summary>
    [JsonPropertyName("problems"), JsonPropertyOrder(9)]
    public required IReadOnlyList<PruningDocumentProblem> Problems { get; init; }

    /// <summary>Returns the document of a list.</summary>
    /// <param name="plan">The list.</param>
    public static PruningDocument Of(PruningPlan plan) => Of(plan, outcome: null);

    /// <summary>Returns the document of a result.</summary>
    /// <param name="outcome">The result.</param>
    public static PruningDocument Of(PruningOutcome outcome) => Of(outcome.Plan, outcome);

    private static PruningDocument Of(PruningPlan plan, PruningOutcome? outcome)
    {
        var kept = outcome?.Kept.ToDictionary(each => each.Item, each => each.Reason);
        return new PruningDocument
        {
            AsOf = plan.AsOf,
            List = plan.Digest,
            Applied = outcome is not null,
            Bytes = plan.Bytes,
            Items = [.. plan.Items.Select(item => new PruningDocumentItem
            {
                Kind = JsonNamingPolicy.CamelCase.ConvertName(item.Kind.ToString()),
                Place = item.Place,
                Repository = item.Location,
                Digest = item.Digest,
                Tags = item.Tags,
                Versions = item.Versions,
                Manifests = item.Manifests,
                Bytes = item.Bytes,
                Reason = item.Reason,
                KeptBecause = kept?.GetValueOrDefault(item),
            })],
            Kept = [.. plan.Kept.Select(image => new PruningDocumentKept
            {
                Place = image.Place,
                Repository = image.Location,
                Digest = image.Digest,
                Tags = image.Tags,
                Versions = image.Versions,
                Reasons = [.. image.Reasons.Select(reason => new PruningDocumentReason
                {
                    Kind = JsonNamingPolicy.CamelCase.ConvertName(reason.Kind.ToString()),
                    Text = reason.Text,
                })],
            })],
            Notes = plan.Notes,
            LeftOut = plan.LeftOut,
            Problems = [.. (outcome?.SwitchedOff.Values ?? []).Concat(outcome?.Problems ?? [])
                .Select(problem => new PruningDocumentProblem { Code = problem.Code, Problem = problem.Problem, Remedy = problem.Remedy })],
        };
    }

    /// <summary>Returns the document as JSON.</summary>
    public JsonNode ToNode() => JsonSerializer.SerializeToNode(this, PruningDocumentJson.Writing.PruningDocument)!;

    /// <summary>Serializes the document as UTF-8; the same values give the same bytes.</summary>
    public byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, PruningDocumentJson.Writing.PruningDocument), (byte)'\n'];
}

/// <summary>Something that nothing keeps, for programs.</summary>
public sealed record PruningDocumentItem
{
    /// <summary>The kind: <c>image</c>, <c>untagged</c>, <c>orphan</c> or <c>tag</c>.</summary>
    [JsonPropertyName("kind"), JsonPropertyOrder(0)]
    public required string Kind { get; init; }

    /// <summary>The place, for people.</summary>
    [JsonPropertyName("place"), JsonPropertyOrder(1)]
    public required string Place { get; init; }

    /// <summary>The repository.</summary>
    [JsonPropertyName("repository"), JsonPropertyOrder(2)]
    public required string Repository { get; init; }

    /// <summary>The digest.</summary>
    [JsonPropertyName("digest"), JsonPropertyOrder(3)]
    public required Digest Digest { get; init; }

    /// <summary>The tags.</summary>
    [JsonPropertyName("tags"), JsonPropertyOrder(4)]
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>The versions.</summary>
    [JsonPropertyName("versions"), JsonPropertyOrder(5)]
    public required IReadOnlyList<string> Versions { get; init; }

    /// <summary>The manifests that are deleted, in that order.</summary>
    [JsonPropertyName("manifests"), JsonPropertyOrder(6)]
    public required IReadOnlyList<Digest> Manifests { get; init; }

    /// <summary>The bytes that this frees.</summary>
    [JsonPropertyName("bytes"), JsonPropertyOrder(7)]
    public required long Bytes { get; init; }

    /// <summary>The reason why nothing keeps it.</summary>
    [JsonPropertyName("reason"), JsonPropertyOrder(8)]
    public required string Reason { get; init; }

    /// <summary>The reason why it was kept in the end; null when it was deleted, or the list was not applied.</summary>
    [JsonPropertyName("keptBecause"), JsonPropertyOrder(9)]
    public string? KeptBecause { get; init; }
}

/// <summary>An image that is kept, for programs.</summary>
public sealed record PruningDocumentKept
{
    /// <summary>The place, for people.</summary>
    [JsonPropertyName("place"), JsonPropertyOrder(0)]
    public required string Place { get; init; }

    /// <summary>The repository.</summary>
    [JsonPropertyName("repository"), JsonPropertyOrder(1)]
    public required string Repository { get; init; }

    /// <summary>The digest.</summary>
    [JsonPropertyName("digest"), JsonPropertyOrder(2)]
    public required Digest Digest { get; init; }

    /// <summary>The tags.</summary>
    [JsonPropertyName("tags"), JsonPropertyOrder(3)]
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>The versions.</summary>
    [JsonPropertyName("versions"), JsonPropertyOrder(4)]
    public required IReadOnlyList<string> Versions { get; init; }

    /// <summary>The reasons, the weightiest first.</summary>
    [JsonPropertyName("reasons"), JsonPropertyOrder(5)]
    public required IReadOnlyList<PruningDocumentReason> Reasons { get; init; }
}

/// <summary>A reason for which an image is kept, for programs.</summary>
public sealed record PruningDocumentReason
{
    /// <summary>The kind (<see cref="KeepReasonKind"/>): <c>environment</c>, <c>rollbackTarget</c>.</summary>
    [JsonPropertyName("kind"), JsonPropertyOrder(0)]
    public required string Kind { get; init; }

    /// <summary>The reason.</summary>
    [JsonPropertyName("text"), JsonPropertyOrder(1)]
    public required string Text { get; init; }
}

/// <summary>An error of a deletion, for programs.</summary>
public sealed record PruningDocumentProblem
{
    /// <summary>The code.</summary>
    [JsonPropertyName("code"), JsonPropertyOrder(0)]
    public required string Code { get; init; }

    /// <summary>The problem.</summary>
    [JsonPropertyName("problem"), JsonPropertyOrder(1)]
    public required string Problem { get; init; }

    /// <summary>The remedy.</summary>
    [JsonPropertyName("remedy"), JsonPropertyOrder(2)]
    public required string Remedy { get; init; }
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(DigestJsonConverter)],
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(PruningDocument))]
internal sealed partial class PruningDocumentJson : JsonSerializerContext
{
    /// <summary>The context for writing: characters are not escaped for HTML, because people read the document.</summary>
    public static PruningDocumentJson Writing =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
