using System.Net;
using System.Text.Json.Nodes;

namespace Gantry.Azure.Tests.Fakes;

/// <summary>
/// An imitation of Azure Resource Manager with an App Service that has a slot, and a Container App. They keep their settings; a request
/// that is not documented for them is a violation.
/// </summary>
/// <seealso href="https://learn.microsoft.com/rest/api/appservice/web-apps/update-configuration">Web Apps, update configuration</seealso>
/// <seealso href="https://learn.microsoft.com/rest/api/containerapps/container-apps/update">Container Apps, update</seealso>
/// <seealso href="https://learn.microsoft.com/rest/api/containerapps/container-apps-revisions/get-revision">
/// Container Apps, get revision
/// </seealso>
/// <seealso href="https://learn.microsoft.com/rest/api/containerapps/container-apps-revisions/list-revisions">
/// Container Apps, list revisions
/// </seealso>
internal sealed class FakeAppResourceManager
{
    public const string Site =
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/contoso-rg/providers/Microsoft.Web/sites/contoso-prod";
    public const string App =
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/contoso-rg/providers/Microsoft.App/containerApps/contoso";
    private const string Operation =
        "/subscriptions/11111111-2222-3333-4444-555555555555/providers/Microsoft.App/locations/westeurope/containerappOperationStatuses/1";

    private readonly Dictionary<string, JsonNode> _templates = [];
    private int _polls;
    private int _revision = 6;
    private int _lag;
    private string? _next;

    public FakeAppResourceManager(FakeHttpHosts hosts) => hosts.Add("management.azure.com", Answer);

    /// <summary>Gets <c>linuxFxVersion</c> of the site and of its slot.</summary>
    public Dictionary<string, string?> Sites { get; } = new()
    {
        [""] = "DOCKER|old.azurecr.io/app:1.4.1",
        ["/slots/staging"] = "DOCKER|old.azurecr.io/app:1.4.1",
    };

    /// <summary>Gets the app as a GET returns it.</summary>
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

    /// <summary>Gets the states of a new revision, one for each answer: provisioning, health, running state and error.</summary>
    public Queue<(string Provisioning, string Health, string Running, string? Error)> States { get; } = new();

    /// <summary>The number of polls until the operation is done.</summary>
    public int PollsNeeded { get; set; }

    /// <summary>True when the identity may not read the status of an operation.</summary>
    public bool DeniesOperationStatus { get; set; }

    /// <summary>The number of reads after a change before the app shows the new revision.</summary>
    public int ReadsUntilNewRevision { get; set; }

    /// <summary>Gets the revisions that a list has, page by page; when empty, the latest one alone.</summary>
    public List<JsonObject[]> RevisionPages { get; } = [];

    /// <summary>Gets the answers that the next changing requests get instead of the real ones.</summary>
    public Queue<HttpResponseMessage> Refusals { get; } = new();

    /// <summary>Called when a request is refused.</summary>
    public Action? OnRefused { get; set; }

    /// <summary>True when a site accepts changes and ignores them.</summary>
    public bool IgnoresChanges { get; set; }

    /// <summary>Gets the requests that changed something.</summary>
    public List<string> Changes { get; } = [];

    public JsonArray Containers => ContainerApp["properties"]!["template"]!["containers"]!.AsArray();

