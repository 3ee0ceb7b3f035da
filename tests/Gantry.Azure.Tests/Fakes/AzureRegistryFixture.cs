using Azure.Core;
using Gantry.Azure.Registries;
using Gantry.Azure.SignIn;
using Gantry.Copying;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Azure.Tests.Fakes;

/// <summary>Two real registries under Azure names, with Azure's additions, and releases to promote from one to the other.</summary>
internal sealed class AzureRegistryFixture : IAsyncDisposable
{
    public const string BaseHost = "contosobase.azurecr.io";
    public const string ProdHost = "contosoprod.azurecr.io";

    private readonly RealRegistry _base;
    private readonly RealRegistry _prod;
    private readonly MemoryRegistries _workshop = new();

    private AzureRegistryFixture(RealRegistry baseRegistry, RealRegistry prod, FakeLockingAcr locking)
    {
        (_base, _prod, Locking) = (baseRegistry, prod, locking);
        var named = new RegistryNameProxy().Add(BaseHost, $"http://{_base.Host}").Add(ProdHost, locking.Address);
        Session = new RegistrySession(new RegistrySessionOptions { Proxy = named, PlainHttpHosts = named.Names });
        Manager = new FakeRegistryResourceManager(Hosts, Session).Add(BaseHost).Add(ProdHost);
        Azure = new AzureSession(new AzureSessionOptions
        {
            Handler = Hosts,
            TimeProvider = new AutoAdvancingTime(),
            NoProgressTimeout = AutoAdvancingTime.TimeLimit,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            SignIn = (_, _) => DelegatedTokenCredential.Create(
                (_, _) => throw new NotSupportedException(),
                (_, _) => new(new AccessToken("for Azure", DateTimeOffset.MaxValue))),
        });
    }

    public FakeHttpHosts Hosts { get; } = new();

    public FakeRegistryResourceManager Manager { get; }

    public FakeLockingAcr Locking { get; }

    public AzureSession Azure { get; }

    public RegistrySession Session { get; }

    public RegistryAddress Base { get; } = RegistryAddress.Parse(BaseHost + "/team");

    public RegistryAddress Prod { get; } = RegistryAddress.Parse(ProdHost + "/live");

    /// <summary>Gets the write requests in the log of the production registry.</summary>
    public IEnumerable<string> UploadsToProd => _prod.Log
        .Split('\n')
        .Where(line => line.Contains("\"POST ", StringComparison.Ordinal) && line.Contains("/blobs/uploads/", StringComparison.Ordinal));

    public static async Task<AzureRegistryFixture> StartAsync()
    {
        var (first, second) = (await RealRegistry.StartAsync(), await RealRegistry.StartAsync());
        return new AzureRegistryFixture(first, second, await FakeLockingAcr.StartAsync($"http://{second.Host}"));
    }

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        Azure.Dispose();
        await Locking.DisposeAsync();
        await _prod.DisposeAsync();
        await _base.DisposeAsync();
        Hosts.Dispose();
    }

    /// <summary>Publishes a release of one image with an attachment.</summary>
    public async Task<Release> PublishAsync(string version, int seed, bool moves = false)
    {
        var image = SampleImage.Create(seed, 30_000, 50_000);
        var workshop = _workshop.Open(RegistryAddress.Parse("oci:workshop"), "app");
        await image.PushAsync(workshop);
        var built = new BuiltImage(image.Root, [Platform.LinuxAmd64], null, false);
        var request = new PublishRequest
        {
            Version = version,
            Commit = new string('a', 40),
            Base = Base,
            MoveTagReason = moves ? "a test" : null,
            Images = [new ImageToPublish("app", workshop, built)],
        };
        var published = await new Publisher(Session, TimeProvider.System).PublishAsync(request, CancellationToken.None);
        await SampleImage.CreateReferrer(image.Root.Descriptor, $"signature of {version}").PushAsync(Session.Open(Base, "app"));
        return published.Release;
    }

    public PromotionRequest Request(Release release, ImageLock imageLock = ImageLock.None) => new()
    {
        Release = release,
        Base = Base,
        Targets = PromotionTarget.Of(new("prod") { Lock = imageLock }, Prod),
        Locks = new AcrLocks(Session),
    };

    public Task<PromotionPlan> PlanAsync(PromotionRequest request, IServerSideCopy? transfer = null) =>
        new PromotionPlanner(Session).PlanAsync(request with { ServerSideCopy = transfer }, CancellationToken.None);

    public Task<PromotionOutcome> ApplyAsync(PromotionPlan plan) => new Promoter().ApplyAsync(plan, CancellationToken.None);

    public async Task<PromotionOutcome> PromoteAsync(PromotionRequest request, IServerSideCopy? transfer = null)
    {
        var outcome = await ApplyAsync(await PlanAsync(request, transfer));
        outcome.ThrowIfFailed();
        return outcome;
    }

    /// <summary>Verifies every byte of the release at its target.</summary>
    public async Task AssertCompleteAsync(Release release)
    {
        var repository = Session.Open(Prod, "app");
        var report = await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(
            repository, release.Tag, CancellationToken.None);
        Assert.Empty(report.Faults);
        Assert.Equal(release.Images[0].Digest, report.Root.Digest);
        var referrers = await repository.ListReferrersAsync(release.Images[0].Digest, CancellationToken.None);
        Assert.Contains(referrers, referrer => referrer.ArtifactType == "application/vnd.example.signature");
    }
}
