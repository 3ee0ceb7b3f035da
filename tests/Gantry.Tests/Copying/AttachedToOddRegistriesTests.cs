using System.Security.Cryptography;
using System.Text;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Faults;
using static Gantry.Testing.Faults.RegistryFaults;

namespace Gantry.Tests.Copying;

/// <summary>Nothing that belongs to an image is lost silently, whatever the registries list: it is copied, or the copy fails.</summary>
public sealed class AttachedToOddRegistriesTests : IAsyncLifetime
{
    private const string Html = "<!doctype html><title>Welcome</title>";

    private static readonly SampleImage s_image = SampleImage.Create(21, 1000, 2000);
    private static readonly string s_hex = s_image.Root.Descriptor.Digest.Hex;
    private static readonly SampleImage s_signature = SampleImage.CreateReferrer(s_image.Root.Descriptor, "a signature");
    private static readonly SampleImage s_cosign = SampleImage.Create(22, 300);

    private static readonly Dictionary<string, Fault> s_lists = new(StringComparer.Ordinal)
    {
        ["fails"] = StatusCode(500),
        ["is not ready"] = StatusCode(503, "3600"),
        ["has too many requests"] = StatusCode(429, "120"),
        ["is refused"] = StatusCode(403),
        ["is refused with a challenge"] = Challenge("Negotiate"),
        ["is not allowed"] = StatusCode(405),
        ["is a page"] = RegistryFaults.Html(),
        ["is HTML as JSON"] = Answer("application/json", Encoding.UTF8.GetBytes(Html)),
        ["has 24 MB"] = Answer("application/json", new byte[24 * 1024 * 1024]),
        ["has no end"] = Endless("application/json"),
        ["never answers"] = Stall(),
        ["never ends"] = StallAfter(5),
        ["drips"] = SendSlowly(),
        ["is reset"] = Reset(),
        ["is null"] = Answer("application/json", "null"u8.ToArray()),
        ["lists nothing"] = Answer("application/json", """{"tags":null}"""u8.ToArray()),
        ["lists only some"] = Answer("application/json", """{"tags":["v1"]}"""u8.ToArray()),
        ["is cut off"] = Answer("application/json", Encoding.UTF8.GetBytes(
            $$"""{"tags":["v1",{{string.Join(',', Enumerable.Range(0, 99).Select(number => $"\"0.{number}\""))}}]}""")),
    };

    private readonly List<IAsyncDisposable> _started = [];
    private readonly List<GantryException> _warnings = [];

    public static TheoryData<string> Lists => [.. s_lists.Keys];

    [Theory, MemberData(nameof(Lists))]
    public Task A_list_of_tags_is_optional(string name) => CopyWithListAsync(name, new());

    [Theory, MemberData(nameof(Lists))]
    public Task A_list_of_tags_is_optional_without_the_referrers_API(string name) =>
        CopyWithListAsync(name, new() { ReferrersApi = false });

    private async Task CopyWithListAsync(string name, ScriptedRegistryOptions source)
    {
        var (from, to) = (await SourceAsync(source), await StartAsync(new()));
        from.FailAlways("GET", "/tags/list", s_lists[name]);

        var outcome = await CopyAsync(from, to);

        Assert.Null(outcome.Error);
        Assert.Equal(2, outcome.Images[0].Attachments);
        Assert.Equal(["sha256-" + s_hex + ".sig", "v1"], to.Store.Tags.Keys.Select(key => key.Tag).Order(StringComparer.Ordinal));
        Assert.Contains(("app", s_signature.Root.Descriptor.Digest.ToString()), to.Store.Manifests);
        Assert.Equal(1, from.Count("GET", "/tags/list"));
        Assert.DoesNotContain(TimeSpan.FromMinutes(2), from.Time.Pauses);
        Assert.All(_warnings, warning => Assert.Equal("GAN2043", warning.Code));
    }

