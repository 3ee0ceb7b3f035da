using System.Collections.Concurrent;
using System.Net;
using Gantry.Attestations;
using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Signing;
using Gantry.Testing.Faults;
using Gantry.Tests.Deployments;
using Gantry.Tests.Fakes;
using Gantry.Tests.Promotion.Signed;

namespace Gantry.Tests.Promotion.Waves;

/// <summary>
/// A base registry and an environment in three regions, which releases reach in two waves with an hour between them, in memory. Its hosts
/// answer to health checks.
/// </summary>
internal sealed class WaveHouse
{
    public static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    private static readonly PemSigner s_key = SignedHouse.NewKey("the key of prod");

    private readonly FakeRegistry _workshop = new("oci:workshop");
    private readonly FakeRegistry[] _registries = [new("base.test"), new("west.test"), new("east.test"), new("uk.test")];
    private readonly FakeRegistries _client;

    public WaveHouse() => _client = new FakeRegistries(_registries);

    public PromotionEnvironment Prod { get; init; } = new("prod")
    {
        Waves = [["west"], ["east", "uk"]],
        PauseBetweenWaves = Pause,
        Deployments = [Host("west"), Host("east"), Host("uk")],
        HealthChecks = [Health("west"), Health("east"), Health("uk"), new HealthCheck("https://front.test/health")],
    };

    /// <summary>True when promotions are signed.</summary>
    public bool IsSigned { get; init; }

    public AutoAdvancingTime Time { get; } = new() { PausesUpTo = TimeSpan.FromDays(2) };

    public RecordingDeployer Deployer { get; } = new();

    /// <summary>The hosts whose health checks fail.</summary>
    public HashSet<string> Ill { get; } = [];

    /// <summary>Everything that happened, in order: calls to registries, health checks, and the pauses.</summary>
    public ConcurrentQueue<string> Events { get; } = new();

    /// <summary>Called before each call to a registry, with its name and the call; may throw.</summary>
    public Action<string> Before { get; set; } = _ => { };

    public FakeRepository this[string region] => _registries.Single(registry => registry.Name == $"{region}.test")["app"];

    public Gantry.Registries.IRegistryClient Client => _client;

    public IReadOnlyList<PromotionTarget> Targets { get; private set; } = [];

    /// <summary>Publishes a release.</summary>
    public async Task<Release> PublishAsync(string version)
    {
        if (Targets.Count == 0)
        {
            var trust = IsSigned ? new TrustPolicy { Keys = [new(await s_key.GetPublicKeyAsync(default), "keys/prod.pub")] } : null;
            Targets = [.. Prod.Regions.Select(region =>
                new PromotionTarget(Prod, region, RegistryAddress.Parse($"{region}.test")) { Trust = trust })];
        }

        var image = new ImageToPublish("app", _workshop["app"], new BuiltImage(
            _workshop["app"].AddImage(version), [Platform.LinuxAmd64], ImageReference.Parse("mcr.microsoft.com/dotnet/aspnet:10.0"),
            standIn: false));
        var release = (await new Publisher(_client, Time).PublishAsync(
            new PublishRequest
            {
                Version = version,
                Commit = SignedHouse.Commit,
                Base = RegistryAddress.Parse("base.test"),
                Images = [image],
            },
            default)).Release;
        foreach (var registry in _registries)
        {
            registry.Before = (call, _) =>
            {
                Events.Enqueue($"{registry.Name} {call}");
                Before($"{registry.Name} {call}");
                return Task.CompletedTask;
            };
        }

        return release;
    }

    public PromotionRequest Request(Release release, params string[] regions) => new()
    {
        Release = release,
        Base = RegistryAddress.Parse("base.test"),
        Targets = regions.Length == 0 ? Targets : [.. Targets.Where(target => regions.Contains(target.Region))],
        Signer = IsSigned ? s_key : null,
    };

    public Task<PromotionPlan> PlanAsync(PromotionRequest request) => Planner.PlanAsync(request, default);

    public async Task<PromotionOutcome> PromoteAsync(PromotionRequest request, CancellationToken cancellationToken = default) =>
        await Promoter.ApplyAsync(await Planner.PlanAsync(request, cancellationToken), cancellationToken);

    public Promoter Promoter => new()
    {
        Time = Time,
        WaveBegins = wave => Events.Enqueue(wave.DisplayName),
        Pausing = (wave, until) => Events.Enqueue(
            FormattableString.Invariant($"wave {wave.Number} begins in {(until - Time.GetUtcNow()).TotalMinutes} minutes")),
    };

    public PromotionPlanner Planner => new(_client, Time)
    {
        Deployments = new DeploymentPlanner([Deployer], new HealthProbe(new AutoAdvancingTime(), _ => null, new Hosts(this)), _ => null),
    };

    public AutomaticReturn Return => new(_client, Planner, Promoter, Time);

    /// <summary>Returns the release that each region has.</summary>
    public async Task<string> ReadAsync()
    {
        var versions = new List<string>();
        foreach (var target in Targets)
        {
            var status = await new EnvironmentReader(_client, Time).ReadAsync(target, ["app"], version: null, default);
            Assert.Empty(status.Problems);
            versions.Add($"{target.Region} {status.Release?.Version}{(status.Release?.HostsConfirmed == true ? "" : " unconfirmed")}");
        }

        return string.Join(", ", versions);
    }

    public async Task<PromotionRecord> RecordOfAsync(string region)
    {
        var target = Targets.Single(target => target.Region == region);
        var status = await new EnvironmentReader(_client, Time).ReadAsync(target, ["app"], version: null, default);
        return Assert.IsType<PromotionRecord>(status.Release?.Record);
    }

    private static KubectlDeployment Host(string region) =>
        Deployment.Kubectl("aks", "shop", region, "web") with { Region = region };

    private static HealthCheck Health(string region) =>
        new($"https://{region}.test/health") { Region = region, Timeout = TimeSpan.FromSeconds(20) };

    private sealed class Hosts(WaveHouse house) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var host = request.RequestUri!.Host.Split('.')[0];
            house.Events.Enqueue($"check {host}");
            return Task.FromResult(new HttpResponseMessage(
                house.Ill.Contains(host) ? HttpStatusCode.InternalServerError : HttpStatusCode.OK));
        }
    }
}
