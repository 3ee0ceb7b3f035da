using Gantry.Environments;
using Gantry.Holds;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Promoting;
using Gantry.Nuke.Registries;
using Gantry.Nuke.Reporting;
using Gantry.Nuke.Signing;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Promoting;

/// <summary>A build with three environments, whose registries are in memory: what its targets do, without its targets.</summary>
internal sealed class RunFixture : IDisposable
{
    public static readonly PromotionEnvironment Dev = new("dev");
    public static readonly PromotionEnvironment Test = new("test") { After = Dev, Gates = [Gate.Approval("QA")] };
    public static readonly PromotionEnvironment Prod = new("prod") { After = Test, Regions = ["west", "east"] };

    private const string Parameters = """
        {
          "DevRegistry": "dev.example.com", "TestRegistry": "test.example.com",
          "ProdWestRegistry": "west.example.com", "ProdEastRegistry": "east.example.com"
        }
        """;

    private static readonly RegistryAddress s_base = RegistryAddress.Parse("base.example.com");

    private readonly TempFolder _root = new();

    public RunFixture()
    {
        Directory.CreateDirectory(_root.Combine(".nuke"));
        File.WriteAllText(_root.Combine(".nuke", "parameters.json"), Parameters);
        Build = new ShopBuild { Root = (AbsolutePath)_root.Path };
        Registries = new(Build, "oci:store", s_base.ToString()!) { Credentials = sources => sources, Client = _ => Client ?? Memory };
        Keys = new(new SigningSettings(Registries)
        {
            SigningKey = null,
            BaseSigningKey = null,
            TrustedKeysFolder = "keys",
            VerifierId = "https://example.com/verifier",
            AttestationTags = false,
            NotationCertificate = null,
            Signer = (_, signer) => signer,
        });

        // No service is asked, wherever these tests run.
        _ = Build.Once(() => Task.FromResult(new RunConfirmation(Run: null, Problem: null)), nameof(RunConfirmation));
    }

    public static IReadOnlyList<string> Images => ["app"];

    /// <summary>Gets the contents of all registries.</summary>
    public MemoryRegistries Memory { get; } = new();

    /// <summary>The client of the build, set before its first request; null for one that reads the contents as they are.</summary>
    public IRegistryClient? Client { get; init; }

    public ShopBuild Build { get; }

    public RegistrySettings Registries { get; }

    public SigningKeys Keys { get; }

    /// <summary>Gets the full path of a file in the root of the build.</summary>
    public AbsolutePath PathOf(string file) => Build.Root / file;

    /// <summary>Publishes a release of one image, with its own content, half a day ago.</summary>
    public async Task<Release> PublishAsync(string version)
    {
        var store = Memory.Open(RegistryAddress.Parse("store.example.com"), "app");
        var image = ImageOf(version);
        await image.PushAsync(store);
        var published = await new Publisher(Memory, new PastTime(TimeSpan.FromHours(12))).PublishAsync(
            new()
            {
                Version = version,
                Commit = "0123456789abcdef",
                Base = s_base,
                Images = [new("app", store, new BuiltImage(image.Root, [Platform.LinuxAmd64], baseImage: null, standIn: false))],
            },
            CancellationToken.None);
        return published.Release;
    }

    /// <summary>Promotes a release some hours ago: records have seconds, and the last one decides.</summary>
    public async Task PromoteAsync(Release release, PromotionEnvironment environment, int hoursAgo)
    {
        var time = new PastTime(TimeSpan.FromHours(hoursAgo));
        var plan = await new PromotionPlanner(Memory, time).PlanAsync(
            new()
            {
                Release = release,
                Base = s_base,
                Targets = TargetsOf(environment),
                Before = environment.After is { } before ? TargetsOf(before) : [],
            },
            CancellationToken.None);
        var outcome = await new Promoter { Time = time }.ApplyAsync(
            plan.AwaitsDecision ? plan.Approve("a test") : plan, CancellationToken.None);
        outcome.ThrowIfFailed();
    }

    /// <summary>Puts another image under the tag of a release, as anyone could who may push.</summary>
    public async Task<Digest> OverwriteAsync(PromotionEnvironment environment, string version)
    {
        var foreign = ImageOf("foreign");
        foreach (var target in TargetsOf(environment))
        {
            var repository = Memory.Open(target.Address, "app");
            await foreign.PushAsync(repository);
            await repository.PutTagAsync(version, foreign.Root, CancellationToken.None);
        }

        return foreign.Root.Descriptor.Digest;
    }

    /// <summary>Holds an environment at a release.</summary>
    public async Task HoldAsync(PromotionEnvironment environment, string version)
    {
        foreach (var target in TargetsOf(environment))
            await new HoldWriter(Memory, new PastTime(TimeSpan.FromMinutes(30))).SetAsync(
                target, Images, new HoldDecision { By = "Anna", Reason = "a sale", Version = version }, signer: null,
                CancellationToken.None);
    }

    /// <summary>Reads the current release of an environment in each of its regions, and the release that it is held at.</summary>
    public async Task<IReadOnlyList<(string? Version, string? HeldAt)>> ReadAsync(PromotionEnvironment environment)
    {
        var read = new List<(string?, string?)>();
        foreach (var target in TargetsOf(environment))
        {
            var status = await new EnvironmentReader(Memory).ReadAsync(target, Images, version: null, CancellationToken.None);
            var hold = await new HoldReader(Memory).ReadAsync(target, Images, CancellationToken.None);
            read.Add((status.Release?.Version, hold.Open?.Version));
        }

        return read;
    }

    /// <summary>Creates the promotion to an environment.</summary>
    public PromotionRun Promotion(PromotionEnvironment environment) => new()
    {
        Environment = environment,
        Registries = Registries,
        Keys = Keys,
        Deployers = [],
        GateEvaluators = [],
        AzureEnvironments = () => [],
        GitHubEnvironment = () => environment.Name,
        GitHubApprovers = () => new Dictionary<string, string>(),
        View = new BuildPromotionView(new ReportWriter(null, null), isDry: false),
    };

    /// <summary>Creates the return of an environment.</summary>
    public RollbackRun Rollback(PromotionRun promotion) => new(promotion, Memory, s_base, Images);

    public void Dispose() => _root.Dispose();

    private IReadOnlyList<PromotionTarget> TargetsOf(PromotionEnvironment environment) =>
        PromotionTarget.Of(environment, Registries.Of(environment));

    private static SampleImage ImageOf(string content) => SampleImage.Create(seed: content.Sum(character => character), 4000);

    private sealed class PastTime(TimeSpan ago) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - ago;
    }
}

/// <summary>The build class of <see cref="RunFixture"/>, in a root of its own.</summary>
internal sealed class ShopBuild : NukeBuild, INukeBuild
{
    public required AbsolutePath Root { get; init; }

    public PromotionEnvironment DevEnvironment => RunFixture.Dev;

    public PromotionEnvironment TestEnvironment => RunFixture.Test;

    public PromotionEnvironment ProdEnvironment => RunFixture.Prod;

    AbsolutePath INukeBuild.RootDirectory => Root;

    AbsolutePath INukeBuild.TemporaryDirectory => Root / ".nuke" / "temp";
}
