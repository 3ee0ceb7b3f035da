using System.Text;
using Gantry.Oci;
using Gantry.Testing;
using Gantry.Testing.Faults;
using static Gantry.Cli.Tests.ScriptedCommand;
using static Gantry.Testing.Faults.RegistryFaults;

namespace Gantry.Cli.Tests;

/// <summary>The behaviours of registries, by name.</summary>
internal static class ScriptedCases
{
    private const string Manifest = "/manifests/";
    private const string Uploads = "/blobs/uploads/";
    private const string Referrers = "/referrers/";
    private const string Tags = "/tags/list";

    public static ScriptedImage Image { get; } = new();

    private static readonly string s_layer = $"/blobs/{Image.Layer.Digest}";

    public static IReadOnlyDictionary<string, ScriptedCase> All { get; } = new Dictionary<string, ScriptedCase>
    {
        ["pull: as it should be"] = new(Pull, _ => { }),
        ["push: as it should be"] = new(Push, _ => { }),
        ["inspect: as it should be"] = new(Inspect, _ => { }) { Says = "linux/arm64" },
        ["verify: as it should be"] = new(Verify, _ => { }) { Says = "no faults" },
        ["pull: with a password"] = new(Pull, _ => { }) { Registry = new() { Scheme = "Basic" } },
        ["push: with tokens"] = new(Push, _ => { }) { Registry = new() { Scheme = "Bearer" } },
        ["push: without mounts, ranges, pieces and the referrers API"] = new(Push, _ => { })
        {
            Registry = new() { Mounts = MountSupport.None, Ranges = false, Resumable = false, ReferrersApi = false },
        },
        ["pull: with a page for each entry"] = new(Pull, _ => { }) { Registry = new() { PageSize = 1 } },

        // Reading manifests
        ["manifest: 500 once"] = new(Pull, r => r.Fail("GET", Manifest, StatusCode(500))),
        ["manifest: 503 once, asking to wait a second"] = new(Pull, r => r.Fail("GET", Manifest, StatusCode(503, "1"))),
        ["manifest: 429 once, asking to wait a second"] = new(Pull, r => r.Fail("GET", Manifest, StatusCode(429, "1"))),
        ["manifest: 429 for a day"] = new(Pull, r => r.FailAlways("GET", Manifest, StatusCode(429, "86400")), "GAN2007"),
        ["manifest: never answered"] = new(Pull, r => r.FailAlways("GET", Manifest, Hang()), "GAN2012") { Timeout = 4 },
        ["manifest: connection reset once"] = new(Pull, r => r.Fail("GET", Manifest, Reset())),
        ["manifest: truncated once"] = new(Pull, r => r.Fail("GET", Manifest, Truncate(100))),
        ["manifest: corrupted once"] = new(Pull, r => r.Fail("GET", $"{Manifest}sha256", Corrupt())),
        ["manifest: corrupted always"] = new(Pull, r => r.FailAlways("GET", $"{Manifest}sha256", Corrupt()), "GAN2005"),
        ["manifest: compressed without being asked"] = new(Pull, r => r.FailAlways("GET", $"{Manifest}sha256", Gzip()), "GAN2005")
        {
            Says = "Content-Encoding 'gzip'",
        },
        ["manifest: without its digest"] = new(Pull, r => r.FailAlways("GET", Manifest, Header("Docker-Content-Digest", null))),
        ["manifest: with a digest that is none"] =
            new(Pull, r => r.FailAlways("GET", Manifest, Header("Docker-Content-Digest", "garbage"))),
        ["manifest: as plain text"] = new(Pull, r => r.FailAlways("GET", Manifest, Header("Content-Type", "text/plain"))),
        ["manifest: without a type"] = new(Pull, r => r.FailAlways("GET", Manifest, Header("Content-Type", null))),
        ["manifest: a page"] = new(Pull, r => r.FailAlways("GET", Manifest, Html()), "GAN2002"),
        ["manifest: 400"] = new(Pull, r => r.FailAlways("GET", Manifest, Refuse(400, "MANIFEST_INVALID")), "GAN2016"),
        ["manifest: 403"] = new(Pull, r => r.FailAlways("GET", Manifest, Refuse(403, "DENIED")), "GAN2003"),
        ["manifest: 404"] = new(Pull, r => r.FailAlways("GET", Manifest, Refuse(404, "MANIFEST_UNKNOWN")), "GAN4030"),
        ["manifest: a child is missing"] = new(
            Pull, r => r.FailAlways("GET", $"{Manifest}{Image.First.Root.Descriptor.Digest}", Refuse(404, "MANIFEST_UNKNOWN")), "GAN4031"),
        ["manifest: not JSON"] = new(Pull, r => r.FailAlways("GET", $"{Manifest}v1", Json("{\"schemaVersion\":2,")), "GAN1005"),
        ["manifest: nested too deep"] = new(
            Pull, r => r.FailAlways("GET", $"{Manifest}v1", Json(new string('[', 100_000))), "GAN1005"),
        ["manifest: larger than allowed"] = new(
            Pull, r => r.FailAlways("GET", $"{Manifest}v1", Answer(MediaTypes.OciManifest, new byte[5 * 1024 * 1024])), "GAN1009"),
        ["manifest: without an end"] = new(Pull, r => r.FailAlways("GET", $"{Manifest}v1", Endless(MediaTypes.OciManifest)), "GAN1009"),
        ["manifest: redirected in a circle"] = new(Pull, r => r.FailAlways("GET", Manifest, Redirect("{path}")), "GAN2023"),
        ["manifest: redirected to a file"] = new(Pull, r => r.FailAlways("GET", Manifest, Redirect("file:///etc/passwd")), "GAN2016"),
        ["manifest: redirected to plain HTTP elsewhere"] =
            new(Pull, r => r.FailAlways("GET", Manifest, Redirect("http://registry.example.com/x")), "GAN2014"),
        ["manifest: refused with a message that steers the terminal"] = new(
            Inspect,
            r => r.FailAlways("GET", Manifest, Denied("\u001b[2J\u001b]0;x\u0007##vso[task.complete]\n::error::forged")),
            "GAN2003"),
        ["manifest: refused with its credential in the message"] = new(
            Inspect, r => r.FailAlways("GET", Manifest, EchoAuthorization()), "GAN2003") { Registry = new() { Scheme = "Basic" } },

        // Reading blobs
        ["blob: truncated once"] = new(Pull, r => r.Fail("GET", s_layer, Truncate(300_000))),
        ["blob: truncated once, without ranges"] =
            new(Pull, r => r.Fail("GET", s_layer, Truncate(300_000))) { Registry = new() { Ranges = false } },
        ["blob: reset once"] = new(Pull, r => r.Fail("GET", s_layer, Reset())),
        ["blob: stops in the middle, always"] = new(Pull, r => r.FailAlways("GET", s_layer, HangAfter(1000)), "GAN2012")
        {
            Timeout = 4,
        },
        ["blob: 502 once"] = new(Pull, r => r.Fail("GET", s_layer, StatusCode(502))),
        ["blob: corrupted"] = new(Pull, r => r.FailAlways("GET", s_layer, Corrupt()), "GAN2005"),
        ["blob: compressed without being asked"] = new(Pull, r => r.FailAlways("GET", s_layer, Gzip()), "GAN2006")
        {
            Says = "Content-Encoding 'gzip'",
        },
        ["blob: longer than it is"] = new(Pull, r => r.FailAlways("GET", s_layer, Lengthen(1)), "GAN2006"),
        ["blob: without an end"] = new(Pull, r => r.FailAlways("GET", s_layer, Endless("application/octet-stream")), "GAN2006"),
        ["blob: missing"] = new(Pull, r => r.FailAlways("GET", s_layer, Refuse(404, "BLOB_UNKNOWN")), "GAN2004"),
        ["blob: a page"] = new(Pull, r => r.FailAlways("GET", s_layer, Html()), "GAN2002"),
        ["blob: 403"] = new(Pull, r => r.FailAlways("GET", s_layer, StatusCode(403)), "GAN2003"),
        ["verify: a blob is corrupted"] = new(Verify, r => r.FailAlways("GET", s_layer, Corrupt()), ScriptedCase.Faults),
        ["verify: a blob is missing"] =
            new(Verify, r => r.FailAlways("GET", s_layer, Refuse(404, "BLOB_UNKNOWN")), ScriptedCase.Faults),

        // Lists
        ["referrers: 404 with a page"] = new(Pull, r => r.FailAlways("GET", Referrers, Html(404)))
        {
            // It has no fallback tags either.
            Attachments = 0,
        },
        ["referrers: null"] = new(Pull, r => r.FailAlways("GET", Referrers, Json("{\"manifests\":null}"))) { Attachments = 0 },
        ["referrers: an entry is null"] = new(Pull, r => r.FailAlways("GET", Referrers, Json("{\"manifests\":[null]}")), "GAN2016"),
        ["referrers: not allowed"] = new(Pull, r => r.FailAlways("GET", Referrers, StatusCode(403)))
        {
            Attachments = 0,
            Says = "GAN2044: ",
        },
        ["referrers: the second page is not there"] = new(Pull, r => r.FailAlways("GET", "skip=1", StatusCode(404)), "GAN2042")
        {
            Registry = new() { PageSize = 1 },
        },
        ["referrers: the second page is HTML"] = new(Pull, r => r.FailAlways("GET", "skip=1", Html()), "GAN2042")
        {
            Registry = new() { PageSize = 1 },
        },
        ["tags: null"] = new(Pull, r => r.FailAlways("GET", Tags, Json("{\"tags\":null}"))),
        ["tags: 429"] = new(Pull, r => r.FailAlways("GET", Tags, StatusCode(429))),
        ["tags: 500"] = new(Pull, r => r.FailAlways("GET", Tags, StatusCode(500))),
        ["tags: a page"] = new(Pull, r => r.FailAlways("GET", Tags, Html())),
        ["tags: 24 MB"] = new(
            Pull, r => r.FailAlways("GET", Tags, Answer("application/json", new byte[24 * 1024 * 1024]))),
        ["tags: never answered"] = new(Pull, r => r.FailAlways("GET", Tags, Hang())) { Timeout = 4 },

        // What would not verify
        ["index: null"] = new(Inspect, r => r.FailAlways("GET", $"{Manifest}v1", Index("null"))),
        ["index: an entry is null"] = new(Inspect, r => r.FailAlways("GET", $"{Manifest}v1", Index("[null]")), "GAN1005"),
        ["index: its child has another size"] = new(Pull, r => AddWrongIndex(r, size: 1, null), "GAN2039"),
        ["index: its child has another media type"] = new(Pull, r => AddWrongIndex(r, 0, MediaTypes.DockerManifest), "GAN2039"),
        ["tag: HEAD is not allowed"] = new(Push, r => r.FailAlways("HEAD", $"{Manifest}v1", StatusCode(403))),
        ["tag: HEAD is not supported"] = new(Push, r => r.FailAlways("HEAD", $"{Manifest}v1", StatusCode(405))),
        ["write: a mount is claimed, and the blob is not there"] = new(Push, r => r.FailAlways("POST", "mount=", AnswerWithoutDoing(201))),

        // Writing
        ["upload: 500 to its beginning"] = new(Push, r => r.Fail("POST", Uploads, StatusCode(500))),
        ["upload: 429 to its beginning, asking to wait a second"] = new(Push, r => r.Fail("POST", Uploads, StatusCode(429, "1"))),
        ["upload: begins with a page"] = new(Push, r => r.FailAlways("POST", Uploads, Html()), "GAN2016"),
        ["upload: begins nowhere"] = new(Push, r => r.FailAlways("POST", Uploads, AnswerWithoutDoing(202)), "GAN2016"),
        ["upload: refused"] = new(Push, r => r.FailAlways("POST", Uploads, Refuse(403, "DENIED")), "GAN2003"),
        ["upload: too large"] = new(Push, r => r.FailAlways("PUT", Uploads, Refuse(413, "SIZE_INVALID")), "GAN2011"),
        ["upload: quota"] = new(Push, r => r.FailAlways("PUT", Uploads, Refuse(400, "QUOTA_EXCEEDED")), "GAN2011"),
        ["upload: reset in the middle"] = new(Push, r => r.Fail("PUT", Image.Layer.Digest.Hex, ResetAfterReceiving(60_000))),
        ["upload: its session is lost once"] = new(Push, r => r.Fail("PUT", Uploads, LoseUpload())),
        ["upload: done, and the answer lost"] = new(Push, r => r.Fail("PUT", Uploads, LoseAnswer())),
        ["upload: damaged on its way once"] = new(Push, r => r.Fail("PUT", Uploads, Refuse(400, "DIGEST_INVALID"))),
        ["write: 500 once"] = new(Push, r => r.Fail("PUT", Manifest, StatusCode(500))),
        ["write: done, and the answer lost"] = new(Push, r => r.Fail("PUT", Manifest, LoseAnswer())),
        ["write: refused"] = new(Push, r => r.FailAlways("PUT", Manifest, Refuse(403, "DENIED")), "GAN2003"),
        ["write: the tag is refused"] = new(Push, r => r.FailAlways("PUT", $"{Manifest}v1", Refuse(409, "TAG_IMMUTABLE")), "GAN2011"),
        ["write: success is claimed, and the tag is not there"] =
            new(Push, r => r.FailAlways("PUT", $"{Manifest}v1", AnswerWithoutDoing(201)), "GAN4032"),
        ["write: a child is claimed, and is not there"] =
            new(Push, r => r.FailAlways("PUT", $"{Manifest}{Image.First.Root.Descriptor.Digest}", AnswerWithoutDoing(201)), "GAN4032"),

        // Signing in
        ["sign-in: the password is wrong"] =
            new(Pull, r => r.FailAlways("GET", "/v2/", Challenge("Basic realm=\"x\"")), "GAN2003")
            {
                Registry = new() { Scheme = "Basic" },
            },
        ["sign-in: the scheme is unknown"] = new(Pull, r => r.FailAlways("GET", "/v2/", Challenge("Negotiate")), "GAN2003"),
        ["sign-in: the token server is a file"] =
            new(Pull, r => r.FailAlways("GET", "/v2/", Challenge("Bearer realm=\"file:///etc/passwd\"")), "GAN2016"),
        ["sign-in: the token server refuses"] = new(Pull, r => r.FailAlways("GET", "/token", Refuse(401, "UNAUTHORIZED")), "GAN2025")
        {
            Registry = new() { Scheme = "Bearer" },
        },
        ["sign-in: the token server gives a page"] =
            new(Pull, r => r.FailAlways("GET", "/token", Html()), "GAN2025") { Registry = new() { Scheme = "Bearer" } },
        ["sign-in: the token is null"] =
            new(Pull, r => r.FailAlways("GET", "/token", Json("{\"token\":null}")), "GAN2025") { Registry = new() { Scheme = "Bearer" } },
        ["sign-in: the token has an end of line"] =
            new(Pull, r => r.FailAlways("GET", "/token", Json("{\"token\":\"a\\r\\nX: y\"}")), "GAN2025")
            {
                Registry = new() { Scheme = "Bearer" },
            },
    };

    private static Fault Json(string text) => Answer(MediaTypes.OciManifest, Encoding.UTF8.GetBytes(text));

    private static Fault Index(string manifests) => Answer(
        MediaTypes.OciIndex, Encoding.UTF8.GetBytes($"{{\"schemaVersion\":2,\"manifests\":{manifests}}}"));

    // An index whose digest is right, and whose entry is not that of its manifest.
    private static void AddWrongIndex(ScriptedRegistry registry, long size, string? mediaType)
    {
        var child = Image.First.Root.Descriptor;
        registry.Store.Add(
            "app",
            ManifestContent.Create(new ImageIndex
            {
                MediaType = MediaTypes.OciIndex,
                Manifests = [child with { Size = child.Size + size, MediaType = mediaType ?? child.MediaType }],
            }),
            "v1");
    }

    private static Fault Denied(string message) => Answer(
        "application/json",
        System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, object>
            {
                ["errors"] = new[] { new Dictionary<string, string> { ["code"] = "DENIED", ["message"] = message } },
            }),
        403);

    private static Fault EchoAuthorization() => fault => Denied($"you sent {fault.Http.Request.Headers.Authorization}")(fault);
}
