using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gantry.Registries;

/// <summary>The parts of Docker's <c>config.json</c> that are about credentials.</summary>
internal sealed record DockerConfig
{
    [JsonPropertyName("auths")]
    public IReadOnlyDictionary<string, DockerConfigEntry?>? Entries { get; init; }

    [JsonPropertyName("credHelpers")]
    public IReadOnlyDictionary<string, string?>? CredentialHelpers { get; init; }

    [JsonPropertyName("credsStore")]
    public string? CredentialStore { get; init; }

    /// <summary>
    /// Parses a file. Returns null for one without content, which Docker accepts, too; throws <see cref="JsonException"/> when it is
    /// malformed.
    /// </summary>
    public static DockerConfig? Parse(string text) =>
        string.IsNullOrWhiteSpace(text) ? null : JsonSerializer.Deserialize(text, DockerConfigJson.Default.DockerConfig);
}

/// <summary>The credentials that are stored for one registry.</summary>
internal sealed record DockerConfigEntry
{
    [JsonPropertyName("auth")]
    public string? Auth { get; init; }

    [JsonPropertyName("username")]
    public string? UserName { get; init; }

    [JsonPropertyName("password")]
    public string? Password { get; init; }

    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; init; }

    /// <summary>Returns a text without the secret.</summary>
    public override string ToString() => "entry of Docker's configuration";
}

/// <summary>The answer of a credential helper.</summary>
/// <seealso href="https://github.com/docker/docker-credential-helpers#development">docker-credential-helpers</seealso>
internal sealed record CredentialHelperResponse
{
    [JsonPropertyName("Username")]
    public string? UserName { get; init; }

    [JsonPropertyName("Secret")]
    public string? Secret { get; init; }

    /// <summary>Returns a text without the secret.</summary>
    public override string ToString() => "answer of a credential helper";
}

/// <summary>What a credential helper stores.</summary>
internal sealed record StoredCredential
{
    [JsonPropertyName("ServerURL"), JsonPropertyOrder(0)]
    public required string ServerUrl { get; init; }

    [JsonPropertyName("Username"), JsonPropertyOrder(1)]
    public required string UserName { get; init; }

    [JsonPropertyName("Secret"), JsonPropertyOrder(2)]
    public required string Secret { get; init; }

    /// <summary>Returns a text without the secret.</summary>
    public override string ToString() => "credential for a helper";
}

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DockerConfig))]
[JsonSerializable(typeof(CredentialHelperResponse))]
[JsonSerializable(typeof(StoredCredential))]
internal sealed partial class DockerConfigJson : JsonSerializerContext;
