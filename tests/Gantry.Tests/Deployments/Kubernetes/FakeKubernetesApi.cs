using System.Text.Json.Nodes;
using Gantry.Testing;
using Microsoft.AspNetCore.Http;

namespace Gantry.Tests.Deployments.Kubernetes;

/// <summary>The part of the Kubernetes API that kubectl needs to read, set and watch one deployment. It refuses everything else.</summary>
internal sealed class FakeKubernetesApi : IAsyncDisposable
{
    private const string Collection = "/apis/apps/v1/namespaces/shop/deployments";
    private readonly TempFolder _folder = new();
    private readonly JsonNode _deployment = JsonNode.Parse("""
        {
          "apiVersion": "apps/v1", "kind": "Deployment",
          "metadata": { "name": "app", "namespace": "shop", "generation": 1, "resourceVersion": "1", "uid": "1" },
          "spec": {
            "replicas": 1, "selector": { "matchLabels": { "app": "app" } },
            "template": {
              "metadata": { "labels": { "app": "app" } },
              "spec": { "initContainers": [{ "name": "migrate", "image": "old.azurecr.io/app:1.4.1" }], "containers": [{ "name": "log", "image": "log:1" }, { "name": "web", "image": "old.azurecr.io/app:1.4.1" }] }
            }
          },
          "status": { "observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "availableReplicas": 1, "readyReplicas": 1 }
        }
        """)!;

    private LoopbackServer _server = null!;

    /// <summary>Gets the program to start as kubectl: a script with its own configuration and home folder.</summary>
    public string Program { get; private set; } = "";

    /// <summary>The status with which every request for deployments is refused; null refuses none.</summary>
    public int? Refusal { get; set; }

    /// <summary>Gets the bodies of the accepted patches.</summary>
    public List<string> Patches { get; } = [];

    /// <summary>Gets the status of the deployment.</summary>
    public JsonNode Status => _deployment["status"]!;

    /// <summary>True when a rollout gets stuck.</summary>
    public bool Stuck { get; set; }

    public static async Task<FakeKubernetesApi> StartAsync()
    {
        var cluster = new FakeKubernetesApi();
        cluster._server = await LoopbackServer.StartAsync(cluster.AnswerAsync);
        cluster.Configure(cluster._server.Address.ToString());
        return cluster;
    }

    public string ImageOf(string container, string list = "containers") =>
        Containers(list).Single(node => (string?)node!["name"] == container)!["image"]!.GetValue<string>();

    /// <summary>Makes kubectl use another address of the cluster.</summary>
    public void Configure(string address)
    {
        _folder.Write("config", System.Text.Encoding.UTF8.GetBytes($$"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: aks
              cluster: { server: "{{address}}" }
            users:
            - name: build
              user: { token: t }
            contexts:
            - name: aks-prod
              context: { cluster: aks, user: build }
            """));
        Program = _folder.WriteScript(
            "kubectl",
            $"HOME='{_folder.Path}' KUBECONFIG='{_folder.Combine("config")}' exec '{RequiredProgram.Kubectl.RequirePath()}' \"$@\"");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private JsonArray Containers(string list) => _deployment["spec"]!["template"]!["spec"]![list]!.AsArray();

    private Task AnswerAsync(HttpContext context, ReceivedRequest request)
    {
        var path = context.Request.Path.Value!;
        return (request.Method, path) switch
        {
            ("GET", "/api") => WriteAsync(context, """{"kind":"APIVersions","versions":["v1"]}"""),
            ("GET", "/apis") => WriteAsync(context, """
                {"kind":"APIGroupList","apiVersion":"v1","groups":[{"name":"apps","versions":[{"groupVersion":"apps/v1","version":"v1"}],"preferredVersion":{"groupVersion":"apps/v1","version":"v1"}}]}
                """),
            ("GET", "/api/v1") => WriteAsync(context, """{"kind":"APIResourceList","groupVersion":"v1","resources":[]}"""),
            ("GET", "/apis/apps/v1") => WriteAsync(context, """
                {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"apps/v1","resources":[{"name":"deployments","singularName":"deployment","namespaced":true,"kind":"Deployment","verbs":["get","list","patch","watch"]}]}
                """),
            _ when Refusal is { } status => RefuseAsync(
                context,
                status,
                status == 403 ? "Forbidden" : "ServiceUnavailable",
                "deployments.apps \"app\" is forbidden: User \"build\" cannot get resource \"deployments\""),
            ("GET", Collection + "/app") => WriteAsync(context, _deployment.ToJsonString()),
            ("PATCH", Collection + "/app") => PatchAsync(context, request),
            ("GET", Collection) when context.Request.Query["fieldSelector"] == "metadata.name=app" => ListAsync(context),
            _ => RefuseAsync(context, 404, "NotFound", $"{path} not found"),
        };
    }

    private Task PatchAsync(HttpContext context, ReceivedRequest request)
    {
        if (context.Request.ContentType != "application/strategic-merge-patch+json")
            return RefuseAsync(context, 415, "UnsupportedMediaType", context.Request.ContentType ?? "");
        Patches.Add(request.Body);
        foreach (var list in new[] { "containers", "initContainers" })
        {
            foreach (var patch in JsonNode.Parse(request.Body)!["spec"]!["template"]!["spec"]![list]?.AsArray() ?? [])
                Containers(list)
                    .Single(node => (string?)node!["name"] == (string?)patch!["name"])!["image"] = patch!["image"]!.GetValue<string>();
        }

        if (Stuck)
            _deployment["status"]!["conditions"] = JsonNode.Parse(
                """[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded"}]""");
        return WriteAsync(context, _deployment.ToJsonString());
    }

    // A watch reports no further changes.
    private async Task ListAsync(HttpContext context)
    {
        if (context.Request.Query.ContainsKey("watch"))
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }

        await WriteAsync(
            context,
            $$"""{"kind":"DeploymentList","apiVersion":"apps/v1","metadata":{"resourceVersion":"1"},"items":[{{_deployment.ToJsonString()}}]}""");
    }

    private static Task WriteAsync(HttpContext context, string body) => new LoopbackResponse(200, body).WriteAsync(context);

    private static Task RefuseAsync(HttpContext context, int status, string reason, string message) =>
        new LoopbackResponse(status, new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["status"] = "Failure",
            ["reason"] = reason,
            ["message"] = message,
            ["code"] = status,
        }.ToJsonString()).WriteAsync(context);
}
