using System.Net;
using System.Text.Json.Nodes;

namespace Gantry.Azure.Tests;

/// <summary>
/// Azure Resource Manager with an App Service that has a slot, and a Container App. They keep what they are told; what is not documented
/// for them is a violation.
/// </summary>
/// <seealso href="https://learn.microsoft.com/rest/api/appservice/web-apps/update-configuration">Web Apps, update configuration</seealso>
/// <seealso href="https://learn.microsoft.com/rest/api/containerapps/container-apps/update">Container Apps, update</seealso>
/// <seealso href="https://learn.microsoft.com/rest/api/containerapps/container-apps-revisions/get-revision">Container Apps, get revision</seealso>
internal sealed class FakeHostManager
{
    public const string Site = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/contoso-rg/providers/Microsoft.Web/sites/contoso-prod";
    public const string App = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/contoso-rg/providers/Microsoft.App/containerApps/contoso";
    private const string Operation = "/subscriptions/11111111-2222-3333-4444-555555555555/providers/Microsoft.App/locations/westeurope/containerappOperationStatuses/1";

    private readonly Dictionary<string, JsonNode> _templates = [];
    private int _polls;
    private int _revision = 6;
    private int _lag;
    private string? _next;

    public FakeHostManager(FakeHosts hosts) => hosts.Add("management.azure.com", Answer);

    /// <summary><c>linuxFxVersion</c> of the site and of its slot.</summary>
    public Dictionary<string, string?> Sites { get; } = new() { [""] = "DOCKER|old.azurecr.io/app:1.4.1", ["/slots/staging"] = "DOCKER|old.azurecr.io/app:1.4.1" };

    /// <summary>The app, as a GET tells it.</summary>
    public JsonObject ContainerApp { get; } = JsonNode.Parse("""
        {
          "id": "/subscriptions/…", "name": "contoso", "location": "West Europe",
          "properties": {
            "provisioningState": "Succeeded", "latestRevisionName": "contoso--first", "latestReadyRevisionName": "contoso--first",
            "configuration": { "activeRevisionsMode": "Single", "ingress": { "external": true, "traffic": [{ "weight": 100, "latestRevision": true }] } },
            "template": {
              "revisionSuffix": "first",
              "containers": [
                { "image": "old.azurecr.io/app:1.4.1", "name": "web", "env": [{ "name": "KEY", "secretRef": "key" }], "resources": { "cpu": 0.5, "memory": "1Gi" }, "somethingNew": true },
                { "image": "log:1", "name": "log" }
              ],
              "scale": { "minReplicas": 0 }
            }
          }
        }
        """)!.AsObject();

    /// <summary>What a new revision is, one answer after the other: provisioning, health and running state, and what went wrong.</summary>
    public Queue<(string Provisioning, string Health, string Running, string? Error)> States { get; } = new();

    /// <summary>How often the operation is not yet done when it is asked for.</summary>
    public int PollsNeeded { get; set; }

    /// <summary>Whether the identity may not ask how far an operation is.</summary>
    public bool HidesOperations { get; set; }

    /// <summary>How often the app is read after a change before it has the new revision.</summary>
    public int Lag { get; set; }

    /// <summary>Answers the next requests that change something, instead of the service.</summary>
    public Queue<HttpResponseMessage> Refusals { get; } = new();

    /// <summary>What happens when a request is refused.</summary>
    public Action? Refused { get; set; }

    /// <summary>Whether a site forgets what it was told.</summary>
    public bool Forgets { get; set; }

    /// <summary>The requests that changed something.</summary>
    public List<string> Changes { get; } = [];

    public JsonArray Containers => ContainerApp["properties"]!["template"]!["containers"]!.AsArray();

