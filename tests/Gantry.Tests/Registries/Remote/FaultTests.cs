using System.Text;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Faults;
using static Gantry.Testing.Faults.RegistryFaults;

namespace Gantry.Tests.Registries.Remote;

/// <summary>
/// Every fault ends in success or in a coded error: never in wrong content, a hang, or endless retries. After each case the registry holds
/// no content that does not match its digest.
/// </summary>
public sealed class FaultTests : IAsyncLifetime
{
    /// <summary>
    /// The time limit of a case; all cases need less than a hundredth of it. A hang is found without waiting for the limit of the whole
    /// run.
    /// </summary>
    private static readonly TimeSpan s_hang = TimeSpan.FromMinutes(5);

    private static readonly SampleImage s_image = SampleImage.Create(11, 700_000, 90_000);
    private static readonly Descriptor s_layer = s_image.BlobDescriptors.ElementAt(1);
    private static readonly string s_manifest = s_image.Root.Descriptor.Digest.ToString();

    private static readonly Dictionary<string, Case> s_cases = new(StringComparer.Ordinal)
    {
        // Reading manifests
        ["manifest: 500 once"] = new(Pull, r => r.Fail("GET", "/manifests/", StatusCode(500))),
        ["manifest: 502 twice"] = new(Pull, r => r.Fail("GET", "/manifests/", StatusCode(502), 2)),
        ["manifest: 503 once, asking to wait"] = new(Pull, r => r.Fail("GET", "/manifests/", StatusCode(503, "20"))),
        ["manifest: 503 always"] = new(Pull, r => r.FailAlways("GET", "/manifests/", StatusCode(503)), "GAN2013") { AtMost = 6 },
        ["manifest: 429 asking to wait"] = new(Pull, r => r.Fail("GET", "/manifests/", StatusCode(429, "17"), 3)),
        ["manifest: 429 without saying how long"] = new(Pull, r => r.Fail("GET", "/manifests/", StatusCode(429), 3)),
        ["manifest: 429 always"] = new(Pull, r => r.FailAlways("GET", "/manifests/", StatusCode(429, "5")), "GAN2007") { AtMost = 11 },
        ["manifest: 429 for a day"] =
            new(Pull, r => r.FailAlways("GET", "/manifests/", StatusCode(429, "86400")), "GAN2007") { AtMost = 1 },
        ["manifest: 400"] = new(Pull, r => r.FailAlways("GET", "/manifests/", Refuse(400, "MANIFEST_INVALID")), "GAN2016") { AtMost = 1 },
        ["manifest: 403"] = new(Pull, r => r.FailAlways("GET", "/manifests/", Refuse(403, "DENIED")), "GAN2003") { AtMost = 1 },
        ["manifest: 404"] = new(Pull, r => r.FailAlways("GET", "/manifests/", Refuse(404, "MANIFEST_UNKNOWN")), "(nothing)") { AtMost = 1 },
        ["manifest: connection reset once"] = new(Pull, r => r.Fail("GET", "/manifests/", Reset())),
        ["manifest: connection reset always"] = new(Pull, r => r.FailAlways("GET", "/manifests/", Reset()), "GAN2015") { AtMost = 6 },
        ["manifest: no answer once"] = new(Pull, r => r.Fail("GET", "/manifests/", Stall())),
        ["manifest: no answer ever"] = new(Pull, r => r.FailAlways("GET", "/manifests/", Stall()), "GAN2012") { AtMost = 6 },
        ["manifest: body stalls once"] = new(Pull, r => r.Fail("GET", "/manifests/", StallAfter(50))),
        ["manifest: body drips"] = new(Pull, r => r.FailAlways("GET", "/manifests/", SendSlowly()), "GAN2012") { AtMost = 6 },
        ["manifest: body truncated once"] = new(Pull, r => r.Fail("GET", "/manifests/", Truncate(100))),
        ["manifest: body shortened once"] = new(Pull, r => r.Fail("GET", "/manifests/", Shorten(100))),
        ["manifest: body corrupted once"] = new(Pull, r => r.Fail("GET", "/manifests/", Corrupt())),
        ["manifest: body corrupted always"] = new(Pull, r => r.FailAlways("GET", "/manifests/", Corrupt()), "GAN2005") { AtMost = 6 },
        ["manifest: without its digest"] = new(Pull, r => r.FailAlways("GET", "/manifests/", Header("Docker-Content-Digest", null))),
        ["manifest: with another digest"] = new(
            Pull,
            r => r.FailAlways("GET", "/manifests/v1", Header("Docker-Content-Digest", $"sha256:{new string('0', 64)}")),
            "GAN2005") { AtMost = 6 },
        ["manifest: with a malformed digest"] =
            new(Pull, r => r.FailAlways("GET", "/manifests/", Header("Docker-Content-Digest", "sha256:../.."))),
        ["manifest: with a digest of an unknown algorithm"] =
            new(Pull, r => r.FailAlways("GET", "/manifests/", Header("Docker-Content-Digest", "blake3:abc"))),
        ["manifest: with its sha512 digest"] =
            new(Pull, r => r.FailAlways("GET", "/manifests/v1", Header("Docker-Content-Digest", Sha512(s_image.Root.Bytes.ToArray())))),
        ["manifest: a page"] = new(Pull, r => r.FailAlways("GET", "/manifests/", Html()), "GAN2002") { AtMost = 1 },
        ["manifest: a page that says not found"] = new(Pull, r => r.FailAlways("GET", "/v2/", Html(404)), "GAN2002") { AtMost = 2 },
        ["manifest: a page of a proxy, once"] = new(Pull, r => r.Fail("GET", "/manifests/", Html(502))),
        ["manifest: without a type"] = new(Pull, r => r.FailAlways("GET", "/manifests/", Header("Content-Type", null))),
        ["manifest: as plain text"] = new(Pull, r => r.FailAlways("GET", "/manifests/", Header("Content-Type", "text/plain"))),
        ["manifest: as an index"] =
            new(Pull, r => r.FailAlways("GET", "/manifests/", Header("Content-Type", MediaTypes.OciIndex)), "GAN1005") { AtMost = 1 },
        ["manifest: not JSON"] = new(
            Pull,
            r => r.FailAlways("GET", "/manifests/v1", Answer(MediaTypes.OciManifest, "{\"schemaVersion\":2,"u8.ToArray())),
            "GAN1005") { AtMost = 1 },
        ["manifest: an index and an image at once"] = new(
            Pull,
            r => r.FailAlways(
                "GET", "/manifests/v1", Answer(MediaTypes.OciManifest, """{"config":{},"layers":[],"manifests":[]}"""u8.ToArray())),
            "GAN1005") { AtMost = 1 },
        ["manifest: of schema 1"] = new(
            Pull,
            r =>
                r.FailAlways("GET", "/manifests/v1", Answer("application/vnd.docker.distribution.manifest.v1+prettyjws", "{}"u8.ToArray())),
            "GAN2027") { AtMost = 1 },
        ["manifest: huge, as it says"] = new(
            Pull,
            r => r.FailAlways("GET", "/manifests/v1", Answer(MediaTypes.OciManifest, new byte[5 * 1024 * 1024])),
            "GAN1009") { AtMost = 1 },
        ["manifest: without an end"] =
            new(Pull, r => r.FailAlways("GET", "/manifests/v1", Endless(MediaTypes.OciManifest)), "GAN1009") { AtMost = 1 },
        ["manifest: nested too deep"] =
            new(Pull, r => r.FailAlways("GET", "/manifests/v1", Answer(MediaTypes.OciManifest, Nested(5000))), "GAN1005") { AtMost = 1 },
        ["manifest: redirected in a circle"] =
            new(Pull, r => r.FailAlways("GET", "/manifests/", Redirect("{path}")), "GAN2023") { AtMost = 11 },
        ["manifest: redirected to plain HTTP elsewhere"] =
            new(Pull, r => r.FailAlways("GET", "/manifests/", Redirect("http://registry.example.com/x")), "GAN2014") { AtMost = 1 },
        ["manifest: redirected to a file"] =
            new(Pull, r => r.FailAlways("GET", "/manifests/", Redirect("file:///etc/passwd")), "GAN2016") { AtMost = 1 },
        ["manifest: redirected to nowhere"] = new(Pull, r => r.FailAlways("GET", "/manifests/", Redirect("")), "GAN2023") { AtMost = 11 },
        ["manifest: unknown status"] = new(Pull, r => r.FailAlways("GET", "/manifests/", StatusCode(418)), "GAN2016") { AtMost = 1 },
        ["tag: HEAD without the digest"] = new(FindTag, r => r.FailAlways("HEAD", "/manifests/", Header("Docker-Content-Digest", null))),
        ["tag: HEAD not allowed"] = new(FindTag, r => r.FailAlways("HEAD", "/manifests/", StatusCode(405))) { AtMost = 2 },
        ["tag: HEAD not found"] = new(FindTag, r => r.FailAlways("HEAD", "/manifests/", Refuse(404, "MANIFEST_UNKNOWN"))) { AtMost = 2 },
        ["tag: HEAD refused"] = new(FindTag, r => r.FailAlways("HEAD", "/manifests/", StatusCode(403))) { AtMost = 2 },
        ["tag: HEAD refused, with a challenge"] =
            new(FindTag, r => r.FailAlways("HEAD", "/manifests/", Challenge("Negotiate"))) { AtMost = 2 },
        ["tag: HEAD not understood"] = new(FindTag, r => r.FailAlways("HEAD", "/manifests/", StatusCode(400))) { AtMost = 2 },
        ["tag: HEAD not implemented"] = new(FindTag, r => r.FailAlways("HEAD", "/manifests/", StatusCode(501))) { AtMost = 2 },
        ["tag: HEAD with the sha512 digest"] = new(
            FindTag,
            r => r.FailAlways("HEAD", "/manifests/", Header("Docker-Content-Digest", Sha512(s_image.Root.Bytes.ToArray())))),
        ["tag: HEAD and GET refused"] = new(
            FindTag,
            r => { r.FailAlways("HEAD", "/manifests/", StatusCode(403)); r.FailAlways("GET", "/manifests/", StatusCode(403)); },
            "GAN2003") { AtMost = 2 },
        ["blob: HEAD refused"] = new(FindBlob, r => r.FailAlways("HEAD", "/blobs/", StatusCode(403))) { AtMost = 2 },
        ["blob: HEAD not allowed"] = new(FindBlob, r => r.FailAlways("HEAD", "/blobs/", StatusCode(405))) { AtMost = 2 },
        ["blob: HEAD gives a page"] = new(FindBlob, r => r.FailAlways("HEAD", "/blobs/", Html())) { AtMost = 2 },
        ["blob: HEAD and GET refused"] = new(
            FindBlob,
            r => { r.FailAlways("HEAD", "/blobs/", StatusCode(403)); r.FailAlways("GET", "/blobs/", StatusCode(403)); },
            "GAN2003") { AtMost = 2 },
        ["tag: HEAD without the type"] = new(FindTag, r => r.FailAlways("HEAD", "/manifests/", Header("Content-Type", null))),
        ["tag: HEAD gives a page"] = new(FindTag, r => r.FailAlways("HEAD", "/manifests/", Html())) { AtMost = 2 },

        // Reading blobs
        ["blob: truncated once"] = new(Pull, r => r.Fail("GET", Blob, Truncate(300_000))) { Resumed = true },
        ["blob: truncated again and again, with progress"] =
            new(Pull, r => Enumerable.Range(1, 4).ToList().ForEach(_ => r.Fail("GET", Blob, Truncate(100_000)))) { Resumed = true },
        // HttpClient itself retries when a reused connection ends before its first byte.
        ["blob: truncated always, at once"] = new(Pull, r => r.FailAlways("GET", Blob, Truncate(0)), "GAN2015") { AtMost = 20 },
        ["blob: stalled once"] = new(Pull, r => r.Fail("GET", Blob, StallAfter(300_000))),
        ["blob: stalled always"] = new(Pull, r => r.FailAlways("GET", Blob, StallAfter(0)), "GAN2012") { AtMost = 15 },
        ["blob: drips once"] = new(Pull, r => r.Fail("GET", Blob, SendSlowly())) { Resumed = true },
        ["blob: reset once"] = new(Pull, r => r.Fail("GET", Blob, Reset())),
        ["blob: 503 in the middle"] =
            new(Pull, r => { r.Fail("GET", Blob, Truncate(300_000)); r.Fail("GET", Blob, StatusCode(503)); }) { Resumed = true },
        ["blob: truncated, without ranges"] =
            new(Pull, r => r.Fail("GET", Blob, Truncate(300_000))) { Registry = new() { Ranges = false } },
        ["blob: truncated, and ranges are refused"] =
            new(Pull, r => { r.Fail("GET", Blob, Truncate(300_000)); r.Fail("GET", Blob, StatusCode(416)); }),
        ["blob: truncated, and another range is given"] = new(
            Pull, r => { r.Fail("GET", Blob, Truncate(300_000)); r.Fail("GET", Blob, Header("Content-Range", "bytes 0-399999/700000")); }),
        ["blob: corrupted"] = new(Pull, r => r.FailAlways("GET", Blob, Corrupt()), "GAN2005") { AtMost = 4 },
        ["blob: says that it is shorter"] = new(Pull, r => r.FailAlways("GET", Blob, Shorten(1000)), "GAN2006") { AtMost = 5 },
        ["blob: says that it is shorter, once"] = new(Pull, r => r.Fail("GET", Blob, Shorten(1000))),
        ["blob: a page once"] = new(Pull, r => r.Fail("GET", Blob, Html())),
        ["blob: is shorter, without saying so"] =
            new(Pull, r => r.FailAlways("GET", Blob, ShortenChunked(1000)), "GAN2006") { AtMost = 15 },
        ["blob: is longer, without saying so"] = new(Pull, r => r.FailAlways("GET", Blob, Lengthen(1)), "GAN2006") { AtMost = 4 },
        ["blob: without an end"] = new(Pull, r => r.FailAlways("GET", Blob, Endless("application/octet-stream")), "GAN2006") { AtMost = 4 },
        ["blob: missing"] =
            new(Pull, r => r.Store.Blobs.Remove(("app", s_layer.Digest.ToString()), out _), "GAN2004") { AtMost = 4, Damaged = true },
        ["blob: a page"] = new(Pull, r => r.FailAlways("GET", Blob, Html()), "GAN2002") { AtMost = 5 },
        ["blob: 403"] = new(Pull, r => r.FailAlways("GET", Blob, StatusCode(403)), "GAN2003") { AtMost = 4 },
        ["blob: redirected in a circle"] = new(Pull, r => r.FailAlways("GET", Blob, Redirect("{path}")), "GAN2023") { AtMost = 14 },

        // Writing blobs
        ["upload: 500 to its beginning"] = new(Push, r => r.Fail("POST", "/uploads/", StatusCode(500))),
        ["upload: 429 to its beginning"] = new(Push, r => r.Fail("POST", "/uploads/", StatusCode(429, "9"), 2)),
        ["upload: its beginning is answered and the answer lost"] = new(Push, r => r.Fail("POST", "/uploads/", LoseAnswer())),
        ["upload: begins nowhere"] = new(Push, r => r.FailAlways("POST", "/uploads/", AnswerWithoutDoing(202)), "GAN2016") { AtMost = 3 },
        ["upload: begins with a page"] = new(Push, r => r.FailAlways("POST", "/uploads/", Html()), "GAN2016") { AtMost = 3 },
        ["upload: refused"] = new(Push, r => r.FailAlways("POST", "/uploads/", Refuse(403, "DENIED")), "GAN2003") { AtMost = 3 },
        ["upload: too large"] = new(Push, r => r.FailAlways("PUT", "/uploads/", Refuse(413, "SIZE_INVALID")), "GAN2011") { AtMost = 20 },
        ["upload: quota"] = new(Push, r => r.FailAlways("PUT", "/uploads/", Refuse(400, "QUOTA_EXCEEDED")), "GAN2011") { AtMost = 3 },
        ["upload: reset in the middle"] =
            new(Push, r => r.Fail("PUT", s_layer.Digest.Hex, ResetAfterReceiving(60_000))) { Continued = true },
        ["upload: reset in the middle, session lost"] =
            new(Push, r => { r.Fail("PUT", s_layer.Digest.Hex, ResetAfterReceiving(60_000)); r.Fail("GET", "/uploads/", LoseUpload()); }),
        ["upload: reset in the middle, and no pieces"] =
            new(Push, r => r.Fail("PUT", s_layer.Digest.Hex, ResetAfterReceiving(60_000))) { Registry = new() { Resumable = false } },
        ["upload: reset in the middle, and pieces are refused"] =
            new(Push, r => { r.Fail("PUT", s_layer.Digest.Hex, ResetAfterReceiving(60_000)); r.FailAlways("PATCH", "", StatusCode(405)); }),
        ["upload: reset in the middle of a piece, too"] = new(Push, r =>
        {
            r.Fail("PUT", s_layer.Digest.Hex, ResetAfterReceiving(50_000));
            r.Fail("PATCH", "/uploads/", ResetAfterReceiving(10_000));
        }) { Continued = true },
        ["upload: session lost before its end"] = new(Push, r => r.Fail("PUT", "/uploads/", LoseUpload())),
        ["upload: session lost every time"] = new(Push, r => r.FailAlways("PUT", "/uploads/", LoseUpload()), "GAN2011") { AtMost = 20 },
        ["upload: 416 once"] = new(Push, r => r.Fail("PUT", "/uploads/", Refuse(416, "RANGE_INVALID"))),
        ["upload: done, and the answer lost"] = new(Push, r => r.Fail("PUT", "/uploads/", LoseAnswer())),
        ["upload: stalls once"] = new(Push, r => r.Fail("PUT", "/uploads/", StallReceiving())),
        ["upload: stalls always"] = new(Push, r => r.FailAlways("PUT", "/uploads/", StallReceiving()), "GAN2012") { AtMost = 30 },
        ["upload: 502 to its end"] = new(Push, r => r.Fail("PUT", "/uploads/", StatusCode(502))),
        ["upload: 503 always"] = new(Push, r => r.FailAlways("PUT", "/uploads/", StatusCode(503)), "GAN2013") { AtMost = 30 },
        ["upload: damaged on its way once"] = new(Push, r => r.Fail("PUT", "/uploads/", Refuse(400, "DIGEST_INVALID"))),
        ["upload: stored under another digest"] =
            new(Push, r => r.FailAlways("PUT", "/uploads/", Header("Docker-Content-Digest", $"sha256:{new string('0', 64)}"))),
        ["upload: without its digest"] = new(Push, r => r.FailAlways("PUT", "/uploads/", Header("Docker-Content-Digest", null))),
        ["upload: mounts are refused as a whole"] = new(Push, r => r.FailAlways("POST", "mount=", Refuse(404, "NAME_UNKNOWN"))),
        ["upload: mounts are reported and not done"] = new(Push, r => r.FailAlways("POST", "mount=", AnswerWithoutDoing(201))),
        ["upload: nothing is mounted"] = new(Push, _ => { }) { Registry = new() { Mounts = MountSupport.None } },
        ["upload: another registry's addresses"] =
            new(Push, _ => { }) { Registry = new() { ReferenceImplementation = false, Mounts = MountSupport.FromOthers } },

        // Writing manifests
        ["write: 500 once"] = new(Push, r => r.Fail("PUT", "/manifests/", StatusCode(500))),
        ["write: done, and the answer lost"] = new(Push, r => r.Fail("PUT", "/manifests/", LoseAnswer())),
        ["write: no answer once"] = new(Push, r => r.Fail("PUT", "/manifests/", Stall())),
        ["write: blobs not seen yet"] = new(Push, r => r.Fail("PUT", "/manifests/", Refuse(400, "MANIFEST_BLOB_UNKNOWN"), 2)),
        ["write: blobs never seen"] =
            new(Push, r => r.FailAlways("PUT", "/manifests/", Refuse(400, "MANIFEST_BLOB_UNKNOWN")), "GAN2011") { AtMost = 12 },
        ["write: tag is immutable"] =
            new(Push, r => r.FailAlways("PUT", "/manifests/v1", Refuse(409, "TAG_IMMUTABLE")), "GAN2011") { AtMost = 9 },
        ["write: stored under another digest"] = new(
            Push,
            r => r.FailAlways("PUT", "/manifests/", Header("Docker-Content-Digest", $"sha256:{new string('0', 64)}")),
            "GAN2005") { AtMost = 8 },
        ["write: refused with a page"] = new(Push, r => r.FailAlways("PUT", "/manifests/", Html(403)), "GAN2003") { AtMost = 7 },

        // Lists
        ["tags: pages"] = new(ListTags, AddTags) { Registry = new() { PageSize = 7 } },
        ["tags: a page is lost once"] =
            new(ListTags, r => { AddTags(r); r.Fail("GET", "last=", Reset()); }) { Registry = new() { PageSize = 7 } },
        ["tags: pages in a circle"] = new(
            ListTags,
            r => { AddTags(r); r.FailAlways("GET", "/tags/list", Header("Link", "</v2/app/tags/list?last=t05>; rel=\"next\"")); },
            "GAN2017") { AtMost = 3 },
        ["tags: a page that leads to itself"] = new(
            ListTags,
            r => { AddTags(r); r.FailAlways("GET", "/tags/list", Header("Link", "<?n=1000>; rel=\"next\"")); },
            "GAN2017") { AtMost = 3 },
        ["tags: next page on another host"] = new(
            ListTags,
            r =>
            {
                AddTags(r);
                r.FailAlways("GET", "/tags/list", Header("Link", "<https://evil.example.com/v2/app/tags/list>; rel=\"next\""));
            },
            "GAN2016") { AtMost = 1 },
        ["tags: the next page is not found"] = Second("tags", ListTags, StatusCode(404)),
        ["tags: the next page is not known"] = Second("tags", ListTags, Refuse(404, "NAME_UNKNOWN")),
        ["tags: the next page is refused"] = Second("tags", ListTags, StatusCode(400)),
        ["tags: the next page is for people"] = Second("tags", ListTags, Html()),
        ["tags: the next page has an error"] =
            Second("tags", ListTags, Answer("application/json", """{"errors":[{"code":"X"}]}"""u8.ToArray()), "GAN2016"),
        ["tags: pages that add nothing"] = new(
            ListTags,
            r =>
            {
                AddTags(r);
                var page = 0;
                r.FailAlways("GET", "/tags/list", fault =>
                    Header("Link", $"</v2/app/tags/list?page={++page}>; rel=\"next\"")(fault));
            },
            "GAN2017") { AtMost = 3 },
        ["tags: a page for people"] = new(ListTags, r => r.FailAlways("GET", "/tags/list", Html()), "GAN2002") { AtMost = 1 },
        ["tags: not JSON"] = new(
            ListTags,
            r => r.FailAlways("GET", "/tags/list", Answer("application/json", "{\"tags\":["u8.ToArray())),
            "GAN2016") { AtMost = 1 },
        ["tags: something else than tags"] = new(
            ListTags,
            r => r.FailAlways("GET", "/tags/list", Answer("application/json", """{"tags":[1]}"""u8.ToArray())),
            "GAN2016") { AtMost = 1 },
        ["tags: not even a list of them"] = new(
            ListTags,
            r => r.FailAlways("GET", "/tags/list", Answer("application/json", """{"name":"app"}"""u8.ToArray())),
            "GAN2016") { AtMost = 1 },
        ["tags: none, as null"] =
            new(ListTags, r => r.FailAlways("GET", "/tags/list", Answer("application/json", """{"name":"app","tags":null}"""u8.ToArray()))),
        ["tags: without an end"] =
            new(ListTags, r => r.FailAlways("GET", "/tags/list", Endless("application/json")), "GAN1009") { AtMost = 1 },
        ["referrers: pages"] = new(ListReferrers, AddReferrers) { Registry = new() { PageSize = 2 } },
        ["referrers: pages in a circle"] = new(
            ListReferrers,
            r => { AddReferrers(r); r.FailAlways("GET", "/referrers/", Header("Link", "<?skip=1>; rel=\"next\"")); },
            "GAN2017") { AtMost = 3 },
        ["referrers: the next page is not found"] = Second("referrers", ListReferrers, StatusCode(404)),
        ["referrers: the next page is not known"] = Second("referrers", ListReferrers, Refuse(404, "MANIFEST_UNKNOWN")),
        ["referrers: the next page is refused"] = Second("referrers", ListReferrers, StatusCode(400)),
        ["referrers: the next page is not allowed"] = Second("referrers", ListReferrers, StatusCode(405)),
        ["referrers: the next page is not implemented"] = Second("referrers", ListReferrers, StatusCode(501)),
        ["referrers: the next page is denied"] = Second("referrers", ListReferrers, StatusCode(403)),
        ["referrers: the next page is for people"] = Second("referrers", ListReferrers, Html()),
        ["referrers: the next page is something else"] =
            Second("referrers", ListReferrers, Answer("application/json", """{"schemaVersion":2}"""u8.ToArray()), "GAN2016"),
        ["referrers: the next page fails"] = Second("referrers", ListReferrers, StatusCode(500), "GAN2013"),
        ["referrers: the next page fails once"] =
            new(ListReferrers, r => { AddReferrers(r); r.Fail("GET", "skip=", StatusCode(500)); }) { Registry = new() { PageSize = 2 } },
        ["referrers: null"] = new(
            ListReferrers, r => r.FailAlways("GET", "/referrers/", Answer(MediaTypes.OciIndex, """{"manifests":null}"""u8.ToArray()))),
        ["referrers: null as a referrer"] = new(
            ListReferrers,
            r => r.FailAlways("GET", "/referrers/", Answer(MediaTypes.OciIndex, """{"manifests":[null]}"""u8.ToArray())),
            "GAN2016") { AtMost = 1 },
        ["referrers: pages that add nothing"] = new(
            ListReferrers,
            r =>
            {
                AddReferrers(r);
                var page = 0;
                r.FailAlways("GET", "/referrers/", fault => Header("Link", $"<?page={++page}>; rel=\"next\"")(fault));
            },
            "GAN2017") { AtMost = 3 },
        ["referrers: a page for people"] = new(ListReferrers, r => r.FailAlways("GET", "/referrers/", Html())),
        ["referrers: redirected to a page"] = new(
            ListReferrers,
            r => { r.FailAlways("GET", "/referrers/", Redirect("/welcome", 303)); r.FailAlways("GET", "/welcome", Html()); }),
        ["referrers: not known"] = new(ListReferrers, r => r.FailAlways("GET", "/referrers/", StatusCode(404))),
        ["referrers: not allowed"] = new(ListReferrers, r => r.FailAlways("GET", "/referrers/", StatusCode(403))) { AtMost = 2 },
        ["referrers: not allowed, with a challenge"] =
            new(ListReferrers, r => r.FailAlways("GET", "/referrers/", Challenge("Negotiate"))) { AtMost = 2 },
        ["referrers: nothing allowed"] =
            new(ListReferrers, r => r.FailAlways("GET", "/v2/app/", StatusCode(403)), "GAN2003") { AtMost = 2 },
        ["referrers: fail"] = new(ListReferrers, r => r.FailAlways("GET", "/referrers/", StatusCode(500)), "GAN2013") { AtMost = 6 },
        ["referrers: not an index"] = new(
            ListReferrers,
            r => r.FailAlways("GET", "/referrers/", Answer(MediaTypes.OciIndex, "[]"u8.ToArray())),
            "GAN2016") { AtMost = 1 },
        ["referrers: with an unknown digest algorithm"] = new(
            ListReferrers,
            r => r.FailAlways(
                "GET",
                "/referrers/",
                Answer(MediaTypes.OciIndex, """{"manifests":[{"mediaType":"a/b","digest":"blake3:00","size":1}]}"""u8.ToArray())),
            "GAN2016") { AtMost = 1 },
    };

