using System.Text.Json.Serialization;

namespace Gantry.Azure;

/// <summary>Reads what registries answer, without reflection.</summary>
[JsonSourceGenerationOptions(MaxDepth = 16)]
[JsonSerializable(typeof(ExchangeAnswer))]
[JsonSerializable(typeof(RegistryErrors))]
internal sealed partial class AzureJson : JsonSerializerContext;

/// <summary>The answer to an exchange.</summary>
internal sealed record ExchangeAnswer
{
    [JsonPropertyName("refresh_token")]
    public string? RefreshToken { get; init; }

    public override string ToString() => nameof(ExchangeAnswer);
}

/// <summary>Errors as registries write them.</summary>
internal sealed record RegistryErrors
{
    [JsonPropertyName("errors")]
    public IReadOnlyList<RegistryError>? Errors { get; init; }
}

/// <summary>One error.</summary>
internal sealed record RegistryError
{
    [JsonPropertyName("message")]
    public string? Message { get; init; }
}
