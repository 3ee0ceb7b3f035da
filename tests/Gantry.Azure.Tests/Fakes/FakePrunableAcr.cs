using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing.Faults;
using Microsoft.AspNetCore.Http;

namespace Gantry.Azure.Tests.Fakes;

/// <summary>
/// A strict imitation of an Azure Container Registry: lists of manifests and tags in pages, with times and locks; removal of a tag alone;
/// referrers that are deleted with their image; soft delete, after which a digest cannot be pushed.
/// </summary>
internal sealed class FakePrunableAcr : IAsyncDisposable
{
    public const string Host = "contosoprune.azurecr.io";

    private readonly ConcurrentDictionary<string, bool> _lockedTags = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _times = new();

    private FakePrunableAcr(ScriptedRegistry registry)
    {
        Registry = registry;
        var named = new RegistryNameProxy().Add(Host, registry.Url);
        Session = new RegistrySession(new RegistrySessionOptions { Proxy = named, PlainHttpHosts = named.Names });
        Publishing = new RegistrySession(new RegistrySessionOptions { Proxy = named, PlainHttpHosts = named.Names });
        registry.FailAlways("GET", "/acr/v1/", fault => AnswerAsync(fault.Http));
        registry.FailAlways("DELETE", "/acr/v1/", fault => AnswerAsync(fault.Http));
        registry.FailAlways("PUT", "/manifests/sha256:", PushAsync);
        registry.FailAlways("DELETE", "/manifests/", DeleteAsync);
    }

    public ScriptedRegistry Registry { get; }

    public RegistrySession Session { get; }

    /// <summary>
    /// Gets the session of an earlier run. A session waits for what it has written to appear, which it would do for what is deleted since.
    /// </summary>
    public RegistrySession Publishing { get; }

    public RegistryAddress Address { get; } = RegistryAddress.Parse(Host);

    /// <summary>True when deleted digests are kept, and cannot be pushed.</summary>
    public bool SoftDelete { get; set; }

    /// <summary>Gets the digests that were deleted.</summary>
    public ConcurrentDictionary<string, bool> Deleted { get; } = new();

    /// <summary>Gets what was asked in a way that the service does not document.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    public static async Task<FakePrunableAcr> StartAsync() =>
        new(await ScriptedRegistry.StartAsync(new ScriptedRegistryOptions { DeletesReferrers = true }));

    /// <summary>Locks a tag or a manifest against deletion.</summary>
    public void Lock(string repository, string reference)
    {
        if (Digest.TryParse(reference, out _))
            Registry.Store.Locked[(repository, reference)] = true;
        else
            _lockedTags[$"{repository}:{reference}"] = true;
    }

    /// <summary>Makes a manifest one that was written at a time.</summary>
    public void SetTime(string digest, DateTimeOffset time) => _times[digest] = time;

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await Publishing.DisposeAsync();
        await Registry.DisposeAsync();
    }

    private async Task DeleteAsync(FaultContext fault)
    {
        var path = fault.Http.Request.Path.Value!;
        var reference = path.Split('/')[^1];
        if (!Digest.TryParse(reference, out _))
            Violations.Enqueue($"a manifest was deleted by its tag {reference}");
        var locked = Registry.Store.Tags.Any(tag =>
            path == $"/v2/{tag.Key.Repository}/manifests/{tag.Value}" && _lockedTags.ContainsKey($"{tag.Key.Repository}:{tag.Key.Tag}"));
        if (locked)
        {
            await RegistryFaults.Refuse(405, "UNSUPPORTED")(fault);
            return;
        }

        await fault.AnswerAsync();
        if (fault.Http.Response.StatusCode == 202)
            Deleted[reference] = true;
    }

    private Task PushAsync(FaultContext fault)
    {
        var digest = fault.Http.Request.Path.Value!.Split('/')[^1];
        return SoftDelete && Deleted.ContainsKey(digest)
            ? RegistryFaults.Refuse(409, "MANIFEST_SOFT_DELETED")(fault)
            : fault.AnswerAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Query["api-version"] != "2021-07-01")
            Violations.Enqueue($"{request.Method} {request.Path} without its version");
        var parts = request.Path.Value!["/acr/v1/".Length..].Split('/');
        var at = Array.FindIndex(parts, part => part is "_manifests" or "_tags");
        var (repository, kind, name) = (string.Join('/', parts[..at]), parts[at], parts.ElementAtOrDefault(at + 1));
        if (request.Method == "DELETE")
            return UntagAsync(context, repository, kind, name!);
        return name is null ? ListAsync(context, repository, kind) : ShowAsync(context, repository, kind, name);
    }

    private Task UntagAsync(HttpContext context, string repository, string kind, string name)
    {
        if (kind != "_tags")
            Violations.Enqueue($"DELETE {kind}/{name}");
        context.Response.StatusCode = _lockedTags.ContainsKey($"{repository}:{name}") ? 405
            : Registry.Store.Tags.TryRemove((repository, name), out _) ? 202
            : 404;
        return Task.CompletedTask;
    }

    private Task ListAsync(HttpContext context, string repository, string kind)
    {
        var count = int.Parse(context.Request.Query["n"].ToString(), System.Globalization.CultureInfo.InvariantCulture);
        var last = context.Request.Query["last"].ToString();
        var all = kind == "_tags"
            ? Registry.Store.Tags.Where(tag => tag.Key.Repository == repository).Select(tag => (Name: tag.Key.Tag, Digest: tag.Value))
            : Registry.Store.Manifests.Keys.Where(key => key.Repository == repository).Select(key => (Name: key.Digest, key.Digest));

        // Smaller pages than were asked for.
        var page = all.OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .Where(entry => string.CompareOrdinal(entry.Name, last) > 0).Take(Math.Min(count, 3));
        return SendAsync(context, new JsonObject
        {
            ["registry"] = Host,
            ["imageName"] = repository,
            [kind[1..]] = new JsonArray([.. page.Select(entry => (JsonNode?)Describe(repository, kind, entry.Name, entry.Digest))]),
        });
    }

    private Task ShowAsync(HttpContext context, string repository, string kind, string name)
    {
        var digest = kind == "_tags" ? Registry.Store.Tags.GetValueOrDefault((repository, name)) : name;
        if (digest is null || !Registry.Store.Manifests.ContainsKey((repository, digest)))
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        }

        return SendAsync(context, new JsonObject
        {
            ["registry"] = Host,
            ["imageName"] = repository,
            [kind[1..^1]] = Describe(repository, kind, name, digest),
        });
    }

    private JsonObject Describe(string repository, string kind, string name, string digest)
    {
        var isLocked = kind == "_tags" ? _lockedTags.ContainsKey($"{repository}:{name}")
            : Registry.Store.Locked.ContainsKey((repository, digest));
        var time = _times.GetValueOrDefault(digest, DateTimeOffset.UtcNow - TimeSpan.FromDays(400)).ToString("O");
        return new JsonObject
        {
            [kind == "_tags" ? "name" : "digest"] = name,
            ["digest"] = digest,
            ["createdTime"] = time,
            ["lastUpdateTime"] = time,
            ["changeableAttributes"] = new JsonObject
            {
                ["deleteEnabled"] = !isLocked, ["writeEnabled"] = true, ["readEnabled"] = true, ["listEnabled"] = true,
            },
        };
    }

    private static Task SendAsync(HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString());
    }
}
