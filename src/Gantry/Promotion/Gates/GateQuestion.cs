using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Oci;

namespace Gantry.Promotion.Gates;

/// <summary>The question of a gate to an HTTP endpoint: may this release go to this environment?</summary>
internal sealed record GateQuestion
{
    [JsonPropertyName("schema"), JsonPropertyOrder(0)]
    public int Schema { get; init; } = 1;

    [JsonPropertyName("environment"), JsonPropertyOrder(1)]
    public required string Environment { get; init; }

    [JsonPropertyName("release"), JsonPropertyOrder(2)]
    public required string Release { get; init; }

    [JsonPropertyName("commit"), JsonPropertyOrder(3)]
    public required string Commit { get; init; }

    [JsonPropertyName("branch"), JsonPropertyOrder(4)]
    public string? Branch { get; init; }

    [JsonPropertyName("images"), JsonPropertyOrder(5)]
    public required IReadOnlyList<GateQuestionImage> Images { get; init; }

    public static GateQuestion Of(PromotionRequest request) => new()
    {
        Environment = request.Environment.Name,
        Release = request.Release.Version,
        Commit = request.Release.Commit,
        Branch = request.Release.Branch,
        Images = [.. request.Release.Images.Select(image => new GateQuestionImage { Name = image.Name, Digest = image.Digest })],
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, GateQuestionJson.Writing.GateQuestion);
}

/// <summary>An image of the release.</summary>
internal sealed record GateQuestionImage
{
    [JsonPropertyName("name"), JsonPropertyOrder(0)]
    public required string Name { get; init; }

    [JsonPropertyName("digest"), JsonPropertyOrder(1)]
    public required Digest Digest { get; init; }
}

/// <summary>The answer of the endpoint: these two properties, and no other one that could say something else.</summary>
internal sealed record GateAnswer
{
    [JsonPropertyName("holds"), JsonPropertyOrder(0)]
    public required bool Holds { get; init; }

    [JsonPropertyName("reason"), JsonPropertyOrder(1)]
    public required string Reason { get; init; }

    /// <summary>Parses an answer strictly; returns null when it is none.</summary>
    public static GateAnswer? TryRead(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, GateQuestionJson.Default.GateAnswer) is { } answer
                && !string.IsNullOrWhiteSpace(answer.Reason) ? answer : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters = [typeof(DigestJsonConverter), typeof(NonNullListJsonConverter<GateQuestionImage>)],
    MaxDepth = 16)]
[JsonSerializable(typeof(GateQuestion))]
[JsonSerializable(typeof(GateQuestionImage))]
[JsonSerializable(typeof(GateAnswer))]
internal sealed partial class GateQuestionJson : JsonSerializerContext
{
    /// <summary>The context for writing: characters are not escaped for HTML.</summary>
    public static GateQuestionJson Writing =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
