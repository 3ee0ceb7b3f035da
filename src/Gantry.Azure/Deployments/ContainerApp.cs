using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gantry.Azure.Deployments;

/// <summary>
/// A Container App as the service describes it. It is kept as JSON, because a patch replaces the whole list of containers: settings that
/// this program does not know must be sent back unchanged.
/// </summary>
internal sealed class ContainerApp(JsonObject resource)
{
    /// <summary>The containers of the template.</summary>
    public IReadOnlyList<JsonObject> Containers =>
        [.. (resource.At("properties", "template", "containers") as JsonArray ?? []).OfType<JsonObject>()];

    /// <summary>The newest revision.</summary>
    public string? LatestRevision => resource.At("properties", "latestRevisionName").Text();

    /// <summary>True when no change is in progress.</summary>
    public bool IsSettled => resource.At("properties", "provisioningState").Text() == "Succeeded";

    /// <summary>The reason why the last change failed, or null.</summary>
    public string? Failure =>
        resource.At("properties", "provisioningState").Text() is { } state and ("Failed" or "Canceled")
            ? $"the app's provisioning state is {state}"
            : null;

    public static string NameOf(JsonObject container) => container["name"].Text() ?? "";

    public static string? ImageOf(JsonObject container) => container["image"].Text();

    /// <summary>
    /// Creates a patch that makes a new revision with the current containers. It removes the suffix of the last revision, because a second
    /// revision cannot have the same one.
    /// </summary>
    /// <param name="suffix">A suffix that no revision has. Without one, unchanged containers do not make a new revision.</param>
    public JsonObject CreatePatch(string? suffix) => new()
    {
        ["properties"] = new JsonObject
        {
            ["template"] = new JsonObject
            {
                ["containers"] = resource.At("properties", "template", "containers")!.DeepClone(),
                ["revisionSuffix"] = suffix,
            },
        },
    };

    /// <summary>True when the traffic is split manually and this revision receives none.</summary>
    public bool GivesNoTraffic(string revision) =>
        resource.At("properties", "configuration", "activeRevisionsMode").Text() == "Multiple"
        && resource.At("properties", "configuration", "ingress", "traffic") is JsonArray traffic
        && !traffic.OfType<JsonObject>().Any(share =>
            share["weight"] is JsonValue weight && weight.TryGetValue<int>(out var percent) && percent > 0
            && (share["revisionName"].Text() == revision
                || (share["latestRevision"] is JsonValue latest && latest.TryGetValue<bool>(out var isLatest) && isLatest)));
}

/// <summary>The state of a revision.</summary>
internal sealed record ContainerAppRevision
{
    private IReadOnlyList<string?> Images { get; init; } = [];

    private string? Provisioning { get; init; }

    private string? Health { get; init; }

    private string? Running { get; init; }

    private string? Details { get; init; }

    public static ContainerAppRevision Of(JsonObject? resource) => new()
    {
        Images =
        [
            .. (resource?.At("properties", "template", "containers") as JsonArray ?? []).OfType<JsonObject>().Select(ContainerApp.ImageOf),
        ],
        Provisioning = resource?.At("properties", "provisioningState").Text(),
        Health = resource?.At("properties", "healthState").Text(),
        Running = resource?.At("properties", "runningState").Text(),
        Details = resource?.At("properties", "provisioningError").Text() ?? resource?.At("properties", "runningStateDetails").Text(),
    };

    public bool Runs(string image) => Images.Contains(image);

    /// <summary>True for a healthy revision. An app that is scaled to zero has no replica that could be unhealthy.</summary>
    public bool IsHealthy => Provisioning == "Provisioned" && (Health == "Healthy" || Running is "ScaledToZero" or "Scaled to 0");

    public string? Failure => Provisioning == "Failed" || Running is "Failed" or "ActivationFailed" ? Details ?? ToString() : null;

    public override string ToString() => string.Join(
        ", ",
        new[] { Provisioning, Health, Running, Details }.Where(text => !string.IsNullOrEmpty(text)).DefaultIfEmpty("no state reported"));
}

/// <summary>Reads JSON nodes that may be missing.</summary>
internal static class JsonNodes
{
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            node = (node as JsonObject)?[name];
        return node;
    }

    public static string? Text(this JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
