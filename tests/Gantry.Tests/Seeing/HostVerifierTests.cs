using Gantry.Deployments;
using Gantry.Drift;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Status;
using Gantry.Testing;
using Gantry.Testing.Faults;
using Gantry.Tests.Deployments;

namespace Gantry.Tests.Seeing;

/// <summary>Hosts of every kind of answer, compared with what was promoted to their environment.</summary>
public sealed class HostVerifierTests
{
    private const string Registry = "contosoprod.azurecr.io";
    private static readonly Digest s_promoted = Digest.Of("promoted"u8);
    private static readonly Digest s_other = Digest.Of("other"u8);
    private static readonly DateTimeOffset s_now = new(2026, 11, 29, 3, 4, 5, TimeSpan.Zero);

    private readonly SampleHosts _hosts = new();
    private readonly List<IDeployer> _deployers;

    public HostVerifierTests() => _deployers = [_hosts];

    [Fact]
    public async Task A_host_that_runs_the_promoted_digest_is_as_promoted()
    {
        _hosts.Runs["web"] = query => new HostReading
        {
            Images = [new HostImage($"{Registry}/{query.Image}@{s_promoted}") { Since = s_now }],
        };

        var (hosts, findings) = await VerifyAsync(new SampleHost("web"));

        Assert.Empty(findings);
        Assert.Equal((HostAgreement.AsPromoted, s_now), (Assert.Single(hosts).Agreement, hosts[0].Since));
        Assert.Equal(hosts[0].Expected, hosts[0].Found[0]);
    }

    [Theory]
    [InlineData("GAN4500", "{registry}/app@{other}")]
    [InlineData("GAN4500", "{registry}/app:1.4.2@{other}")]
    [InlineData("GAN4500", "{other}")]
    [InlineData("GAN4501", "contosodev.azurecr.io/app@{promoted}")]
    [InlineData("GAN4501", "{registry}/other@{promoted}")]
    [InlineData("GAN4501", "{registry}:443/app:1.4.2@{promoted}")]
    [InlineData("GAN4502", "{registry}/app:1.4.2")]
    [InlineData("GAN4502", "{registry}/app")]
    [InlineData("GAN4502", "{registry}/app@sha256:abc")]
    [InlineData("GAN4503", null)]
    [InlineData(null, "{registry}/app:1.4.2@{promoted}")]
    [InlineData(null, "CONTOSOPROD.azurecr.io/app@{promoted}")]
    [InlineData(null, "{promoted}")]
    public async Task What_a_host_runs_is_compared(string? code, string? runs)
    {
        var reference = runs?.Replace("{registry}", Registry, StringComparison.Ordinal)
            .Replace("{promoted}", s_promoted.ToString(), StringComparison.Ordinal)
            .Replace("{other}", s_other.ToString(), StringComparison.Ordinal);
        _hosts.Runs["web"] = _ => HostReading.Of(reference);

        var (hosts, findings) = await VerifyAsync(new SampleHost("web"));

        Assert.Equal(code, findings.SingleOrDefault()?.Code);
        Assert.Equal(code is null ? HostAgreement.AsPromoted : HostAgreement.Different, Assert.Single(hosts).Agreement);
        if (code is null)
            return;
        var finding = findings[0];
        Assert.Equal(
            (StatusMarkKind.OtherOnHosts, "prod", "app", "host web", $"{Registry}/app@{s_promoted}", reference),
            (finding.Kind, finding.Place, finding.Image, finding.Host, finding.Expected, finding.Found));
        Assert.Equal("./build.sh PromoteProd --skip --release 1.4.2", finding.Command);
        Assert.Equal(finding.Problem, finding.ToMark().Problem);
        Assert.True(finding.IsDrift);
    }

    [Fact]
    public async Task Each_part_of_a_host_is_compared()
    {
        _hosts.Runs["web"] = _ => new HostReading
        {
            Images =
            [
                new HostImage($"{Registry}/app@{s_other}") { Part = "revision one" },
                new HostImage($"{Registry}/app@{s_promoted}") { Part = "revision two" },
            ],
        };

        var (_, findings) = await VerifyAsync(new SampleHost("web"));

        Assert.Contains("(revision one)", Assert.Single(findings).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "GAN4504")]
    public async Task A_change_in_progress_is_no_drift_and_a_failed_one_is(bool hasFailed, string? code)
    {
        _hosts.Runs["web"] = _ => HostReading.Of($"{Registry}/app@{s_promoted}") with
        {
            Unsettled = "1 of 3 pods have its image", HasFailed = hasFailed,
        };

        var (hosts, findings) = await VerifyAsync(new SampleHost("web"));

        Assert.Equal(code, findings.SingleOrDefault()?.Code);
        Assert.Equal("1 of 3 pods have its image", Assert.Single(hosts).Note);
    }

