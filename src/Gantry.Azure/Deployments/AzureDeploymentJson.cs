using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Gantry.Azure.Deployments;

/// <summary>Reads and writes the JSON of App Service and Container Apps, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(SiteConfiguration))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class AzureDeploymentJson : JsonSerializerContext;

/// <summary>
/// The configuration of an App Service site, with only the setting that is needed. A patch leaves all other settings unchanged.
/// </summary>
internal sealed record SiteConfiguration
{
    public SiteProperties? Properties { get; init; }
}

/// <summary>Settings of a site.</summary>
internal sealed record SiteProperties
{
    /// <summary><c>DOCKER|contoso.azurecr.io/app@sha256:…</c>, or the stack of a site without a container.</summary>
    public string? LinuxFxVersion { get; init; }
}