    public static HttpResponseMessage Refuse(HttpStatusCode status, string code, string message) =>
        FakeHttpHosts.Json(status, new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } }.ToJsonString());

    private HttpResponseMessage Answer(FakeRequest request)
    {
        Assert.StartsWith("Bearer ", request.Header("Authorization"), StringComparison.Ordinal);
        if (request.Method != HttpMethod.Get)
        {
            if (Refusals.TryDequeue(out var refusal))
            {
                OnRefused?.Invoke();
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
            return Refuse(
                HttpStatusCode.NotFound, "ResourceNotFound", $"The Resource 'Microsoft.Web/sites/contoso-prod{slot}' was not found.");
        if (request.Method == HttpMethod.Get)
            return SiteConfiguration(slot);

        Assert.Equal(HttpMethod.Patch, request.Method);
        Assert.Equal("application/json", request.Header("Content-Type"));
        var body = JsonNode.Parse(request.Body)!.AsObject();
        Assert.Equal(["properties"], body.Select(property => property.Key));
        Assert.Equal(["linuxFxVersion"], body["properties"]!.AsObject().Select(property => property.Key));
        if (!IgnoresChanges)
            Sites[slot] = body["properties"]!["linuxFxVersion"]!.GetValue<string>();
        return SiteConfiguration(slot);
    }

    private HttpResponseMessage SiteConfiguration(string slot) => FakeHttpHosts.Json(HttpStatusCode.OK, new JsonObject
    {
        ["id"] = Site + slot + "/config/web",
        ["type"] = "Microsoft.Web/sites/config",
        ["properties"] = new JsonObject { ["linuxFxVersion"] = Sites[slot], ["windowsFxVersion"] = null, ["alwaysOn"] = true },
    }.ToJsonString());

    private HttpResponseMessage AnswerApp(FakeRequest request, string path)
    {
        Assert.Equal("2024-03-01", request.Query["api-version"]);
        if (path == "/revisions")
        {
            Assert.Equal(HttpMethod.Get, request.Method);
            return AnswerRevisions(request);
        }

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
            return FakeHttpHosts.Json(HttpStatusCode.OK, ContainerApp.ToJsonString());
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

        // An unchanged template creates no revision.
        var isNew = suffix is not null || WithoutSuffix(before) != WithoutSuffix(properties["template"]!);
        if (isNew)
            _templates[latest] = before;
        _next = !isNew ? latest : suffix is null ? $"contoso--{++_revision:0000000}" : "contoso--" + suffix;
        properties["provisioningState"] = "InProgress";
        _lag = ReadsUntilNewRevision;
        if (_lag == 0)
            Settle(properties);
        _polls = PollsNeeded;
        var response = new HttpResponseMessage(HttpStatusCode.Accepted) { Content = new StringContent("") };
        response.Headers.TryAddWithoutValidation("Location", $"https://management.azure.com{Operation}?api-version=2024-03-01");
        response.Headers.TryAddWithoutValidation("Retry-After", "0");
        return response;
    }

    /// <summary>Creates a revision as a list has it.</summary>
    public static JsonObject Listed(
        string name, string image, int? weight, bool active = true, string created = "2026-01-02T03:04:05+00:00") =>
        new()
        {
            ["name"] = name,
            ["type"] = "Microsoft.App/containerApps/revisions",
            ["properties"] = new JsonObject
            {
                ["active"] = active,
                ["createdTime"] = created,
                ["trafficWeight"] = weight,
                ["template"] = new JsonObject
                {
                    ["containers"] = new JsonArray(
                        new JsonObject { ["name"] = "log", ["image"] = "log:1" }, new JsonObject { ["name"] = "web", ["image"] = image }),
                },
            },
        };

    private HttpResponseMessage AnswerRevisions(FakeRequest request)
    {
        var latest = ContainerApp["properties"]!["latestRevisionName"]!.GetValue<string>();
        JsonObject[][] pages = RevisionPages.Count > 0
            ? [.. RevisionPages]
            : [[Listed(latest, (string)Containers.Single(each => (string?)each!["name"] == "web")!["image"]!, weight: 100)]];
        var page = int.Parse(request.Query.GetValueOrDefault("$skiptoken", "0"), System.Globalization.CultureInfo.InvariantCulture);
        var list = new JsonObject { ["value"] = new JsonArray([.. pages[page].Select(revision => revision.DeepClone())]) };
        if (page + 1 < pages.Length)
            list["nextLink"] = $"https://management.azure.com{App}/revisions?api-version=2024-03-01&$skiptoken={page + 1}";
        return FakeHttpHosts.Json(HttpStatusCode.OK, list.ToJsonString());
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
        if (DeniesOperationStatus)
            return Refuse(
                HttpStatusCode.Forbidden,
                "AuthorizationFailed",
                "The client 'x' does not have authorization to perform action 'Microsoft.App/locations/containerappOperationStatuses/read' "
                    + "over scope '/subscriptions/1' or the scope is invalid.");
        if (_polls-- <= 0)
            return FakeHttpHosts.Json(HttpStatusCode.OK, ContainerApp.ToJsonString());
        var response = new HttpResponseMessage(HttpStatusCode.Accepted) { Content = new StringContent("") };
        response.Headers.TryAddWithoutValidation("Location", $"https://management.azure.com{Operation}?api-version=2024-03-01");
        response.Headers.TryAddWithoutValidation("Retry-After", "0");
        return response;
    }

    private HttpResponseMessage Revision(string name)
    {
        var (provisioning, health, running, error) =
            States.Count > 1 ? States.Dequeue() : States.Count == 1 ? States.Peek() : ("Provisioned", "Healthy", "Running", null);
        return FakeHttpHosts.Json(HttpStatusCode.OK, new JsonObject
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
