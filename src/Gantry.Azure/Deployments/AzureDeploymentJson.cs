using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Gantry.Azure.Deployments;

/// <summary>Writes and reads what hosts are told and answer, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SiteConfiguration))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class AzureDeploymentJson : JsonSerializerContext;

/// <summary>The configuration of an App Service site: of its many settings, the one that is needed. What a patch leaves out stays.</summary>
internal sealed record SiteConfiguration
{
    public SiteProperties? Properties { get; init; }
}

/// <summary>Settings of a site.</summary>
internal sealed record SiteProperties
{
    /// <summary><c>DOCKER|contoso.azurecr.io/app@sha256:…</c>, or the stack that a site without a container runs.</summary>
    public string? LinuxFxVersion { get; init; }
}