    [Fact]
    public async Task A_host_that_cannot_be_read_hides_no_other_one()
    {
        _hosts.Runs["broken"] = _ => throw new GantryException("GAN4090", "kubectl failed: no route", "check the context");
        _hosts.Runs["web"] = _ => HostReading.Of($"{Registry}/app@{s_other}");

        var (hosts, findings) = await VerifyAsync(new SampleHost("broken"), new SampleHost("web"));

        Assert.Equal([HostAgreement.Unreadable, HostAgreement.Different], hosts.Select(host => host.Agreement));
        Assert.Equal(["GAN4090", "GAN4500"], findings.Select(finding => finding.Code));
        Assert.Equal([false, true], findings.Select(finding => finding.IsDrift));
    }

    [Fact]
    public async Task Hosts_that_nothing_can_read_are_named_and_are_no_drift()
    {
        _deployers.AddRange([new WebhookDeployer(TimeProvider.System, _ => null), new RecordingDeployer()]);

        var (hosts, findings) = await VerifyAsync(
            Deployment.Webhook("$(PROD_WEBHOOK)"), new OwnDeployment("there"), new SampleHost("web") with { Image = "worker" });

        Assert.Empty(findings);
        Assert.Equal(
            [
                ("webhook $(PROD_WEBHOOK)", "a webhook cannot be asked what runs behind it"),
                ("copy to there", "RecordingDeployer cannot read hosts: it is no IHostReader"),
                ("host web", "worker is not promoted there"),
            ],
            hosts.Select(host => (host.Host, host.Note!)));
        Assert.All(hosts, host => Assert.Equal(HostAgreement.NotRead, host.Agreement));
    }

    [Fact]
    public async Task A_deployment_without_a_deployer_or_an_image_is_reported()
    {
        var several = Status(Registry, [Cell("app"), Cell("worker")], new SampleHost("web"));
        var (_, ambiguous) = await VerifyAsync(several);
        _deployers.Clear();
        var (_, unknown) = await VerifyAsync(new SampleHost("web"));

        Assert.Equal("GAN4072", Assert.Single(ambiguous).Code);
        Assert.Equal("GAN4075", Assert.Single(unknown).Code);
        Assert.Equal(0, _hosts.Reads);
    }

    [Fact]
    public async Task Hosts_are_not_asked_where_nothing_is_promoted_or_the_registry_is_a_folder()
    {
        var empty = await VerifyAsync(Status(Registry, [Cell("app") with { Version = null }], new SampleHost("web")));
        var local = await VerifyAsync(Status("oci:/tmp/images", [Cell("app")], new SampleHost("web")));

        Assert.Equal("nothing is promoted there", Assert.Single(empty.Hosts).Note);
        Assert.Contains("a folder or file on this machine", Assert.Single(local.Hosts).Note, StringComparison.Ordinal);
        Assert.Empty(empty.Findings.Concat(local.Findings));
        Assert.Equal(0, _hosts.Reads);
    }

    [Fact]
    public async Task Where_a_tag_was_moved_the_host_is_compared_with_the_promotion_alone()
    {
        _hosts.Runs["web"] = _ => HostReading.Of($"{Registry}/app@{s_promoted}");
        var moved = new StatusMark { Kind = StatusMarkKind.MovedTag, Code = "GAN4056", Place = "prod", Problem = "the tag was moved" };
        var cell = Cell("app") with { Digest = s_other, Promotion = null, Marks = [moved] };

        var (hosts, findings) = await VerifyAsync(Status(Registry, [cell], new SampleHost("web")));

        Assert.Empty(findings);
        Assert.Equal(HostAgreement.NotRead, Assert.Single(hosts).Agreement);
        Assert.Contains("the tag of the release was moved", hosts[0].Note, StringComparison.Ordinal);
        Assert.Equal([$"{Registry}/app@{s_promoted}"], hosts[0].Found);
    }

    [Theory]
    [InlineData(null, "AsPromoted", """{"version":"1.4.2+build.7"}""", 200)]
    [InlineData("GAN4505", "Different", """{"version":"1.4.1"}""", 200)]
    [InlineData("GAN4506", "Unreadable", "{}", 200)]
    [InlineData("GAN4506", "Unreadable", "out of order", 503)]
    public async Task A_health_check_that_reports_a_version_counts(string? code, string agreement, string body, int status)
    {
        await using var host = await LoopbackServer.StartAsync(new LoopbackResponse(status, body));
        var environment = Environment() with
        {
            HealthChecks =
            [
                HealthCheck.Of(host.Address + "version", ReportedVersion.Json("version")), HealthCheck.Of(host.Address + "health"),
            ],
        };

        var (hosts, findings) = await VerifyAsync(Status(environment, Registry, [Cell("app")]));

        Assert.Equal((agreement, code), (Assert.Single(hosts).Agreement.ToString(), findings.SingleOrDefault()?.Code));
        Assert.Equal($"health check {host.Address}version", hosts[0].Host);
        Assert.Single(host.Requests);
    }

