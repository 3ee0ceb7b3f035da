using System.Text.Json.Serialization;

namespace Gantry.Registries.Remote;

/// <summary>Serializes the answers of registries and token servers, without reflection.</summary>
[JsonSourceGenerationOptions(
    MaxDepth = 32,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(TagList))]
[JsonSerializable(typeof(ErrorList))]
internal sealed partial class RegistryJson : JsonSerializerContext;

/// <summary>The answer to <c>tags/list</c>.</summary>
internal sealed record TagList([property: JsonPropertyName("tags")] IReadOnlyList<string?>? Tags);

/// <summary>The answer to a request that was refused.</summary>
internal sealed record ErrorList([property: JsonPropertyName("errors")] IReadOnlyList<ErrorEntry?>? Errors = null);

/// <summary>One error in the answer.</summary>
internal sealed record ErrorEntry(
    [property: JsonPropertyName("code")] string? Code = null,
    [property: JsonPropertyName("message")] string? Message = null);
