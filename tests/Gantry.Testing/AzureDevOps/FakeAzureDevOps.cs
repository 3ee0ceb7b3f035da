using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gantry.Testing.AzureDevOps;

/// <summary>
/// An imitation of Azure DevOps on a loopback port, for environments, checks, permissions, previews and work items: it keeps its state,
/// answers in pages, and accepts only documented requests. It proves nothing about the service, only about the requests to it.
/// </summary>
public sealed class FakeAzureDevOps : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Lock _lock = new();

    private FakeAzureDevOps(WebApplication application) => _application = application;

    public FakeProject Project { get; } = new();

    /// <summary>Gets the address of the organization.</summary>
    public string Organization { get; private set; } = "";

    public string ProjectName => "Shop";

    public string Token { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The number of items on a page.</summary>
    public int PageSize { get; set; } = 2;

    /// <summary>Gets every accepted request that changed something: <c>POST environments</c>.</summary>
    public ConcurrentQueue<string> Writes { get; } = new();

    /// <summary>Gets every request with its query.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Gets the messages with which every preview is refused.</summary>
    public List<string> PreviewFaults { get; } = [];

    /// <summary>Answers in place of the service; returns false to let the service answer.</summary>
    public Func<HttpContext, Task<bool>>? Intercept { get; set; }

    /// <summary>Called after every request that changed something.</summary>
    public Action<string>? OnWritten { get; set; }

    public static async Task<FakeAzureDevOps> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var fake = new FakeAzureDevOps(builder.Build());
        fake._application.Run(fake.HandleAsync);
        await fake._application.StartAsync();
        fake.Organization =
            fake._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()
            + "/contoso/";
        return fake;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        if (Intercept is { } interrupt && await interrupt(context))
            return;

        var node = context.Request.ContentLength > 0 ? await ReadAsync(context) : null;
        try
        {
            Authenticate(context);
            JsonNode? answer;
            lock (_lock)
                answer = Route(context, node);
            if (context.Request.Method is not "GET" && !IsQuestion(context.Request.Path.Value!))
            {
                var written = $"{context.Request.Method} {string.Join('/', context.Request.Path.Value!.Split('/')[4..])}";
                Writes.Enqueue(written);
                OnWritten?.Invoke(written);
            }

            await WriteAsync(context, answer is null ? 204 : 200, answer);
        }
        catch (RefusedRequestException refusal)
        {
            await WriteAsync(context, refusal.Status, refusal.ToJson());
        }
    }

    private static bool IsQuestion(string path) =>
        path.EndsWith("/preview", StringComparison.Ordinal) || path.EndsWith("/wiql", StringComparison.Ordinal);

    private void Authenticate(HttpContext context)
    {
        var given = context.Request.Headers.Authorization.ToString();
        var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(":" + Token));
        if (given != basic && given != "Bearer " + Token)
            throw new RefusedRequestException(
                401,
                "UnauthorizedException",
                "TF400813: The user '' is not authorized to access this resource.");
    }

    private JsonNode? Route(HttpContext context, JsonNode? body)
    {
        var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var method = context.Request.Method;
        if (path is not ["contoso", ..])
            throw new RefusedRequestException(404, "HostNotFoundException", "no such organization");
        if (path is [_, "_apis", "identities"] && method == "GET")
            return new ProjectRoutes(Project, context, PageSize).Identities();
        if (path is [_, var ofProject, "_apis", "git", "repositories", var repository] && method == "GET")
            return new ProjectRoutes(Project, context, PageSize).GitRepository(ofProject, repository);
        if (path.Length < 3 || path[1] != ProjectName)
            throw new RefusedRequestException(
                404,
                "ProjectDoesNotExistWithNameException",
                $"TF200016: The following project does not exist: {path.ElementAtOrDefault(1)}.");
        if (path[2] != "_apis")
            throw new RefusedRequestException(404, "ControllerNotFoundException", "not an API");

        if (path is [_, _, _, "wit", ..])
            return RouteToBoards(context, method, path[4..], body);
        if (context.Request.ContentType?.StartsWith("application/json-patch", StringComparison.Ordinal) == true)
            throw new RefusedRequestException(415, "VssRequestContentTypeNotSupportedException", "only for work items");
        var routes = new ProjectRoutes(Project, context, PageSize);
        return (method, path[3..]) switch
        {
            ("GET", ["distributedtask", "environments"]) => routes.Environments(),
            ("POST", ["distributedtask", "environments"]) => routes.CreateEnvironment(body),
            ("PATCH", ["distributedtask", "environments", var id]) => routes.ChangeEnvironment(id, body),
            ("DELETE", ["distributedtask", "environments", var id]) => routes.DeleteEnvironment(id),
            ("GET", ["pipelines", "checks", "configurations"]) => routes.Checks(),
            ("POST", ["pipelines", "checks", "configurations"]) => routes.CreateCheck(body),
            ("PATCH", ["pipelines", "checks", "configurations", var id]) => routes.ChangeCheck(id, body),
            ("DELETE", ["pipelines", "checks", "configurations", var id]) => routes.DeleteCheck(id),
            ("GET", ["pipelines", "pipelinepermissions", var type, var id]) => routes.Permissions(type, id),
            ("PATCH", ["pipelines", "pipelinepermissions", var type, var id]) => routes.Permit(type, id, body),
            ("GET", ["serviceendpoint", "endpoints"]) => routes.ServiceConnections(),
            ("GET", ["distributedtask", "variablegroups"]) => routes.VariableGroups(),
            ("GET", ["distributedtask", "environments", var id, "environmentdeploymentrecords"]) => routes.Deployments(id),
            ("GET", ["build", "definitions"]) => routes.Pipelines(),
            ("GET", ["build", "builds", var id]) => routes.Run(id),
            ("GET", ["build", "builds", var id, "timeline"]) => routes.Timeline(id),
            ("GET", ["pipelines", "checks", "runs", var id]) => routes.CheckRuns(id),
            ("GET", ["pipelines", "approvals"]) => routes.Approvals(),
            ("POST", ["pipelines", var id, "preview"]) => routes.Preview(id, body, PreviewFaults),
            _ => throw new RefusedRequestException(
                405,
                "VssRequestContentTypeNotSupportedException",
                $"The requested resource does not support http method '{method}'."),
        };
    }

    private JsonNode RouteToBoards(HttpContext context, string method, string[] path, JsonNode? body)
    {
        var query = context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        var routes = new BoardRoutes(Project.Boards, context.Request.ContentType, query);
        return (method, path) switch
        {
            ("POST", ["wiql"]) => routes.Query(body),
            ("GET", ["workitems"]) => routes.List(),
            ("POST", ["workitems", ['$', .. var type]]) => routes.Create(type, body),
            ("PATCH", ["workitems", var id]) => routes.Change(id, body),
            ("GET", ["workitemtypes", var type, "states"]) => routes.States(type),
            ("GET", ["workitemtypes", var type, "fields"]) => routes.Fields(type),
            _ => throw new RefusedRequestException(405, "VssRequestMethodNotSupportedException", $"{method} is not supported"),
        };
    }

    private static async Task<JsonNode?> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) != true)
            return null;
        return await JsonNode.ParseAsync(context.Request.Body);
    }

    private static async Task WriteAsync(HttpContext context, int status, JsonNode? body)
    {
        context.Response.StatusCode = status;
        if (body is null)
            return;
        context.Response.ContentType = "application/json; charset=utf-8; api-version=7.1";
        await context.Response.WriteAsync(body.ToJsonString());
    }
}
