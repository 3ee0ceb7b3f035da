using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gantry.AzurePipelines.Environments;

/// <summary>
/// The desired state of the environments of Azure DevOps, as request bodies for its REST API. Ids that only the organization knows are
/// written as references by name, <c>{identity:…}</c>, <c>{environment:…}</c> or <c>{serviceConnection:…}</c>; the caller of the API
/// replaces them with ids.
/// </summary>
/// <param name="Environments">The environments in promotion order.</param>
internal sealed record DesiredEnvironments(IReadOnlyList<DesiredEnvironment> Environments)
{
    private static readonly DesiredEnvironmentsJson Json = new(new JsonSerializerOptions(DesiredEnvironmentsJson.Default.Options)
    {
        // The file is for people and for the API, not for a web page: 'O+M' is easier to read than 'O\u002BM'.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Creates the desired state of declared environments.</summary>
    public static DesiredEnvironments Of(IEnumerable<PipelineEnvironment> environments) =>
        new([.. environments.Select(DesiredEnvironment.Of)]);

    /// <summary>Returns the state as JSON, with the same bytes for the same state.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json.DesiredEnvironments) + "\n";
}

/// <summary>The desired state of one environment.</summary>
/// <param name="Environment">The environment itself.</param>
/// <param name="Checks">Its checks, in the order of its gates.</param>
internal sealed record DesiredEnvironment(EnvironmentBody Environment, IReadOnlyList<CheckConfiguration> Checks)
{
    /// <summary>
    /// Creates the desired state of a declared environment, without gates that are part of the YAML or of the promotion itself.
    /// </summary>
    public static DesiredEnvironment Of(PipelineEnvironment environment) => new(
        new EnvironmentBody(
            environment.AzureEnvironment, environment.Description ?? $"Promotions to {environment.Environment.DisplayName}"),
        [.. environment.EffectiveGates.Select(gate => EnvironmentChecks.Of(environment, gate)).OfType<CheckConfiguration>()]);
}

/// <summary>An environment, as the request body for the REST API.</summary>
/// <param name="Name">The name.</param>
/// <param name="Description">The description for people.</param>
internal sealed record EnvironmentBody(string Name, string Description);

/// <summary>References to objects whose ids only the organization knows.</summary>
internal static class EnvironmentReferences
{
    /// <summary>Creates a reference to a user or group: <c>{identity:[Contoso]\Release}</c>.</summary>
    public static string Identity(string name) => $"{{identity:{name}}}";

    /// <summary>Creates a reference to an environment of the project.</summary>
    public static string Environment(string name) => $"{{environment:{name}}}";

    /// <summary>Creates a reference to a service connection of the project.</summary>
    public static string ServiceConnection(string name) => $"{{serviceConnection:{name}}}";

    /// <summary>Parses the kind and name of a reference. Returns null for a text that is not a reference.</summary>
    public static (string Kind, string Name)? Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            && text.StartsWith('{')
            && text.EndsWith('}')
            && text[1..colon] is "identity" or "environment" or "serviceConnection"
                ? (text[1..colon], text[(colon + 1)..^1])
                : null;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(DesiredEnvironments))]
internal sealed partial class DesiredEnvironmentsJson : JsonSerializerContext;
