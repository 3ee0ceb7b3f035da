using System.Text;
using System.Text.Json.Nodes;
using Gantry.Oci;
using Gantry.Testing;
using Microsoft.AspNetCore.Http;

namespace Gantry.Cli.Tests;

/// <summary>A server repeats the credential that it got, wherever it can; the program never prints it.</summary>
public sealed class EchoedCredentialTests : IDisposable
{
    private const string User = "robot";
    private const string Password = "p4ss+w/rd=&x";
    private const string Token = "eyJhbGciOi.bearer-token-of-the-registry.sig_nature";
    private const string RefreshToken = "a-refresh-token-of-the-service";

    private static readonly string s_basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));
    private readonly TempFolder _folder = new();

    /// <summary>Where the credential is repeated, and the scheme that is asked for.</summary>
    public static TheoryData<string, string> Echoes
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var scheme in (string[])["Basic", "Bearer", "Refresh"])
            foreach (var place in (string[])
                ["json", "html", "header", "location", "insecure", "digest", "type", "annotation", "challenge", "token", "status"])
                data.Add(place, scheme);
            return data;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Echoes))]
    public async Task A_credential_that_a_server_repeats_is_not_printed(string place, string scheme)
    {
        await using var server = await LoopbackServer.StartAsync((context, request) => AnswerAsync(context, request, place, scheme));
        var host = server.Address.Authority;
        File.WriteAllText(_folder.Combine("config.json"), new JsonObject
        {
            ["auths"] = new JsonObject
            {
                [host] = scheme == "Refresh"
                    ? new JsonObject { ["identitytoken"] = RefreshToken }
                    : new JsonObject { ["auth"] = s_basic },
            },
        }.ToJsonString());

        string[][] all = [["inspect"], ["inspect", "--format", "json"], ["verify"], ["copy", $"oci:{_folder.Path}/a/app"]];
        foreach (var arguments in place is "annotation" or "json" ? all : all[..1])
        {
            var result = await GantryProcess.RunWithVariableAsync(
                "DOCKER_CONFIG", _folder.Path, [arguments[0], $"{host}/app:v1", .. arguments[1..], "--verbose"]);

            foreach (var secret in (string[])[Password, s_basic, s_basic.TrimEnd('='), Token, RefreshToken, Uri.EscapeDataString(Password)])
                Assert.DoesNotContain(secret, result.Output + result.Error, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        }

        Assert.Contains(server.Requests, request => request.Headers.ContainsKey("Authorization") || request.Body.Length > 0);
    }

    private static Task AnswerAsync(HttpContext context, ReceivedRequest request, string place, string scheme)
    {
        var sent = request.Headers.GetValueOrDefault("Authorization");
        if (request.Path.StartsWith("/token", StringComparison.Ordinal))
            return place == "token"
                ? new LoopbackResponse(403, Error($"{sent} {Decode(sent)} {request.Body}")).WriteAsync(context)
                : new LoopbackResponse(200, new JsonObject { ["token"] = Token }.ToJsonString()).WriteAsync(context);
        if (sent is null)
        {
            var realm = $"http://{context.Request.Host}/token";
            return new LoopbackResponse(401)
            {
                Headers = new Dictionary<string, string>
                {
                    ["WWW-Authenticate"] = scheme == "Basic" ? "Basic realm=\"a\"" : $"Bearer realm=\"{realm}\",service=\"s\"",
                },
            }.WriteAsync(context);
        }

        if (request.Path.Contains("/referrers/", StringComparison.Ordinal))
            return new LoopbackResponse(404).WriteAsync(context);

        var echo = $"{sent} {Decode(sent)}";
        var credential = Decode(sent).Split(':')[^1];
        return (place switch
        {
            "json" => new LoopbackResponse(403, Error(new string('x', 120) + " " + echo)),
            "html" => new LoopbackResponse(404, $"<html>{System.Net.WebUtility.HtmlEncode(echo)}</html>", "text/html"),
            "header" => new LoopbackResponse(400, Error("no")) { Headers = Headers("x-request-id", credential) },
            "location" => new LoopbackResponse(307)
            {
                Headers = Headers("Location", $"/{Uri.EscapeDataString(credential)}?a={Uri.EscapeDataString(sent)}"),
            },
            "insecure" => new LoopbackResponse(307)
            {
                Headers = Headers("Location", $"http://example.com/{Uri.EscapeDataString(credential)}/{sent.Split(' ')[1]}"),
            },
            "digest" => Manifest(echo) with { Headers = Headers("Docker-Content-Digest", sent) },
            "type" => Manifest(echo) with { ContentType = $"text/{sent.Split(' ')[1]}" },
            "annotation" => Manifest(echo),
            "challenge" => new LoopbackResponse(401, Error(echo))
            {
                Headers = Headers("WWW-Authenticate", $"Bearer realm=\"ftp://{sent.Split(' ')[1]}\",error=\"{sent}\""),
            },
            "status" => new LoopbackResponse(429, Error(echo)) { Headers = Headers("Retry-After", "100000") },
            _ => new LoopbackResponse(401, Error(echo)),
        }).WriteAsync(context);
    }

    private static Dictionary<string, string> Headers(string name, string value) => new() { [name] = value };

    private static string Error(string message) =>
        new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["code"] = "DENIED", ["message"] = message }) }.ToJsonString();

    private static LoopbackResponse Manifest(string annotation) => new(
        200,
        new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.OciManifest,
            ["artifactType"] = annotation,
            ["config"] = new JsonObject
            {
                ["mediaType"] = "application/vnd.oci.empty.v1+json", ["digest"] = Digest.Of("{}"u8).ToString(), ["size"] = 2,
            },
            ["layers"] = new JsonArray(),
            ["annotations"] = new JsonObject { ["echo"] = annotation, [annotation] = "key" },
        }.ToJsonString(),
        MediaTypes.OciManifest);

    private static string Decode(string? sent) => sent?.StartsWith("Basic ", StringComparison.Ordinal) == true
        ? Encoding.UTF8.GetString(Convert.FromBase64String(sent["Basic ".Length..]))
        : sent ?? "";
}
