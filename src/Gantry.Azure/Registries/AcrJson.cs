using System.Text.Json.Serialization;

namespace Gantry.Azure.Registries;

/// <summary>Reads the responses of registries, without reflection.</summary>
[JsonSourceGenerationOptions(MaxDepth = 16, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ExchangeAnswer))]
[JsonSerializable(typeof(RegistryErrors))]
[JsonSerializable(typeof(AttributesAnswer))]
internal sealed partial class AzureJson : JsonSerializerContext;

/// <summary>The response to a token exchange.</summary>
internal sealed record ExchangeAnswer
{
    [JsonPropertyName("refresh_token")]
    public string? RefreshToken { get; init; }

    public override string ToString() => nameof(ExchangeAnswer);
}

/// <summary>Errors in the format of registries.</summary>
internal sealed record RegistryErrors
{
    [JsonPropertyName("errors")]
    public IReadOnlyList<RegistryError?>? Errors { get; init; }
}

/// <summary>One error.</summary>
internal sealed record RegistryError
{
    [JsonPropertyName("message")]
    public string? Message { get; init; }
}

/// <summary>The attributes of a tag or a manifest.</summary>
internal sealed record AttributesAnswer
{
    [JsonPropertyName("tag")]
    public AttributesHolder? Tag { get; init; }

    [JsonPropertyName("manifest")]
    public AttributesHolder? Manifest { get; init; }
}

/// <summary>A tag or a manifest.</summary>
internal sealed record AttributesHolder
{
    [JsonPropertyName("changeableAttributes")]
    public ChangeableAttributes? ChangeableAttributes { get; init; }
}

/// <summary>The operations that a tag or a manifest allows.</summary>
internal sealed record ChangeableAttributes
{
    [JsonPropertyName("deleteEnabled")]
    public bool DeleteEnabled { get; init; } = true;

    [JsonPropertyName("writeEnabled")]
    public bool WriteEnabled { get; init; } = true;
}
