using System.Text.Json.Serialization;

namespace Gantry.Azure.KeyVault;

/// <summary>Reads and writes the JSON of Azure Key Vault, without reflection.</summary>
[JsonSourceGenerationOptions(
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = Limits.JsonDepth)]
[JsonSerializable(typeof(KeyBundle))]
[JsonSerializable(typeof(SignRequest))]
[JsonSerializable(typeof(SignResult))]
[JsonSerializable(typeof(VaultErrorBody))]
internal sealed partial class KeyVaultJson : JsonSerializerContext;

/// <summary>A key with what belongs to it.</summary>
internal sealed record KeyBundle
{
    [JsonPropertyName("key")]
    public required VaultKey Key { get; init; }

    [JsonPropertyName("attributes")]
    public KeyAttributes? Attributes { get; init; }
}

/// <summary>A public key as a JWK.</summary>
internal sealed record VaultKey
{
    [JsonPropertyName("kid")]
    public required string Id { get; init; }

    [JsonPropertyName("kty")]
    public required string Type { get; init; }

    [JsonPropertyName("crv")]
    public string? Curve { get; init; }

    [JsonPropertyName("key_ops")]
    public IReadOnlyList<string?>? Operations { get; init; }

    [JsonPropertyName("x")]
    public string? X { get; init; }

    [JsonPropertyName("y")]
    public string? Y { get; init; }
}

/// <summary>The state of a key. Times are seconds since 1970.</summary>
internal sealed record KeyAttributes
{
    [JsonPropertyName("enabled")]
    public bool? Enabled { get; init; }

    [JsonPropertyName("nbf")]
    public long? NotBefore { get; init; }

    [JsonPropertyName("exp")]
    public long? Expires { get; init; }
}

/// <summary>A request for a signature.</summary>
internal sealed record SignRequest
{
    [JsonPropertyName("alg")]
    public required string Algorithm { get; init; }

    [JsonPropertyName("value")]
    public required string Value { get; init; }
}

/// <summary>A signature.</summary>
internal sealed record SignResult
{
    [JsonPropertyName("kid")]
    public required string Id { get; init; }

    [JsonPropertyName("value")]
    public required string Value { get; init; }
}

/// <summary>The body of an error.</summary>
internal sealed record VaultErrorBody
{
    [JsonPropertyName("error")]
    public VaultError? Error { get; init; }
}

/// <summary>The description of the problem.</summary>
internal sealed record VaultError
{
    [JsonPropertyName("code")]
    public string? Code { get; init; }

    [JsonPropertyName("message")]
    public string? Message { get; init; }

    [JsonPropertyName("innererror")]
    public VaultError? Inner { get; init; }
}
