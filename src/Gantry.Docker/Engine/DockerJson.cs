using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Oci;

namespace Gantry.Docker.Engine;

/// <summary>Reads Docker's own documents, without reflection.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 32)]
[JsonSerializable(typeof(ClientConfiguration))]
[JsonSerializable(typeof(ContextMetadata))]
[JsonSerializable(typeof(EngineError))]
[JsonSerializable(typeof(EngineMessage))]
[JsonSerializable(typeof(Platform))]
[JsonSerializable(typeof(Dictionary<string, RegistryAuthentication>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class DockerJson : JsonSerializerContext;

/// <summary>The part of <c>config.json</c> that is read here; credentials are not.</summary>
internal sealed record ClientConfiguration
{
    [JsonPropertyName("currentContext")]
    public string? CurrentContext { get; init; }
}

/// <summary>The part of a context's <c>meta.json</c> that is read here.</summary>
internal sealed record ContextMetadata
{
    [JsonPropertyName("Endpoints")]
    public IReadOnlyDictionary<string, ContextEndpoint?>? Endpoints { get; init; }
}

/// <summary>One endpoint of a context.</summary>
internal sealed record ContextEndpoint
{
    [JsonPropertyName("Host")]
    public string? Host { get; init; }

    [JsonPropertyName("SkipTLSVerify")]
    public bool SkipTlsVerify { get; init; }
}

/// <summary>The body of an engine's error.</summary>
internal sealed record EngineError
{
    [JsonPropertyName("message")]
    public string? Message { get; init; }
}

/// <summary>One line of the engine's output during a build.</summary>
internal sealed record EngineMessage
{
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    [JsonPropertyName("aux")]
    public JsonElement? Aux { get; init; }

    [JsonPropertyName("error")]
    public string? Error { get; init; }
}

/// <summary>A credential in the form that the engine's API accepts.</summary>
internal sealed record RegistryAuthentication
{
    [JsonPropertyName("username")]
    public string? UserName { get; init; }

    [JsonPropertyName("password")]
    public string? Password { get; init; }

    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; init; }

    public override string ToString() => nameof(RegistryAuthentication);
}