    [Fact]
    public async Task A_list_of_tags_that_fails_is_reported_once()
    {
        var (from, to) = (await SourceAsync(new()), await StartAsync(new()));
        from.FailAlways("GET", "/tags/list", StatusCode(500));

        Assert.Null((await CopyAsync(from, to)).Error);

        Assert.Contains("(status 500", Assert.Single(_warnings).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Referrers_that_may_not_be_listed_are_found_under_the_fallback_tag(int status)
    {
        var (from, to) = (await SourceAsync(new() { ReferrersApi = false }), await StartAsync(new()));
        from.FailAlways("GET", "/referrers/", StatusCode(status));

        Assert.Equal(2, (await CopyAsync(from, to)).Images[0].Attachments);

        Assert.Equal("GAN2044", Assert.Single(_warnings).Code);
        Assert.Equal(1, from.Count("GET", "/referrers/"));
    }

    [Fact]
    public async Task Referrers_at_a_target_that_may_not_be_asked_are_found_there_again()
    {
        var (from, to) = (await SourceAsync(new()), await StartAsync(new()));
        to.FailAlways("GET", "/referrers/", StatusCode(403));

        Assert.Null((await CopyAsync(from, to)).Error);

        Assert.Single(await Open(to).ListReferrersAsync(s_image.Root.Descriptor.Digest, default));
    }

    [Fact]
    public async Task Referrers_under_a_fallback_tag_are_found_beside_those_that_the_registry_lists()
    {
        var (from, to) = (await StartAsync(new()), await StartAsync(new()));
        from.Store.Add("app", s_image, "v1");
        from.Store.Add("app", s_signature);
        var listed = SampleImage.CreateReferrer(s_image.Root.Descriptor, "of the time before");
        from.Store.Add("app", listed);
        from.Store.Add(
            "app",
            ManifestContent.Create(new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = [listed.Root.Descriptor] }),
            "sha256-" + s_hex);
        from.FailAlways("GET", "/referrers/", Answer(MediaTypes.OciIndex, Encoding.UTF8.GetBytes(
            $$"""{"manifests":[{"mediaType":"{{MediaTypes.OciManifest}}","digest":"{{s_signature.Root.Descriptor.Digest}}","size":1}]}""")));

        Assert.Equal(2, (await CopyAsync(from, to)).Images[0].Attachments);
    }

    [Fact]
    public async Task A_registry_that_claims_to_list_a_referrer_and_does_not_is_an_error()
    {
        var (from, to) = (await SourceAsync(new()), await StartAsync(new()));
        to.FailAlways("GET", "/referrers/", Answer(MediaTypes.OciIndex, """{"manifests":[]}"""u8.ToArray()));

        Assert.Equal("GAN2040", Assert.IsType<GantryException>((await CopyAsync(from, to)).Error).Code);

        Assert.Empty(to.Store.Tags);
    }

    [Theory]
    [InlineData("the same")]
    [InlineData("sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("")]
    public async Task A_registry_that_claims_to_list_referrers_and_has_no_list_gets_the_fallback_tag(string subject)
    {
        var (from, to) = (await SourceAsync(new()), await StartAsync(new() { ReferrersApi = false }));
        to.FailAlways(
            "PUT",
            "/manifests/",
            Header("OCI-Subject", subject == "the same" ? s_image.Root.Descriptor.Digest.ToString() : subject));

        Assert.Null((await CopyAsync(from, to)).Error);

        Assert.Contains(("app", "sha256-" + s_hex), to.Store.Tags);
        Assert.Single(await Open(to).ListReferrersAsync(s_image.Root.Descriptor.Digest, default));
    }

    [Fact]
    public async Task Referrers_of_both_digests_are_copied_when_a_registry_reports_sha512()
    {
        var (from, to) = (await SourceAsync(new()), await StartAsync(new()));
        var sha512 = $"sha512:{Convert.ToHexStringLower(SHA512.HashData(s_image.Root.Bytes.Span))}";
        from.Store.Add("app", SampleImage.CreateReferrer(s_image.Root.Descriptor with { Digest = Digest.Parse(sha512) }, "by its sha512"));
        from.FailAlways("GET", "/manifests/v1", Header("Docker-Content-Digest", sha512));

        var outcome = await CopyAsync(from, to);

        Assert.Null(outcome.Error);
        Assert.Equal(s_image.Root.Descriptor.Digest, outcome.Images[0].Root.Digest);
        Assert.Equal(3, outcome.Images[0].Attachments);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_registry_that_reads_the_fallback_tag_as_a_digest_gets_no_referrers(bool isIndex)
    {
        var (from, to) = (await SourceAsync(new()), await LikeGitLabAsync());
        var tag = "v1";
        if (isIndex)
        {
            tag = "v2";
            var index = ManifestContent.Create(new ImageIndex
            {
                MediaType = MediaTypes.OciIndex,
                Manifests = [s_image.Root.Descriptor with { Platform = Platform.LinuxAmd64 }],
            });
            from.Store.Add("app", index, tag);
            from.Store.Add("app", SampleImage.CreateReferrer(index.Descriptor, "a signature of the index"));
        }

        Assert.Equal("GAN2041", Assert.IsType<GantryException>((await CopyAsync(from, to, tag)).Error).Code);

        Assert.Empty(to.Store.Tags);
        Assert.Equal(0, to.Count("PUT", "sha256-"));
        Assert.DoesNotContain(("app", s_signature.Root.Descriptor.Digest.ToString()), to.Store.Manifests);
    }

    [Fact]
    public async Task A_registry_that_reads_the_fallback_tag_as_a_digest_gets_images_without_referrers()
    {
        var (from, to) = (await LikeGitLabAsync(), await LikeGitLabAsync());
        from.Store.Add("app", s_image);
        var index = ManifestContent.Create(new ImageIndex
        {
            MediaType = MediaTypes.OciIndex,
            Manifests = [s_image.Root.Descriptor with { Platform = Platform.LinuxAmd64 }],
        });
        from.Store.Add("app", index, "v1");

        var outcome = await CopyAsync(from, to);

        Assert.Null(outcome.Error);
        Assert.Equal(0, outcome.Images[0].Attachments);
        Assert.Empty(await Open(from).ListReferrersAsync(index.Descriptor.Digest, default));
    }

    [Fact]
    public async Task Referrers_that_cannot_be_read_under_their_tag_are_reported()
    {
        var (from, to) = (await LikeGitLabAsync(), await StartAsync(new()));
        from.Store.Add("app", s_image, "v1");
        from.Store.Tags[("app", "sha256-" + s_hex)] = s_signature.Root.Descriptor.Digest.ToString();

        Assert.Null((await CopyAsync(from, to)).Error);

        Assert.Equal("GAN2045", Assert.Single(_warnings).Code);
    }

    [Fact]
    public async Task A_registry_that_refuses_the_fallback_tag_is_named()
    {
        var (from, to) = (await SourceAsync(new()), await StartAsync(new() { ReferrersApi = false }));
        to.FailAlways("PUT", "/manifests/sha256-", Refuse(400, "TAG_INVALID"));

        Assert.Equal("GAN2041", Assert.IsType<GantryException>((await CopyAsync(from, to)).Error).Code);
        Assert.Empty(to.Store.Tags);
    }

    [Fact]
    public async Task A_tag_that_only_claims_the_digest_is_found_out()
    {
        var (from, to) = (await SourceAsync(new()), await StartAsync(new()));
        var other = SampleImage.Create(23, 10);
        to.Store.Add("app", other, "v1");
        to.FailAlways("HEAD", "/manifests/v1", fault =>
        {
            fault.Http.Response.ContentType = s_image.Root.Descriptor.MediaType;
            fault.Http.Response.ContentLength = s_image.Root.Descriptor.Size;
            fault.Http.Response.Headers["Docker-Content-Digest"] = s_image.Root.Descriptor.Digest.ToString();
            return Task.CompletedTask;
        });

        Assert.Equal("GAN4035", Assert.IsType<GantryException>((await CopyAsync(from, to)).Error).Code);
        Assert.Equal(other.Root.Descriptor.Digest.ToString(), to.Store.Tags[("app", "v1")]);
    }

    [Fact]
    public async Task A_mount_that_is_only_claimed_becomes_an_upload()
    {
        var registry = await SourceAsync(new());
        registry.FailAlways("POST", "mount=", AnswerWithoutDoing(201));
        var session = Session(registry);
        var request = new CopyRequest
        {
            Source = session.Open(registry.Address, "app"),
            Tag = "v1",
            Targets = [new CopyTarget(session.Open(registry.Address, "other"), "v1")],
        };

        Assert.Null(Assert.Single(await new ImageCopier().CopyAsync([request], default)).Error);

        Assert.Empty(registry.Store.FindDamage());
        Assert.True(registry.Store.Tags.ContainsKey(("other", "v1")));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
    }

    /// <summary>Starts a registry with an image, a referrer of it, and a tag of cosign.</summary>
    private async Task<ScriptedRegistry> SourceAsync(ScriptedRegistryOptions options)
    {
        var registry = await StartAsync(options);
        registry.Store.Add("app", s_image, "v1");
        registry.Store.Add("app", s_signature);
        registry.Store.Add("app", s_cosign, "sha256-" + s_hex + ".sig");
        if (!options.ReferrersApi)
            registry.Store.Add(
                "app",
                ManifestContent.Create(new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = [s_signature.Root.Descriptor] }),
                "sha256-" + s_hex);
        return registry;
    }

    /// <summary>Starts a registry that reads the tag sha256-… as the digest, and has no list of referrers.</summary>
    private async Task<ScriptedRegistry> LikeGitLabAsync()
    {
        var registry = await StartAsync(new() { ReferrersApi = false });
        foreach (var method in new[] { "GET", "HEAD" })
        {
            registry.FailAlways(method, "/manifests/sha256-", fault =>
            {
                var path = fault.Http.Request.Path.Value!;
                if (!path.Contains('.', StringComparison.Ordinal))
                    fault.Http.Request.Path = path.Replace("sha256-", "sha256:", StringComparison.Ordinal);
                return fault.AnswerAsync();
            });
        }

        return registry;
    }

    private async Task<CopyOutcome> CopyAsync(ScriptedRegistry from, ScriptedRegistry to, string tag = "v1")
    {
        var request = new CopyRequest { Source = Open(from), Tag = tag, Targets = [new CopyTarget(Open(to), tag)] };
        return Assert.Single(await new ImageCopier().CopyAsync([request], default));
    }

    private IImageRepository Open(ScriptedRegistry registry) => Session(registry).Open(registry.Address, "app");

    private RegistrySession Session(ScriptedRegistry registry) => Own(new RegistrySession(registry.SessionOptions() with
    {
        Warn = warning =>
        {
            lock (_warnings)
                _warnings.Add(warning);
        },
    }));

    private async Task<ScriptedRegistry> StartAsync(ScriptedRegistryOptions options) =>
        Own(await ScriptedRegistry.StartAsync(options with { Time = new AutoAdvancingTime() }));

    private T Own<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Add(started);
        return started;
    }
}
