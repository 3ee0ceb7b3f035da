using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gantry.Azure.Deployments;

/// <summary>
/// A Container App as the service describes it. Kept as JSON: a patch replaces the list of containers as a whole, so all of it goes back
/// as it came, settings included that this program does not know.
/// </summary>
internal sealed class ContainerApp(JsonObject resource)
{
    /// <summary>The containers of the template.</summary>
    public IReadOnlyList<JsonObject> Containers => [.. (resource.At("properties", "template", "containers") as JsonArray ?? []).OfType<JsonObject>()];

    /// <summary>The newest revision.</summary>
    public string? LatestRevision => resource.At("properties", "latestRevisionName").Text();

    /// <summary>Whether no change is under way.</summary>
    public bool IsSettled => resource.At("properties", "provisioningState").Text() == "Succeeded";

    /// <summary>Why the last change failed; null when it did not.</summary>
    public string? Failure => resource.At("properties", "provisioningState").Text() is { } state and ("Failed" or "Canceled") ? $"the app's provisioning state is {state}" : null;

    public static string NameOf(JsonObject container) => container["name"].Text() ?? "";

    public static string? ImageOf(JsonObject container) => container["image"].Text();

    /// <summary>
    /// What makes a new revision of the containers as they are here. The suffix of the last revision is taken away: a second revision
    /// cannot have it.
    /// </summary>
    /// <param name="suffix">A suffix that no revision has; without one, containers that are the same make no new revision.</param>
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

    /// <summary>Whether the traffic is split by hand and none is for this revision.</summary>
    public bool GivesNoTraffic(string revision) =>
        resource.At("properties", "configuration", "activeRevisionsMode").Text() == "Multiple"
        && resource.At("properties", "configuration", "ingress", "traffic") is JsonArray traffic
        && !traffic.OfType<JsonObject>().Any(share =>
            share["weight"] is JsonValue weight && weight.TryGetValue<int>(out var percent) && percent > 0
            && (share["revisionName"].Text() == revision || (share["latestRevision"] is JsonValue latest && latest.TryGetValue<bool>(out var isLatest) && isLatest)));
}

/// <summary>How far a revision is.</summary>
internal sealed record ContainerAppRevision
{
    private IReadOnlyList<string?> Images { get; init; } = [];

    private string? Provisioning { get; init; }

    private string? Health { get; init; }

    private string? Running { get; init; }

    private string? Details { get; init; }

    public static ContainerAppRevision Of(JsonObject? resource) => new()
    {
        Images = [.. (resource?.At("properties", "template", "containers") as JsonArray ?? []).OfType<JsonObject>().Select(ContainerApp.ImageOf)],
        Provisioning = resource?.At("properties", "provisioningState").Text(),
        Health = resource?.At("properties", "healthState").Text(),
        Running = resource?.At("properties", "runningState").Text(),
        Details = resource?.At("properties", "provisioningError").Text() ?? resource?.At("properties", "runningStateDetails").Text(),
    };

    public bool Runs(string image) => Images.Contains(image);

    /// <summary>Where nobody asks for it, an app may have no replica, and none that could be unhealthy.</summary>
    public bool IsHealthy => Provisioning == "Provisioned" && (Health == "Healthy" || Running is "ScaledToZero" or "Scaled to 0");

    public string? Failure => Provisioning == "Failed" || Running is "Failed" or "ActivationFailed" ? Details ?? ToString() : null;

    public override string ToString() => string.Join(", ", new[] { Provisioning, Health, Running, Details }.Where(text => !string.IsNullOrEmpty(text)).DefaultIfEmpty("nothing known of it"));
}

/// <summary>Finds things in JSON that may be missing.</summary>
internal static class JsonNodes
{
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            node = (node as JsonObject)?[name];
        return node;
    }

    public static string? Text(this JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