    public static HttpResponseMessage Refuse(HttpStatusCode status, string code, string message) =>
        FakeHosts.Json(status, new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } }.ToJsonString());

    private HttpResponseMessage Answer(FakeRequest request)
    {
        Assert.StartsWith("Bearer ", request.Header("Authorization"), StringComparison.Ordinal);
        if (request.Method != HttpMethod.Get)
        {
            if (Refusals.TryDequeue(out var refusal))
            {
                Refused?.Invoke();
                return refusal;
            }

            Changes.Add($"{request.Method} {request.Path}");
        }

        if (request.Path.StartsWith(Site + "/", StringComparison.Ordinal) || request.Path == Site)
            return AnswerSite(request, request.Path[Site.Length..]);
        return request.Path.StartsWith(App, StringComparison.Ordinal) ? AnswerApp(request, request.Path[App.Length..])
            : request.Path == Operation ? AnswerOperation()
            : Refuse(HttpStatusCode.NotFound, "ResourceNotFound", $"The Resource '{request.Path}' was not found.");
    }

    private HttpResponseMessage AnswerSite(FakeRequest request, string path)
    {
        Assert.Equal("2024-04-01", request.Query["api-version"]);
        Assert.EndsWith("/config/web", path, StringComparison.Ordinal);
        var slot = path[..^"/config/web".Length];
        if (!Sites.ContainsKey(slot))
            return Refuse(HttpStatusCode.NotFound, "ResourceNotFound", $"The Resource 'Microsoft.Web/sites/contoso-prod{slot}' was not found.");
        if (request.Method == HttpMethod.Get)
            return SiteConfiguration(slot);

        Assert.Equal(HttpMethod.Patch, request.Method);
        Assert.Equal("application/json", request.Header("Content-Type"));
        var body = JsonNode.Parse(request.Body)!.AsObject();
        Assert.Equal(["properties"], body.Select(property => property.Key));
        Assert.Equal(["linuxFxVersion"], body["properties"]!.AsObject().Select(property => property.Key));
        if (!Forgets)
            Sites[slot] = body["properties"]!["linuxFxVersion"]!.GetValue<string>();
        return SiteConfiguration(slot);
    }

    private HttpResponseMessage SiteConfiguration(string slot) => FakeHosts.Json(HttpStatusCode.OK, new JsonObject
    {
        ["id"] = Site + slot + "/config/web",
        ["type"] = "Microsoft.Web/sites/config",
        ["properties"] = new JsonObject { ["linuxFxVersion"] = Sites[slot], ["windowsFxVersion"] = null, ["alwaysOn"] = true },
    }.ToJsonString());

    private HttpResponseMessage AnswerApp(FakeRequest request, string path)
    {
        Assert.Equal("2024-03-01", request.Query["api-version"]);
        var properties = ContainerApp["properties"]!.AsObject();
        var latest = properties["latestRevisionName"]!.GetValue<string>();
        if (path == "/revisions/" + latest)
        {
            Assert.Equal(HttpMethod.Get, request.Method);
            return Revision(latest);
        }

        Assert.Equal("", path);
        if (request.Method == HttpMethod.Get)
        {
            if (_next is not null && _lag-- <= 0)
                Settle(properties);
            return FakeHosts.Json(HttpStatusCode.OK, ContainerApp.ToJsonString());
        }

        Assert.Equal(HttpMethod.Patch, request.Method);
        Assert.Equal("application/json", request.Header("Content-Type"));
        var body = JsonNode.Parse(request.Body)!.AsObject();
        Assert.Equal(["properties"], body.Select(property => property.Key));
        Assert.Equal(["template"], body["properties"]!.AsObject().Select(property => property.Key));
        var before = properties["template"]!.DeepClone();
        Merge(ContainerApp, body);
        var suffix = properties["template"]!["revisionSuffix"]?.GetValue<string>();
        Assert.True(suffix is null || !latest.EndsWith("--" + suffix, StringComparison.Ordinal), "revision with suffix already exists");

        // A template that says nothing new makes no revision.
        var isNew = suffix is not null || WithoutSuffix(before) != WithoutSuffix(properties["template"]!);
        if (isNew)
            _templates[latest] = before;
        _next = !isNew ? latest : suffix is null ? $"contoso--{++_revision:0000000}" : "contoso--" + suffix;
        properties["provisioningState"] = "InProgress";
        _lag = Lag;
        if (_lag == 0)
            Settle(properties);
        _polls = PollsNeeded;
        var response = new HttpResponseMessage(HttpStatusCode.Accepted) { Content = new StringContent("") };
        response.Headers.TryAddWithoutValidation("Location", $"https://management.azure.com{Operation}?api-version=2024-03-01");
        response.Headers.TryAddWithoutValidation("Retry-After", "0");
        return response;
    }

    private void Settle(JsonObject properties)
    {
        properties["latestRevisionName"] = _next;
        properties["provisioningState"] = "Succeeded";
        _next = null;
    }

    private static string WithoutSuffix(JsonNode template)
    {
        var copy = template.DeepClone().AsObject();
        copy.Remove("revisionSuffix");
        return copy.ToJsonString();
    }

    private HttpResponseMessage AnswerOperation()
    {
        if (HidesOperations)
            return Refuse(HttpStatusCode.Forbidden, "AuthorizationFailed", "The client 'x' does not have authorization to perform action 'Microsoft.App/locations/containerappOperationStatuses/read' over scope '/subscriptions/1' or the scope is invalid.");
        if (_polls-- <= 0)
            return FakeHosts.Json(HttpStatusCode.OK, ContainerApp.ToJsonString());
        var response = new HttpResponseMessage(HttpStatusCode.Accepted) { Content = new StringContent("") };
        response.Headers.TryAddWithoutValidation("Location", $"https://management.azure.com{Operation}?api-version=2024-03-01");
        response.Headers.TryAddWithoutValidation("Retry-After", "0");
        return response;
    }

    private HttpResponseMessage Revision(string name)
    {
        var (provisioning, health, running, error) = States.Count > 1 ? States.Dequeue() : States.Count == 1 ? States.Peek() : ("Provisioned", "Healthy", "Running", null);
        return FakeHosts.Json(HttpStatusCode.OK, new JsonObject
        {
            ["name"] = name,
            ["properties"] = new JsonObject
            {
                ["active"] = true,
                ["template"] = _templates.GetValueOrDefault(name, ContainerApp["properties"]!["template"]!).DeepClone(),
                ["provisioningState"] = provisioning,
                ["healthState"] = health,
                ["runningState"] = running,
                ["provisioningError"] = error,
            },
        }.ToJsonString());
    }

    // JSON merge patch (RFC 7396).
    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
                target.Remove(name);
            else if (value is JsonObject inner && target[name] is JsonObject there)
                Merge(there, inner);
            else
                target[name] = value.DeepClone();
        }
    }
}
