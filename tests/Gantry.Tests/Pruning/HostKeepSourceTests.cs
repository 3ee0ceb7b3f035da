using Gantry.Deployments;
using Gantry.Drift;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Pruning;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Tests.Seeing;

namespace Gantry.Tests.Pruning;

/// <summary>Keeps what hosts run, whatever the records say.</summary>
public sealed class HostKeepSourceTests : IDisposable
{
    private const string Registry = "registry.test:5000";

    private readonly PrunedHouse _house = new(new MemoryRegistries(), RegistryAddress.Parse(Registry));
    private readonly SampleHosts _hosts = new();
    private readonly List<HostComparison> _skipped = [];

    public void Dispose() => _house.Dispose();

    [Theory]
    [InlineData("{dev}@{digest}")]
    [InlineData("{dev}:1.9.9@{digest}")]
    [InlineData("{dev}:1.1.0")]
    [InlineData("{digest}")]
    [InlineData("mirror.test/app:1.1.0@{digest}")]
    public async Task What_a_host_runs_is_kept_in_its_environment_and_before(string reference)
    {
        var releases = await PrepareAsync();
        _hosts.Runs["web"] = _ => HostReading.Of(Fill(reference, releases[1]));

        var outcome = await _house.ApplyAsync();

        Assert.True(outcome.Succeeded);
        Assert.Equal(["1.0.0", "1.2.0"], outcome.Deleted.SelectMany(item => item.Versions).Distinct().Order());
        Assert.Contains(outcome.Plan.Kept, kept => kept.Place == "dev" && kept.Versions.Contains("1.1.0")
            && kept.Reasons.Any(reason => reason is { Kind: KeepReasonKind.Host, Text: "host web of dev runs it" }));
        await _house.AssertVerifiesAsync(releases[1], "base", "dev");
        Assert.Equal(1, _hosts.Reads);
    }

    [Fact]
    public async Task What_a_host_runs_from_the_base_registry_is_kept_there()
    {
        var releases = await PrepareAsync();
        await _house.House.PublishAsync("0.9.0");
        _house.House.Time.Advance(TimeSpan.FromDays(1));
        var newest = await _house.House.PublishAsync("0.9.1");
        _house.House.Time.Advance(TimeSpan.FromDays(1));
        _hosts.Runs["web"] = _ => HostReading.Of($"{_house.House.Open("base").Location}:0.9.0");

        var plan = await _house.PlanAsync();

        var kept = plan.Kept.Where(image => image.Image == "app" && image.Reasons.Any(reason => reason.Kind == KeepReasonKind.Host));
        Assert.Equal(["0.9.0"], kept.SelectMany(image => image.Versions));
        Assert.DoesNotContain("0.9.0", plan.Items.SelectMany(item => item.Versions));
        Assert.NotEqual(releases[0].Version, newest.Version);
    }

    [Fact]
    public async Task Every_part_of_a_host_counts()
    {
        var releases = await PrepareAsync();
        _hosts.Runs["web"] = _ => new HostReading
        {
            Images = [new HostImage(Fill("{dev}@{digest}", releases[0])), new HostImage(Fill("{dev}@{digest}", releases[2]))],
        };

        var plan = await _house.PlanAsync();

        Assert.Equal(["1.1.0"], plan.Items.SelectMany(item => item.Versions).Distinct());
    }

    [Theory]
    [InlineData("GAN9999", null)]
    [InlineData("GAN4511", "{dev}@sha256:abc")]
    [InlineData("GAN4511", "{dev}:not a tag")]
    [InlineData("GAN4511", "")]
    public async Task A_host_that_cannot_be_read_means_that_nothing_is_deleted(string code, string? reference)
    {
        var releases = await PrepareAsync();
        _hosts.Runs["web"] = _ => reference is null
            ? throw new GantryException("GAN9999", "the host does not answer", "start it")
            : HostReading.Of(Fill(reference, releases[1]));

        Assert.Equal(code, await CauseAsync());

        Assert.True(await _house.IsThereAsync(releases[0], "dev"));
    }

    [Fact]
    public async Task A_deployment_without_a_deployer_or_an_image_means_that_nothing_is_deleted()
    {
        await PrepareAsync(new SampleHost("web"));
        Assert.Equal("GAN4072", await CauseAsync());

        Declare(Deployment.Kubectl("context", "shop", "app", "app") with { Image = "app" });
        Assert.Equal("GAN4075", await CauseAsync());
    }

    [Fact]
    public async Task A_host_that_cannot_be_asked_is_skipped_and_named()
    {
        await PrepareAsync(Deployment.Webhook("https://hook.test/") with { Image = "app" });

        var plan = await _house.PlanAsync();

        Assert.NotEmpty(plan.Items);
        var skipped = Assert.Single(_skipped);
        Assert.Equal(("dev", HostAgreement.NotRead, "a webhook cannot be asked what runs behind it"),
            (skipped.Place, skipped.Agreement, skipped.Note));
    }

    [Fact]
    public async Task Hosts_of_an_environment_that_nothing_was_promoted_to_need_not_be_there()
    {
        await PrepareAsync();
        _hosts.Runs["web"] = query => query.Target.Environment.Name == "dev"
            ? HostReading.Of(null)
            : throw new GantryException("GAN9999", "there is no such host", "create it");

        Assert.NotEmpty((await _house.PlanAsync()).Items);
    }

    /// <summary>Returns the code of what could not be read.</summary>
    private async Task<string> CauseAsync()
    {
        var error = await Assert.ThrowsAsync<GantryException>(() => _house.ApplyAsync());
        Assert.Equal("GAN4702", error.Code);
        return Assert.IsType<GantryException>(error.InnerException).Code;
    }

    /// <summary>Promotes releases to dev, the last two of which are kept, and declares hosts.</summary>
    private async Task<List<Release>> PrepareAsync(params Deployment[] deployments)
    {
        var releases = await _house.PromoteAsync(5);
        Declare(deployments is [] ? [new SampleHost("web") { Image = "app" }] : deployments);
        return releases;
    }

    private void Declare(params Deployment[] deployments) => _house.Change = request => request with
    {
        Targets =
        [
            .. request.Targets.Select(target => target with { Environment = target.Environment with { Deployments = deployments } }),
        ],
        Sources =
        [
            new HostKeepSource([_hosts, new WebhookDeployer(_house.House.Time, _ => null)], _ => null) { Skipped = _skipped.Add },
        ],
    };

    private string Fill(string reference, Release release) => reference
        .Replace("{dev}", _house.House.Open("dev").Location, StringComparison.Ordinal)
        .Replace("{digest}", release.Images.Single(image => image.Name == "app").Digest.ToString(), StringComparison.Ordinal);
}
