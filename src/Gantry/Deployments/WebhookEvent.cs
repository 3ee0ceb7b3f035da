using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gantry.Deployments;

/// <summary>The payload of a push webhook, as Azure Container Registry documents it.</summary>
/// <seealso href="https://learn.microsoft.com/azure/container-registry/container-registry-webhook-reference#push-event">
/// Push event
/// </seealso>
internal sealed record WebhookEvent
{
    /// <summary>The id of the event: the same in every attempt to send it.</summary>
    [JsonPropertyName("id"), JsonPropertyOrder(0)]
    public required Guid Id { get; init; }

    [JsonPropertyName("timestamp"), JsonPropertyOrder(1)]
    public required DateTime Timestamp { get; init; }

    [JsonPropertyName("action"), JsonPropertyOrder(2)]
    public string Action { get; init; } = "push";

    [JsonPropertyName("target"), JsonPropertyOrder(3)]
    public required WebhookTarget Target { get; init; }

    [JsonPropertyName("request"), JsonPropertyOrder(4)]
    public required WebhookRequest Request { get; init; }
}

/// <summary>The image that was pushed.</summary>
internal sealed record WebhookTarget
{
    [JsonPropertyName("mediaType"), JsonPropertyOrder(0)]
    public required string MediaType { get; init; }

    [JsonPropertyName("size"), JsonPropertyOrder(1)]
    public required long Size { get; init; }

    [JsonPropertyName("digest"), JsonPropertyOrder(2)]
    public required string Digest { get; init; }

    /// <summary>The size, the same as <see cref="Size"/>.</summary>
    [JsonPropertyName("length"), JsonPropertyOrder(3)]
    public required long Length { get; init; }

    /// <summary>The repository without its registry.</summary>
    [JsonPropertyName("repository"), JsonPropertyOrder(4)]
    public required string Repository { get; init; }

    [JsonPropertyName("tag"), JsonPropertyOrder(5)]
    public required string Tag { get; init; }
}

/// <summary>The request that pushed the image.</summary>
internal sealed record WebhookRequest
{
    [JsonPropertyName("id"), JsonPropertyOrder(0)]
    public required Guid Id { get; init; }

    /// <summary>The host name of the registry.</summary>
    [JsonPropertyName("host"), JsonPropertyOrder(1)]
    public required string Host { get; init; }

    [JsonPropertyName("method"), JsonPropertyOrder(2)]
    public string Method { get; init; } = "PUT";

    [JsonPropertyName("useragent"), JsonPropertyOrder(3)]
    public string UserAgent { get; init; } = "gantry";
}

/// <summary>Serializes webhook payloads.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(WebhookEvent))]
internal sealed partial class WebhookJson : JsonSerializerContext
{
    /// <summary>The context that does not escape the '+' of media types, which receivers may search for.</summary>
    public static WebhookJson Readable { get; } = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
