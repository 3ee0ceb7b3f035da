using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Signing;
using Gantry.Status;
using Gantry.Tests.Fakes;
using Gantry.Tests.Promotion.Signed;
using Gantry.Verification;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Tests.Promotion.Generated;

/// <summary>
/// Releases of two images in a base registry, and the environments dev, test with two regions, and prod, in memory. Anyone may change the
/// registries by hand.
/// </summary>
internal sealed class GeneratedHouse
{
    private static readonly PemSigner s_key = SignedHouse.NewKey("the key of the house");

    private readonly Dictionary<string, FakeRegistry> _registries = [];
    private readonly Dictionary<string, Release> _releases = [];
    private readonly FakeRegistries _client;

    private GeneratedHouse(bool isSigned, IReadOnlyList<PromotionTarget> targets)
    {
        foreach (var host in (string[])["workshop.test", "base.test", .. targets.Select(target => HostOf(target.Address)).Distinct()])
            _registries[host] = new FakeRegistry(host);
        _client = new FakeRegistries([.. _registries.Values]);
        IsSigned = isSigned;
        Targets = targets;
    }

    /// <summary>The images of a release, in the order of the declaration.</summary>
    public static IReadOnlyList<string> Images { get; } = ["app", "worker"];

    /// <summary>The versions that are published, from the lowest.</summary>
    public static IReadOnlyList<string> Versions { get; } = ["1.0.0", "1.1.0-rc.1", "1.1.0"];

    public static PromotionEnvironment Dev { get; } = new("dev");

    public static PromotionEnvironment Test { get; } = new("test") { After = Dev, Regions = ["west", "east"] };

    public static PromotionEnvironment Prod { get; } = new("prod") { After = Test };

    public bool IsSigned { get; }

    public IReadOnlyList<PromotionTarget> Targets { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 2, 3, 4, 5, TimeSpan.Zero));

    public IRegistryClient Client => _client;

    /// <summary>Creates the house with all releases published.</summary>
    /// <param name="isSigned">True when the environments have keys.</param>
    /// <param name="isShared">True when dev and prod use one registry.</param>
    public static async Task<GeneratedHouse> CreateAsync(bool isSigned, bool isShared)
    {
        var trust = isSigned ? new TrustPolicy { Keys = [new(await s_key.GetPublicKeyAsync(default), "keys/house.pub")] } : null;
        var house = new GeneratedHouse(
            isSigned,
            [
                Target(Dev, "dev.test", null), Target(Test, "west.test", "west"), Target(Test, "east.test", "east"),
                Target(Prod, isShared ? "dev.test" : "prod.test", null),
            ]);
        foreach (var version in Versions)
            house._releases[version] = await house.PublishAsync(version);
        return house;

        PromotionTarget Target(PromotionEnvironment environment, string host, string? region) =>
            new(environment, region, RegistryAddress.Parse(host)) { Trust = trust };
    }

    public FakeRepository Open(PromotionTarget target, string image) => _registries[HostOf(target.Address)][image];

    public Digest DigestOf(string version, string image) => _releases[version].Images.Single(each => each.Name == image).Digest;

    /// <summary>Promotes a release as a run of the build does, whose gates a person approves.</summary>
    public async Task PromoteAsync(
        string version, IReadOnlyList<PromotionTarget> targets, string? goBack = null, string? moveTag = null,
        string? breakGlass = null)
    {
        var request = new PromotionRequest
        {
            Release = _releases[version],
            Base = RegistryAddress.Parse("base.test"),
            Targets = targets,
            Before = [.. Targets.Where(target => target.Environment == targets[0].Environment.After)],
            Signer = IsSigned ? s_key : null,
            GoBackReason = goBack,
            MoveTagReason = moveTag,
            BreakGlassReason = breakGlass,
        };
        var plan = await new PromotionPlanner(Client, Time).PlanAsync(request, default);
        (await new Promoter { Time = Time }.ApplyAsync(plan, default)).ThrowIfFailed();
    }

    /// <summary>Reads what is in one registry, as ShowEnvironments does.</summary>
    public Task<EnvironmentStatus> ReadAsync(PromotionTarget target) => new EnvironmentReader(Client, Time)
    {
        Base = new BaseReleases(Client, RegistryAddress.Parse("base.test"), Images, Time),
    }.ReadAsync(target, Images, version: null, default);

    /// <summary>Reads the status of everything.</summary>
    public Task<FleetStatus> ReadFleetAsync() => new StatusReader(
        Client,
        new VerificationPolicy { Base = RegistryAddress.Parse("base.test"), Images = Images, Targets = Targets },
        Time).ReadAsync(version: null, default);

    private async Task<Release> PublishAsync(string version)
    {
        var images = Images.Select(image => new ImageToPublish(
            image,
            _registries["workshop.test"][image],
            new BuiltImage(
                _registries["workshop.test"][image].AddImage($"{image} {version}"),
                [Platform.LinuxAmd64],
                ImageReference.Parse("mcr.microsoft.com/dotnet/aspnet:10.0"),
                standIn: false)));
        Time.Advance(TimeSpan.FromMinutes(1));
        return (await new Publisher(Client, Time).PublishAsync(
            new PublishRequest
            {
                Version = version,
                Commit = SignedHouse.Commit,
                Base = RegistryAddress.Parse("base.test"),
                Images = [.. images],
            },
            default)).Release;
    }

    private static string HostOf(RegistryAddress address) => ((HostAddress)address).Host;
}