    [Fact]
    public async Task An_address_in_front_of_all_regions_may_answer_from_any_of_them()
    {
        await using var host = await LoopbackServer.StartAsync(new LoopbackResponse(200, "1.4.1", "text/plain"));
        var environment = new PromotionEnvironment("prod")
        {
            Regions = ["west", "north"], HealthChecks = [HealthCheck.Of(host.Address.ToString(), ReportedVersion.Text)],
        };
        var targets = PromotionTarget.Of(environment, RegistryAddress.Parse("west.azurecr.io"), RegistryAddress.Parse("north.azurecr.io"));
        var status = new FleetStatus
        {
            AsOf = s_now,
            Images = ["app"],
            Targets = targets,
            Cells =
            [
                Cell("app") with { Target = targets[0] }, Cell("app") with { Target = targets[1], Version = "1.4.1" },
            ],
        };

        var (hosts, findings) = await VerifyAsync(status);

        Assert.Empty(findings);
        Assert.Equal(("prod", "1.4.2 or 1.4.1"), (Assert.Single(hosts).Place, hosts[0].Expected));
    }

    [Fact]
    public async Task A_missing_variable_of_a_health_check_is_reported()
    {
        var environment = Environment() with
        {
            HealthChecks = [HealthCheck.Of("https://shop.test/version?code=$(KEY)", ReportedVersion.Text)],
        };

        Assert.Equal("GAN4073", Assert.Single((await VerifyAsync(Status(environment, Registry, [Cell("app")]))).Findings).Code);
    }

    [Fact]
    public async Task As_a_source_of_a_status_the_findings_are_marks()
    {
        _hosts.Runs["web"] = _ => HostReading.Of($"{Registry}/app@{s_other}");
        using var probe = Probe();
        IStatusSource source = new HostVerifier(_deployers, probe, _ => null);

        var addition = await source.ReadAsync(Status(Registry, [Cell("app")], new SampleHost("web")), default);

        Assert.Equal(
            (StatusMarkKind.OtherOnHosts, "GAN4500", "prod", "app"),
            (Assert.Single(addition.Marks).Kind, addition.Marks[0].Code, addition.Marks[0].Place, addition.Marks[0].Image));
        Assert.Empty(addition.Holds);
    }

    private Task<HostVerification> VerifyAsync(params Deployment[] deployments) =>
        VerifyAsync(Status(Registry, [Cell("app")], deployments));

    private async Task<HostVerification> VerifyAsync(FleetStatus status)
    {
        using var probe = Probe();
        return await new HostVerifier(_deployers, probe, _ => null).VerifyAsync(status, default);
    }

    private static HealthProbe Probe() => new(new AutoAdvancingTime(), _ => null) { RequestTimeout = AutoAdvancingTime.TimeLimit };

    private static PromotionEnvironment Environment(params IReadOnlyList<Deployment> deployments) =>
        new("prod") { Deployments = deployments };

    private static FleetStatus Status(string registry, IReadOnlyList<StatusCell> cells, params IReadOnlyList<Deployment> deployments) =>
        Status(Environment(deployments), registry, cells);

    private static FleetStatus Status(PromotionEnvironment environment, string registry, IReadOnlyList<StatusCell> cells)
    {
        var target = new PromotionTarget(environment, Region: null, RegistryAddress.Parse(registry));
        return new FleetStatus
        {
            AsOf = s_now,
            Images = [.. cells.Select(cell => cell.Image)],
            Targets = [target],
            Cells = [.. cells.Select(cell => cell with { Target = target })],
        };
    }

    private static StatusCell Cell(string image) => new()
    {
        Image = image,
        Target = new PromotionTarget(Environment(), Region: null, RegistryAddress.Parse(Registry)),
        Version = "1.4.2",
        Digest = s_promoted,
        Promotion = new PromotionRecord
        {
            Environment = "prod",
            Version = "1.4.2",
            Image = image,
            Digest = s_promoted,
            Promoted = s_now,
            By = new PromotionActor { Name = "Anna" },
            From = "contoso.azurecr.io/" + image,
            To = $"{Registry}/{image}",
            Gates = [],
        },
    };
}