    private ScriptedRegistry? _registry;
    private RegistrySession? _session;

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    private static string Blob => $"/blobs/{s_layer.Digest}";

    [Theory, MemberData(nameof(Cases))]
    public async Task Every_fault_ends_in_success_or_a_coded_error(string name)
    {
        var expected = s_cases[name];
        _registry = await ScriptedRegistry.StartAsync(expected.Registry with { Time = new AutoAdvancingTime() });
        _session = new RegistrySession(_registry.SessionOptions());
        if (expected.Act != Push)
            _registry.Store.Add("app", s_image, "v1");
        expected.Script(_registry);

        var code = await CodeOfAsync(() => expected.Act(_session.Open(_registry.Address, "app"))).WaitAsync(s_hang);

        Assert.Equal(expected.Code, code);
        Assert.InRange(_registry.Requests.Count, 1, expected.AtMost);
        if (!expected.Damaged)
            Assert.Empty(_registry.Store.FindDamage());
        if (expected.Resumed)
            Assert.Contains(_registry.Requests, request => request.Range is not null);
        if (expected.Continued)
            Assert.NotEqual(0, _registry.Count("PATCH"));
        if (expected.Act == Push && code.Length > 0)
            Assert.Empty(_registry.Store.Tags);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_session is not null)
            await _session.DisposeAsync();
        if (_registry is not null)
            await _registry.DisposeAsync();
    }

    private static async Task<string> CodeOfAsync(Func<Task<bool>> act)
    {
        try
        {
            return await act() ? "" : "(nothing)";
        }
        catch (GantryException exception)
        {
            return exception.Code;
        }
    }

    private static async Task<bool> Pull(IImageRepository repository)
    {
        if (await repository.FindManifestAsync("v1", default) is not { } byTag)
            return false;
        Assert.Equal(s_image.Root.Bytes.ToArray(), byTag.Bytes.ToArray());
        Assert.Equal(
            s_image.Root.Bytes.ToArray(), (await repository.FindManifestAsync(s_image.Root.Descriptor.Digest, default))!.Bytes.ToArray());
        foreach (var blob in s_image.BlobDescriptors)
        {
            await using var stream = await repository.OpenBlobAsync(blob, default);
            using var content = new MemoryStream();
            await stream.CopyToAsync(content);
            Assert.Equal(s_image.Blobs[blob.Digest], content.ToArray());
        }

        return true;
    }

    private static async Task<bool> FindTag(IImageRepository repository)
    {
        var found = await repository.FindTagAsync("v1", default);
        Assert.Equal(s_image.Root.Descriptor, found);
        return true;
    }

    private static async Task<bool> FindBlob(IImageRepository repository)
    {
        Assert.True(await repository.HasBlobAsync(s_layer, default));
        return true;
    }

    private static async Task<bool> Push(IImageRepository repository)
    {
        await s_image.PushAsync(repository);
        await repository.PutTagAsync("v1", s_image.Root, default);
        Assert.Equal(s_image.Root.Descriptor, await repository.FindTagAsync("v1", default));
        return true;
    }

    private static async Task<bool> ListTags(IImageRepository repository)
    {
        var tags = await repository.ListTagsAsync(default);
        Assert.True(tags.Count is 0 or 21);
        return true;
    }

    private static async Task<bool> ListReferrers(IImageRepository repository)
    {
        var referrers = await repository.ListReferrersAsync(s_image.Root.Descriptor.Digest, default);
        Assert.True(referrers.Count is 0 or 5);
        return true;
    }

    /// <summary>A list whose second page has a fault.</summary>
    private static Case Second(string list, Func<IImageRepository, Task<bool>> act, Fault fault, string code = "GAN2042") => new(
        act,
        registry =>
        {
            AddTags(registry);
            AddReferrers(registry);
            registry.FailAlways("GET", list == "tags" ? "last=" : "skip=", fault);
        },
        code) { Registry = new() { PageSize = 2 }, AtMost = 7 };

    private static void AddTags(ScriptedRegistry registry)
    {
        for (var number = 10; number < 30; number++)
            registry.Store.Tags[("app", $"t{number}")] = s_manifest;
    }

    private static void AddReferrers(ScriptedRegistry registry)
    {
        for (var number = 0; number < 5; number++)
            registry.Store.Add("app", SampleImage.CreateReferrer(s_image.Root.Descriptor, $"number {number}"));
    }

    private static string Sha512(byte[] content) =>
        $"sha512:{Convert.ToHexStringLower(System.Security.Cryptography.SHA512.HashData(content))}";

    private static byte[] Nested(int depth) =>
        Encoding.UTF8.GetBytes($$"""{"annotations":{{string.Concat(Enumerable.Repeat("{\"a\":", depth))}}1{{new string('}', depth)}}}""");

    /// <summary>A fault during an operation, and its expected outcome.</summary>
    /// <param name="Act">The operation; false when nothing was found.</param>
    /// <param name="Script">Scripts the fault.</param>
    /// <param name="Code">The code of the error; empty for success.</param>
    private sealed record Case(Func<IImageRepository, Task<bool>> Act, Action<ScriptedRegistry> Script, string Code = "")
    {
        /// <summary>The maximum number of requests, including retries.</summary>
        public int AtMost { get; init; } = 30;

        /// <summary>True when the rest of a blob can be requested.</summary>
        public bool Resumed { get; init; }

        /// <summary>True when an upload can be resumed.</summary>
        public bool Continued { get; init; }

        /// <summary>True when the case itself damages the registry.</summary>
        public bool Damaged { get; init; }

        public ScriptedRegistryOptions Registry { get; init; } = new();
    }
}
