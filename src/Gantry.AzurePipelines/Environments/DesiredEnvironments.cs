using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gantry.AzurePipelines.Environments;

/// <summary>
/// The state that the environments of Azure DevOps are to have: the bodies that its REST API is given. What only the organization knows
/// stands there as a reference by name, <c>{identity:…}</c>, <c>{environment:…}</c> or <c>{serviceConnection:…}</c>, for which whoever
/// calls the API puts the id.
/// </summary>
/// <param name="Environments">The environments in the order in which a release passes them.</param>
internal sealed record DesiredEnvironments(IReadOnlyList<DesiredEnvironment> Environments)
{
    private static readonly DesiredEnvironmentsJson Json = new(new JsonSerializerOptions(DesiredEnvironmentsJson.Default.Options)
    {
        // A file for people and for the API, never for a page: 'O+M' reads better than 'O\u002BM'.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The state of declared environments.</summary>
    public static DesiredEnvironments Of(IEnumerable<PipelineEnvironment> environments) => new([.. environments.Select(DesiredEnvironment.Of)]);

    /// <summary>The state as JSON, the same bytes for the same state.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json.DesiredEnvironments) + "\n";
}

/// <summary>The state of one environment.</summary>
/// <param name="Environment">The environment itself.</param>
/// <param name="Checks">Its checks, in the order of its gates.</param>
internal sealed record DesiredEnvironment(EnvironmentBody Environment, IReadOnlyList<CheckConfiguration> Checks)
{
    /// <summary>The state of a declared environment. Gates that the YAML or the promotion itself holds are not in it.</summary>
    public static DesiredEnvironment Of(PipelineEnvironment environment) => new(
        new EnvironmentBody(environment.AzureEnvironment, environment.Description ?? $"Promotions to {environment.Environment.DisplayName}"),
        [.. environment.Environment.Gates.Select(gate => EnvironmentChecks.Of(environment, gate)).OfType<CheckConfiguration>()]);
}

/// <summary>An environment, as the body that the REST API is given.</summary>
/// <param name="Name">The name.</param>
/// <param name="Description">What people read.</param>
internal sealed record EnvironmentBody(string Name, string Description);

/// <summary>References to what only the organization knows.</summary>
internal static class EnvironmentReferences
{
    /// <summary>A user or group: <c>{identity:[Contoso]\Release}</c>.</summary>
    public static string Identity(string name) => $"{{identity:{name}}}";

    /// <summary>An environment of the project.</summary>
    public static string Environment(string name) => $"{{environment:{name}}}";

    /// <summary>A service connection of the project.</summary>
    public static string ServiceConnection(string name) => $"{{serviceConnection:{name}}}";

    /// <summary>The kind and name of a reference, or null for a text that is none.</summary>
    public static (string Kind, string Name)? Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && text.StartsWith('{') && text.EndsWith('}') && text[1..colon] is "identity" or "environment" or "serviceConnection"
            ? (text[1..colon], text[(colon + 1)..^1])
            : null;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(DesiredEnvironments))]
internal sealed partial class DesiredEnvironmentsJson : JsonSerializerContext;
