using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Gantry.Azure.Tests.Fakes;

/// <summary>
/// An imitation of what an Azure Container Registry adds to a registry: attributes of tags and manifests under <c>/acr/v1</c>, and refused
/// changes of locked content. The real registry behind it answers everything else.
/// </summary>
/// <seealso href="https://learn.microsoft.com/rest/api/containerregistry/tag/update-attributes">Tag, update attributes</seealso>
internal sealed class FakeLockingAcr : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly Uri _registry;
    private readonly ConcurrentDictionary<string, JsonObject> _attributes = new();

    private FakeLockingAcr(WebApplication application, string registry)
    {
        _application = application;
        _registry = new Uri(registry);
    }

    /// <summary>Gets the changes of attributes: <c>app/_tags/1.0 writeEnabled=False deleteEnabled=False</c>.</summary>
    public ConcurrentQueue<string> Changes { get; } = new();

    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>The status with which changes are refused; reading too, where the attributes are hidden.</summary>
    public int? RefusesChanges { get; set; }

    public bool HidesAttributes { get; set; }

    /// <summary>True when changes are accepted and ignored.</summary>
    public bool IgnoresChanges { get; set; }

    public string Address =>
        _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<FakeLockingAcr> StartAsync(string registry)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = null);
        var fake = new FakeLockingAcr(builder.Build(), registry);
        fake._application.Run(fake.HandleAsync);
        await fake._application.StartAsync();
        return fake;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _client.Dispose();
    }

    private Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path.StartsWith("/acr/v1/", StringComparison.Ordinal))
            return HidesAttributes
                ? RefuseAsync(context, 404, "NOT_FOUND", "", "text/html")
                : AnswerAttributesAsync(context, path["/acr/v1/".Length..]);
        return HttpMethods.IsPut(context.Request.Method)
            && TagOf(path) is { } tag
            && Attributes(tag)["writeEnabled"]!.GetValue<bool>() == false
                ? RefuseAsync(
                    context,
                    405,
                    "REGISTRY_DISALLOWED_OPERATION",
                    "The operation is disallowed on this registry, repository or image. "
                        + "View troubleshooting steps at https://aka.ms/acr/faq/")
                : ForwardAsync(context);
    }

    private async Task AnswerAttributesAsync(HttpContext context, string key)
    {
        if (context.Request.Query["api-version"] != "2021-07-01")
            Violations.Enqueue($"{context.Request.Method} {key} without its version");

        var (repository, kind, name) = Split(key);
        if (!await IsThereAsync(repository, name))
        {
            await RefuseAsync(context, 404, kind == "_tags" ? "TAG_UNKNOWN" : "MANIFEST_UNKNOWN", "it is not known");
            return;
        }

        if (HttpMethods.IsPatch(context.Request.Method))
        {
            if (RefusesChanges is { } status)
            {
                await RefuseAsync(context, status, "DENIED", "requested access to the resource is denied");
                return;
            }

            var body = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
            if (context.Request.ContentType != "application/json"
                || !body.Select(pair => pair.Key).Order(StringComparer.Ordinal).SequenceEqual(["deleteEnabled", "writeEnabled"]))
                Violations.Enqueue($"PATCH {key} {context.Request.ContentType} {body.ToJsonString()}");
            Changes.Enqueue($"{key} writeEnabled={body["writeEnabled"]} deleteEnabled={body["deleteEnabled"]}");
            if (!IgnoresChanges)
                _attributes[key] = new JsonObject
                {
                    ["deleteEnabled"] = body["deleteEnabled"]!.DeepClone(),
                    ["writeEnabled"] = body["writeEnabled"]!.DeepClone(),
                    ["readEnabled"] = true,
                    ["listEnabled"] = true,
                };
        }
        else if (!HttpMethods.IsGet(context.Request.Method))
        {
            Violations.Enqueue($"{context.Request.Method} {key}");
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(new JsonObject
        {
            ["registry"] = context.Request.Host.Value,
            ["imageName"] = repository,
            [kind == "_tags" ? "tag" : "manifest"] =
                new JsonObject { [kind == "_tags" ? "name" : "digest"] = name, ["changeableAttributes"] = Attributes(key).DeepClone() },
        }.ToJsonString());
    }

    private JsonObject Attributes(string key) =>
        _attributes.GetOrAdd(
            key, _ => new JsonObject { ["deleteEnabled"] = true, ["writeEnabled"] = true, ["readEnabled"] = true, ["listEnabled"] = true });

    private async Task<bool> IsThereAsync(string repository, string reference)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(_registry, $"/v2/{repository}/manifests/{reference}"));
        request.Headers.Add("Accept", (string[])["application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json"]);
        using var response = await _client.SendAsync(request);
        return response.IsSuccessStatusCode;
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var incoming = context.Request;
        using var request = new HttpRequestMessage(
            new HttpMethod(incoming.Method), new Uri(_registry, incoming.Path + incoming.QueryString));
        if (incoming.ContentLength is > 0 || incoming.Headers.TransferEncoding.Count > 0)
            request.Content = new StreamContent(incoming.Body);
        foreach (var (name, values) in incoming.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers
            .Concat(response.Content.Headers)
            .Where(header => header.Key is not ("Transfer-Encoding" or "Connection")))
            context.Response.Headers[name] = new StringValues([.. values]);
        if (!HttpMethods.IsHead(incoming.Method))
            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext context, int status, string code, string message, string contentType = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        return context.Response.WriteAsync(JsonSerializer.Serialize(new { errors = new[] { new { code, message } } }));
    }

    // /v2/team/app/manifests/1.0 is the tag 1.0; a digest is none.
    private static string? TagOf(string path)
    {
        const string manifests = "/manifests/";
        var at = path.LastIndexOf(manifests, StringComparison.Ordinal);
        var reference = at < 0 ? "" : path[(at + manifests.Length)..];
        return at < 0 || reference.Contains(':', StringComparison.Ordinal) ? null : $"{path["/v2/".Length..at]}/_tags/{reference}";
    }

    private static (string Repository, string Kind, string Name) Split(string key)
    {
        var parts = key.Split('/');
        return (string.Join('/', parts[..^2]), parts[^2], parts[^1]);
    }
}
