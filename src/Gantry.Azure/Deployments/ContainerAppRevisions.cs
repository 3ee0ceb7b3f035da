using System.Globalization;
using System.Text.Json.Nodes;
using Gantry.Azure.ResourceManager;
using Gantry.Deployments;

namespace Gantry.Azure.Deployments;

/// <summary>Reads the revisions of a Container App, and which image each of them runs.</summary>
/// <seealso href="https://learn.microsoft.com/rest/api/containerapps/container-apps-revisions/list-revisions">
/// Container Apps, list revisions
/// </seealso>
internal static class ContainerAppRevisions
{
    /// <summary>Lists all revisions of an app.</summary>
    /// <param name="client">The client.</param>
    /// <param name="app">The app.</param>
    /// <param name="apiVersion">The version of the API.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<IReadOnlyList<JsonObject>> ListAsync(
        ArmClient client, ContainerAppDeployment app, string apiVersion, CancellationToken cancellationToken)
    {
        var what = $"listing the revisions of the {app.Description}";
        var page = await client.FindAsync(
            $"{app.ResourceId}/revisions", apiVersion, AzureDeploymentJson.Default.JsonObject, what, cancellationToken)
            ?? throw ArmErrors.NotFound(what, "there is no such app");
        var revisions = new List<JsonObject>();
        for (var number = 1; ; number++)
        {
            revisions.AddRange((page["value"] as JsonArray ?? []).OfType<JsonObject>());
            if (page["nextLink"].Text() is not { Length: > 0 } next)
                return revisions;
            if (number == Limits.RevisionPages)
                throw AzureDeploymentErrors.TooManyRevisions(app.Description, revisions.Count);
            page = (await client.FollowAsync(next, what, cancellationToken)).EnsureSuccess().Read(AzureDeploymentJson.Default.JsonObject);
        }
    }

    /// <summary>Returns the images of a container in the revisions that serve.</summary>
    /// <param name="revisions">All revisions.</param>
    /// <param name="container">The name of the container.</param>
    public static IReadOnlyList<HostImage> ImagesOf(IReadOnlyList<JsonObject> revisions, string container)
    {
        var active = revisions.Where(IsActive).ToList();
        var serving = active.Where(revision => Weight(revision) > 0).ToList();

        // An app without ingress has no traffic, and runs all of its active revisions.
        return [.. (serving.Count > 0 ? serving : active).Select(revision => ImageOf(revision, container)).OfType<HostImage>()];
    }

    private static HostImage? ImageOf(JsonObject revision, string container)
    {
        var image = (revision.At("properties", "template", "containers") as JsonArray ?? [])
            .OfType<JsonObject>()
            .Where(each => ContainerApp.NameOf(each) == container)
            .Select(ContainerApp.ImageOf)
            .FirstOrDefault();
        return image is null ? null : new HostImage(image)
        {
            Part = $"revision {revision["name"].Text()}",
            Since = DateTimeOffset.TryParse(
                revision.At("properties", "createdTime").Text(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time
                : null,
        };
    }

    private static bool IsActive(JsonObject revision) =>
        revision.At("properties", "active") is JsonValue value && value.TryGetValue<bool>(out var active) && active;

    private static int Weight(JsonObject revision) =>
        revision.At("properties", "trafficWeight") is JsonValue value && value.TryGetValue<int>(out var weight) ? weight : 0;
}
