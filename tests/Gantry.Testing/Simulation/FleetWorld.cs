using System.Text;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Testing.Simulation;

/// <summary>A base registry with releases of many images, each for several platforms, and what promotes them.</summary>
public sealed class FleetWorld
{
    private const string ReleaseArtifact = "application/vnd.gantry.release.v1+json";
    private const long SharedLayer = 30 * 1024 * 1024;
    private const long OwnLayer = 2 * 1024 * 1024;
    private static readonly string[] s_architectures = ["amd64", "arm64", "arm", "s390x", "ppc64le", "riscv64"];

    private readonly VirtualTime _time;
    private readonly SimulatedRegistries _registries;
    private readonly Dictionary<string, ManifestContent> _current = new(StringComparer.Ordinal);
    private readonly int _platforms;

    /// <summary>Creates a world with an empty base registry.</summary>
    public FleetWorld(VirtualTime time, SimulatedRegistries registries, int images, int platforms)
    {
        (_time, _registries, _platforms) = (time, registries, platforms);
        Images = [.. Enumerable.Range(1, images).Select(number => $"image{number:00000}")];
    }

    /// <summary>The names of the images.</summary>
    public IReadOnlyList<string> Images { get; }

    /// <summary>The base registry.</summary>
    public static RegistryAddress Base { get; } = RegistryAddress.Parse("base.test");

    /// <summary>The options of copies. The connections of a registry are the limit here, which count in virtual time.</summary>
    public static Copying.CopyOptions Options { get; } = new() { MaximumConcurrentBlobs = int.MaxValue };

    /// <summary>Returns the targets of an environment, with a registry for each region.</summary>
    public static IReadOnlyList<PromotionTarget> TargetsOf(PromotionEnvironment environment) => PromotionTarget.Of(
        environment,
        environment.Regions.Count == 0
            ? [RegistryAddress.Parse($"{environment.Name}.test")]
            : [.. environment.Regions.Select(region => RegistryAddress.Parse($"{region}.test"))]);

    /// <summary>Returns the promotion of a release to all registries of an environment.</summary>
    public static PromotionRequest RequestOf(Release release, PromotionEnvironment environment) => new()
    {
        Release = release,
        Base = Base,
        Targets = TargetsOf(environment),
        Before = environment.After is { } before ? TargetsOf(before) : [],
        Options = Options,
    };

    /// <summary>Puts a release into the base registry, as a build does, without any time passing.</summary>
    /// <param name="version">The version.</param>
    /// <param name="changed">The number of images that differ from the release before.</param>
    public Release Publish(string version, int changed)
    {
        var client = _registries.Connect("build");
        foreach (var name in _current.Count == 0 ? Images : Images.Take(changed))
            _current[name] = Build(client, name, version);
        var release = new Release
        {
            Version = version,
            Commit = new string('0', 40),
            Created = _time.GetUtcNow(),
            Images = [.. Images.Select(name => Describe(name, _current[name].Descriptor))],
        };
        var record = ReleaseRecord.Write(release);
        var layer = DescriptorOf(ReleaseArtifact, record);
        foreach (var name in Images)
        {
            var repository = Open(client, name);
            Add(repository, layer, record);
            Add(repository, WellKnown(), "{}"u8.ToArray());
            repository.Store(ManifestContent.Create(new Manifest
            {
                MediaType = MediaTypes.OciManifest,
                ArtifactType = ReleaseArtifact,
                Config = WellKnown(),
                Layers = [layer],
                Subject = _current[name].Descriptor,
                Annotations = new Dictionary<string, string> { ["org.opencontainers.image.version"] = version },
            }));
            repository.Content.Tags[release.Tag] = _current[name].Descriptor.Digest;
        }

        return release;
    }

    private ManifestContent Build(IRegistryClient client, string name, string version)
    {
        var repository = Open(client, name);
        var entries = new List<Descriptor>();
        foreach (var architecture in s_architectures.Take(_platforms))
        {
            var configuration = Encoding.UTF8.GetBytes(
                $$$"""{"architecture":"{{{architecture}}}","os":"linux","author":"{{{name}}} {{{version}}}","rootfs":{"type":"layers"}}""");
            var config = DescriptorOf(MediaTypes.OciConfig, configuration);
            Add(repository, config, configuration);
            IReadOnlyList<Descriptor> layers =
                [Layer($"base {architecture}", SharedLayer), Layer($"{name} {version} {architecture}", OwnLayer)];
            foreach (var layer in layers)
                _registries.Declare(client, Base, name, layer);
            var manifest = ManifestContent.Create(
                new Manifest { MediaType = MediaTypes.OciManifest, Config = config, Layers = layers });
            repository.Store(manifest);
            entries.Add(manifest.Descriptor with { Platform = Platform.Parse($"linux/{architecture}") });
        }

        var index = ManifestContent.Create(new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = entries });
        repository.Store(index);
        return index;
    }

    private ReleaseImage Describe(string name, Descriptor root) => new()
    {
        Name = name,
        Repository = Base.Describe(name),
        Digest = root.Digest,
        MediaType = root.MediaType,
        Size = root.Size,
        Platforms = [.. s_architectures.Take(_platforms).Select(architecture => $"linux/{architecture}")],
    };

    private static SimulatedRepository Open(IRegistryClient client, string name) => (SimulatedRepository)client.Open(Base, name);

    private void Add(SimulatedRepository repository, Descriptor blob, byte[] content)
    {
        _registries.Content.Add(blob.Digest, content);
        repository.Content.Blobs.Add(blob.Digest);
    }

    private static Descriptor WellKnown() => DescriptorOf(MediaTypes.OciEmpty, "{}"u8.ToArray());

    private static Descriptor Layer(string name, long size) =>
        new() { MediaType = MediaTypes.OciLayerGzip, Digest = Digest.Of(Encoding.UTF8.GetBytes(name)), Size = size };

    private static Descriptor DescriptorOf(string mediaType, byte[] content) =>
        new() { MediaType = mediaType, Digest = Digest.Of(content), Size = content.Length };
}
