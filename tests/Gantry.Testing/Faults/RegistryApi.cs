using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gantry.Oci;
using Microsoft.AspNetCore.Http;

namespace Gantry.Testing.Faults;

/// <summary>The distribution API of a scripted registry.</summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md">OCI distribution-spec 1.1.1</seealso>
internal sealed class RegistryApi(ScriptedRegistry registry)
{
    private RegistryStore Store => registry.Store;

    public async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path == "/token")
        {
            await registry.Tokens.AnswerAsync(context);
            return;
        }

        if (!path.StartsWith("/v2/", StringComparison.Ordinal))
        {
            await RefuseAsync(context, 404, "UNSUPPORTED");
            return;
        }

        if (path == "/v2/")
        {
            context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
            return;
        }

        var route = Route.Parse(path["/v2/".Length..]);
        if (route is null)
            await RefuseAsync(context, 404, "NAME_INVALID");
        else if (await registry.Tokens.AllowsAsync(context, registry, route.Repository))
            await HandleAsync(context, route);
    }

    private Task HandleAsync(HttpContext context, Route route) => (route.Kind, context.Request.Method) switch
    {
        ("manifests", "GET" or "HEAD") => ReadManifestAsync(context, route),
        ("manifests", "PUT") => WriteManifestAsync(context, route),
        ("manifests", "DELETE") => DeleteManifestAsync(context, route),
        ("blobs", "GET" or "HEAD") => ReadBlobAsync(context, route),
        ("uploads", "POST") => BeginUploadAsync(context, route),
        ("uploads", "GET") => TellUploadAsync(context, route),
        ("uploads", "PATCH") => WritePieceAsync(context, route),
        ("uploads", "PUT") => CommitUploadAsync(context, route),
        ("tags", "GET") => ListTagsAsync(context, route),
        ("referrers", "GET") when registry.Options.ReferrersApi => ListReferrersAsync(context, route),
        _ => RefuseAsync(context, 404, "UNSUPPORTED"),
    };

    private async Task ReadManifestAsync(HttpContext context, Route route)
    {
        var digest = Store.Tags.GetValueOrDefault((route.Repository, route.Reference), route.Reference);
        if (!Store.Manifests.TryGetValue((route.Repository, digest), out var manifest))
        {
            await RefuseAsync(context, 404, "MANIFEST_UNKNOWN");
            return;
        }

        context.Response.ContentType = manifest.MediaType;
        context.Response.Headers["Docker-Content-Digest"] = digest;
        await SendAsync(context, manifest.Content);
    }

    private async Task WriteManifestAsync(HttpContext context, Route route)
    {
        var content = await ReadBodyAsync(context);
        var mediaType = context.Request.ContentType ?? "";
        var byDigest = Digest.TryParse(route.Reference, out var named);
        var digest = byDigest ? named.OfSameAlgorithm(content) : Digest.Of(content);
        if (byDigest && digest != named)
        {
            await RefuseAsync(context, 400, "DIGEST_INVALID");
            return;
        }

        string? subject;
        try
        {
            var (about, blobs) = ReadLinks(ManifestContent.FromVerified(mediaType, digest, content));
            subject = about;
            if (blobs.Any(blob => !Store.Blobs.ContainsKey((route.Repository, blob))))
            {
                await RefuseAsync(context, 400, "MANIFEST_BLOB_UNKNOWN");
                return;
            }
        }
        catch (Exception exception) when (exception is GantryException or JsonException)
        {
            await RefuseAsync(context, 400, "MANIFEST_INVALID");
            return;
        }

        Store.Manifests[(route.Repository, digest.ToString())] = (mediaType, content);
        if (!byDigest)
            Store.Tags[(route.Repository, route.Reference)] = digest.ToString();
        if (subject is not null && registry.Options.ReferrersApi)
            context.Response.Headers["OCI-Subject"] = subject;
        context.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        context.Response.Headers.Location = $"/v2/{route.Repository}/manifests/{digest}";
        context.Response.StatusCode = 201;
    }

    // By digest only: what becomes of a manifest whose tag is deleted differs from registry to registry.
    private Task DeleteManifestAsync(HttpContext context, Route route)
    {
        if (!registry.Options.Deletes)
            return RefuseAsync(context, 405, "UNSUPPORTED");
        if (!Digest.TryParse(route.Reference, out _))
            return RefuseAsync(context, 400, "DIGEST_INVALID");
        if (Store.Locked.ContainsKey((route.Repository, route.Reference)))
            return RefuseAsync(context, 405, "UNSUPPORTED");
        if (!Store.Delete(route.Repository, route.Reference, registry.Options.DeletesReferrers))
            return RefuseAsync(context, 404, "MANIFEST_UNKNOWN");
        context.Response.StatusCode = 202;
        return Task.CompletedTask;
    }

    private static (string? Subject, IReadOnlyList<string> Blobs) ReadLinks(ManifestContent manifest)
    {
        if (manifest.IsIndex)
            return (manifest.ReadIndex().Subject?.Digest.ToString(), []);
        if (manifest.Descriptor.MediaType == "application/vnd.oci.artifact.manifest.v1+json")
        {
            var artifact = JsonNode.Parse(manifest.Bytes.Span)!;
            return ((string?)artifact["subject"]?["digest"], [.. artifact["blobs"]!.AsArray().Select(blob => (string)blob!["digest"]!)]);
        }

        var image = manifest.ReadManifest();
        return (image.Subject?.Digest.ToString(), [.. image.Layers.Append(image.Config).Select(blob => blob.Digest.ToString())]);
    }

    private async Task ReadBlobAsync(HttpContext context, Route route)
    {
        if (!Store.Blobs.TryGetValue((route.Repository, route.Reference), out var content))
        {
            await RefuseAsync(context, 404, "BLOB_UNKNOWN");
            return;
        }

        context.Response.ContentType = "application/octet-stream";
        context.Response.Headers["Docker-Content-Digest"] = route.Reference;
        var range = context.Request.GetTypedHeaders().Range;
        if (range is null || !registry.Options.Ranges)
        {
            await SendAsync(context, content);
            return;
        }

        var from = (int)range.Ranges.Single().From!.Value;
        if (from >= content.Length)
        {
            await RefuseAsync(context, 416, "RANGE_INVALID");
            return;
        }

        context.Response.StatusCode = 206;
        context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        await SendAsync(context, content.AsMemory(from));
    }

    private async Task BeginUploadAsync(HttpContext context, Route route)
    {
        string? mount = context.Request.Query["mount"];
        string from = context.Request.Query["from"].ToString();
        var mounts = registry.Options.Mounts == MountSupport.Any
            || (registry.Options.Mounts == MountSupport.FromOthers && from != route.Repository);
        if (mount is not null && mounts && Store.Blobs.TryGetValue((from, mount), out var content))
        {
            Store.Blobs[(route.Repository, mount)] = content;
            context.Response.Headers.Location = $"/v2/{route.Repository}/blobs/{mount}";
            context.Response.StatusCode = 201;
            return;
        }

        await ReadBodyAsync(context);
        var id = Guid.NewGuid().ToString("N");
        Store.Uploads[id] = new UploadState();
        TellLocation(context, route, id);
        context.Response.StatusCode = 202;
    }

    private async Task TellUploadAsync(HttpContext context, Route route)
    {
        if (!registry.Options.Resumable || !Store.Uploads.TryGetValue(route.Reference, out var upload))
        {
            await RefuseAsync(context, 404, "BLOB_UPLOAD_UNKNOWN");
            return;
        }

        TellLocation(context, route, route.Reference);
        context.Response.Headers["Range"] = $"0-{Math.Max(upload.Content.Length - 1, 0)}";
        context.Response.StatusCode = 204;
    }

    private async Task WritePieceAsync(HttpContext context, Route route)
    {
        if (!Store.Uploads.TryGetValue(route.Reference, out var upload))
        {
            await RefuseAsync(context, 404, "BLOB_UPLOAD_UNKNOWN");
            return;
        }

        var start = context.Request.Headers.ContentRange.ToString().Split('-')[0];
        if (!registry.Options.Resumable || start != upload.Content.Length.ToString(CultureInfo.InvariantCulture))
        {
            await RefuseAsync(context, 416, "RANGE_INVALID");
            return;
        }

        await ReceiveAsync(context, upload);
        TellLocation(context, route, route.Reference);
        context.Response.Headers["Range"] = $"0-{upload.Content.Length - 1}";
        context.Response.StatusCode = 202;
    }

    private async Task CommitUploadAsync(HttpContext context, Route route)
    {
        if (!Store.Uploads.TryGetValue(route.Reference, out var upload))
        {
            await RefuseAsync(context, 404, "BLOB_UPLOAD_UNKNOWN");
            return;
        }

        await ReceiveAsync(context, upload);
        Store.Uploads.TryRemove(route.Reference, out _);
        var content = upload.Content.ToArray();
        if (!Digest.TryParse(context.Request.Query["digest"], out var digest) || digest.OfSameAlgorithm(content) != digest)
        {
            await RefuseAsync(context, 400, "DIGEST_INVALID");
            return;
        }

        Store.Blobs[(route.Repository, digest.ToString())] = content;
        context.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        context.Response.Headers.Location = $"/v2/{route.Repository}/blobs/{digest}";
        context.Response.StatusCode = 201;
    }

    private Task ListTagsAsync(HttpContext context, Route route)
    {
        var all = Store.Tags.Keys.Where(key => key.Repository == route.Repository)
            .Select(key => key.Tag)
            .Order(StringComparer.Ordinal)
            .ToList();
        if (all.Count == 0 && Store.Manifests.Keys.All(key => key.Repository != route.Repository))
            return RefuseAsync(context, 404, "NAME_UNKNOWN");

        var last = context.Request.Query["last"].ToString();
        var page = all.Where(tag => last.Length == 0 || string.CompareOrdinal(tag, last) > 0).Take(registry.Options.PageSize).ToList();
        if (page.Count > 0 && page[^1] != all[^1])
            context.Response.Headers.Link = $"</v2/{route.Repository}/tags/list?last={page[^1]}>; rel=\"next\"";
        var body = new JsonObject { ["name"] = route.Repository, ["tags"] = new JsonArray([.. page.Select(tag => (JsonNode?)tag)]) };
        return SendJsonAsync(context, "application/json", body);
    }

    private Task ListReferrersAsync(HttpContext context, Route route)
    {
        var entries = Store.Manifests
            .Where(pair => pair.Key.Repository == route.Repository)
            .Select(pair => (pair.Key.Digest, pair.Value.MediaType, pair.Value.Content, Document: JsonNode.Parse(pair.Value.Content)!))
            .Where(manifest => (string?)manifest.Document["subject"]?["digest"] == route.Reference)
            .OrderBy(manifest => manifest.Digest, StringComparer.Ordinal)
            .ToList();
        var skip = int.TryParse(context.Request.Query["skip"], out var number) ? number : 0;
        var page = entries.Skip(skip).Take(registry.Options.PageSize).ToList();
        if (skip + page.Count < entries.Count)
            context.Response.Headers.Link =
                $"<{registry.Url}/v2/{route.Repository}/referrers/{route.Reference}?skip={skip + page.Count}>; rel=\"next\"";
        var body = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.OciIndex,
            ["manifests"] = new JsonArray([.. page.Select(manifest => (JsonNode?)new JsonObject
            {
                ["mediaType"] = manifest.MediaType,
                ["digest"] = manifest.Digest,
                ["size"] = manifest.Content.Length,
                ["artifactType"] = manifest.Document["artifactType"]?.DeepClone(),
                ["annotations"] = manifest.Document["annotations"]?.DeepClone(),
            })]),
        };
        return SendJsonAsync(context, MediaTypes.OciIndex, body);
    }

    // A relative location: allowed by the specification, and rejected by many clients once.
    private void TellLocation(HttpContext context, Route route, string id) =>
        context.Response.Headers.Location =
            $"/v2/{route.Repository}/blobs/uploads/{id}{(registry.Options.ReferenceImplementation ? "?_state=abc" : "")}";

    private static async Task ReceiveAsync(HttpContext context, UploadState upload)
    {
        // Bytes received before an interruption are kept.
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer)) > 0)
            upload.Content.Write(buffer, 0, read);
    }

    private static async Task<byte[]> ReadBodyAsync(HttpContext context)
    {
        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content);
        return content.ToArray();
    }

    private static Task SendJsonAsync(HttpContext context, string type, JsonNode body)
    {
        context.Response.ContentType = type;
        return SendAsync(context, JsonSerializer.SerializeToUtf8Bytes(body));
    }

    private static async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> content)
    {
        context.Response.ContentLength = content.Length;
        if (context.Request.Method != "HEAD")
            await context.Response.Body.WriteAsync(content);
    }

    internal static Task RefuseAsync(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        return SendJsonAsync(
            context,
            "application/json",
            new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["code"] = code, ["message"] = "as scripted" }) });
    }

    /// <summary>The parts of a path.</summary>
    private sealed record Route(string Repository, string Kind, string Reference)
    {
        public static Route? Parse(string path)
        {
            foreach (var (marker, kind) in new[]
            {
                ("/blobs/uploads/", "uploads"), ("/blobs/", "blobs"), ("/manifests/", "manifests"), ("/referrers/", "referrers"),
                ("/tags/", "tags"),
            })
            {
                if (path.LastIndexOf(marker, StringComparison.Ordinal) is var at and > 0)
                    return new Route(path[..at], kind, path[(at + marker.Length)..]);
            }

            return null;
        }
    }
}
