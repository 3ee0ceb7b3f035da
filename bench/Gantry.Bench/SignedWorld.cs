using System.Security.Cryptography;
using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Signing;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Bench;

/// <summary>
/// A base registry and environments in one registry of this process that counts requests, or in memory. One release is published in it,
/// signed; each environment has a key.
/// </summary>
internal sealed class SignedWorld : IAsyncDisposable
{
    private const string Version = "1.0.0";
    private const double BytesPerSecond = 12 * 1024 * 1024;

    private readonly MemoryRegistries _memory = new();
    private readonly ScriptedRegistry? _registry;
    private readonly SlowConnectionProxy? _proxy;
    private readonly Dictionary<string, PemSigner> _keys = [];

    private SignedWorld(ScriptedRegistry? registry, SlowConnectionProxy? proxy, IReadOnlyList<string> images) =>
        (_registry, _proxy, Images) = (registry, proxy, images);

    public IReadOnlyList<string> Images { get; }

    public Release Release { get; private set; } = null!;

    public RegistryAddress Base => AddressOf("base");

    public static async Task<SignedWorld> StartAsync(bool referrersApi, int images) => await CreateAsync(
        await ScriptedRegistry.StartAsync(new ScriptedRegistryOptions { ReferrersApi = referrersApi }), proxy: null, images);

    /// <summary>Starts a world whose registry is as far away as <see cref="RoundTrip"/> says.</summary>
    public static async Task<SignedWorld> StartDistantAsync(int images)
    {
        var registry = await ScriptedRegistry.StartAsync(new ScriptedRegistryOptions { ReferrersApi = true });
        var proxy = new SlowConnectionProxy(new Uri("http://" + registry.Host).Port, new ConnectionSpeed(TimeSpan.Zero, BytesPerSecond));
        return await CreateAsync(registry, proxy, images);
    }

    public static Task<SignedWorld> InMemoryAsync(int images) => CreateAsync(registry: null, proxy: null, images);

    /// <summary>Sets the time between a request and its answer, of a distant registry.</summary>
    public TimeSpan RoundTrip
    {
        set => _proxy!.Speed = _proxy.Speed with { RoundTrip = value };
    }

    /// <summary>Returns the key of an environment, or of the build for <c>base</c>.</summary>
    public PemSigner KeyOf(string name)
    {
        if (!_keys.TryGetValue(name, out var signer))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            _keys[name] = signer = PemSigner.Parse(key.ExportPkcs8PrivateKeyPem(), password: null, $"the key of {name}");
        }

        return signer;
    }

    public async Task<TrustPolicy> TrustAsync(string name) =>
        new() { Keys = [new TrustedKey(await KeyOf(name).GetPublicKeyAsync(default), $"keys/{name}/1.pub")] };

    public async Task<PromotionTarget> TargetOfAsync(PromotionEnvironment environment, bool isSigned = true) =>
        PromotionTarget.Of(environment, AddressOf(environment.Name))[0] with
        {
            Trust = isSigned ? await TrustAsync(environment.Name) : null,
        };

    /// <summary>Promotes the release. Returns the number of requests.</summary>
    public async Task<int> PromoteAsync(PromotionEnvironment environment, bool isSigned)
    {
        var request = new PromotionRequest
        {
            Release = Release,
            Base = Base,
            Targets = [await TargetOfAsync(environment, isSigned)],
            Before = environment.After is { } before ? [await TargetOfAsync(before, isSigned)] : [],
            Signer = isSigned ? KeyOf(environment.Name) : null,
            BaseTrust = isSigned ? await TrustAsync("base") : null,
        };
        var (ofEnvironments, ofBase) = await CountAsync(async client =>
        {
            var plan = await new PromotionPlanner(client).PlanAsync(request, default);
            (await new Promoter().ApplyAsync(plan, default)).ThrowIfFailed();
        });
        return ofEnvironments + ofBase;
    }

    /// <summary>Promotes the release to an environment whose regions each have a registry of their own.</summary>
    public async Task<IReadOnlyList<PromotionTarget>> PromoteToRegionsAsync(PromotionEnvironment environment)
    {
        var trust = await TrustAsync(environment.Name);
        IReadOnlyList<PromotionTarget> targets =
        [
            .. PromotionTarget.Of(environment, [.. environment.Regions.Select(region => RegistryAddress.Parse($"{region}.test"))])
                .Select(target => target with { Trust = trust }),
        ];
        var request = new PromotionRequest
        {
            Release = Release,
            Base = Base,
            Targets = targets,
            Signer = KeyOf(environment.Name),
            BaseTrust = await TrustAsync("base"),
        };
        var plan = await new PromotionPlanner(_memory).PlanAsync(request, default);
        (await new Promoter().ApplyAsync(plan, default)).ThrowIfFailed();
        return targets;
    }

    /// <summary>Returns the requests of something: to environments, and to the base registry.</summary>
    public async Task<(int Environments, int Base)> CountAsync(Func<IRegistryClient, Task> act)
    {
        var already = _registry?.Requests.Count ?? 0;
        await UseAsync(async client =>
        {
            await act(client);
            return true;
        });
        var requests = _registry?.Requests.Skip(already).ToList() ?? [];
        var ofBase = requests.Count(request => request.Path.StartsWith("/v2/base/", StringComparison.Ordinal));
        return (requests.Count - ofBase, ofBase);
    }

    /// <summary>Does something as a run of the build that knows nothing of the registry yet.</summary>
    public async Task<T> UseAsync<T>(Func<IRegistryClient, Task<T>> act)
    {
        if (_registry is null)
            return await act(_memory);
        await using var session = new RegistrySession();
        return await act(session);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var key in _keys.Values)
            key.Dispose();
        _proxy?.Dispose();
        if (_registry is not null)
            await _registry.DisposeAsync();
    }

    private static async Task<SignedWorld> CreateAsync(ScriptedRegistry? registry, SlowConnectionProxy? proxy, int images)
    {
        var world = new SignedWorld(registry, proxy, [.. Enumerable.Range(1, images).Select(number => $"image{number:00}")]);
        world.Release = await world.UseAsync(world.PublishAsync);
        return world;
    }

    private RegistryAddress AddressOf(string name) => RegistryAddress.Parse($"{_proxy?.Host ?? _registry?.Host ?? "registry.test"}/{name}");

    private async Task<Release> PublishAsync(IRegistryClient client)
    {
        var images = new List<ImageToPublish>();
        foreach (var (name, seed) in Images.Select((name, seed) => (name, seed)))
        {
            var workshop = client.Open(AddressOf("workshop"), name);
            var image = SampleImage.Create(seed, 1024, 1024);
            await image.PushAsync(workshop);
            images.Add(new ImageToPublish(
                name, workshop, new BuiltImage(image.Root, [Platform.LinuxAmd64], baseImage: null, standIn: false)));
        }

        var request = new PublishRequest
        {
            Version = Version,
            Commit = new string('0', 40),
            Base = Base,
            Images = images,
            Signing = new ReleaseSigning
            {
                Signer = KeyOf("base"),
                Trust = await TrustAsync("base"),
                Builder = new Builder { Id = PredicateTypes.LocalBuilder },
            },
        };
        return (await new Publisher(client, TimeProvider.System).PublishAsync(request, default)).Release;
    }
}
