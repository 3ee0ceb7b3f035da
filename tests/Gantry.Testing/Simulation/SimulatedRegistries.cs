using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Testing.Simulation;

/// <summary>
/// Registries with conditions, in virtual time. Manifests and small blobs are kept once for all of them; of layers there is nothing but
/// their size.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="conditionsOf">Returns the conditions of a registry.</param>
public sealed class SimulatedRegistries(VirtualTime time, Func<string, RegistryConditions> conditionsOf)
{
    private readonly Dictionary<string, SimulatedRegistry> _registries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RepositoryContent> _repositories = new(StringComparer.Ordinal);

    /// <summary>Gets what went to the registries since the last <see cref="Reset"/>.</summary>
    public IReadOnlyList<RegistryTraffic> Traffic => [.. _registries.Values.Select(registry => registry.Traffic)];

    /// <summary>Called before each request, for what is measured meanwhile; null for nothing.</summary>
    public Action? Requesting { get; set; }

    internal SharedContent Content { get; } = new();

    /// <summary>Forgets the traffic. What is stored stays; connections, budgets and conditions begin again.</summary>
    public void Reset() => _registries.Clear();

    /// <summary>Connects a client: one session of one identity, which waits as a whole while a registry asks for a pause.</summary>
    public IRegistryClient Connect(string identity) => new SimulatedSession(this, identity, time);

    /// <summary>Stores a blob of which there is nothing but its size.</summary>
    public void Declare(IRegistryClient client, RegistryAddress address, string repository, Descriptor blob)
    {
        Content.Declare(blob);
        ((SimulatedRepository)client.Open(address, repository)).Content.Blobs.Add(blob.Digest);
    }

    internal SimulatedRegistry Registry(string name) =>
        _registries.TryGetValue(name, out var registry)
            ? registry
            : _registries[name] = new SimulatedRegistry(name, conditionsOf(name), time);

    internal RepositoryContent Repository(string location) =>
        _repositories.TryGetValue(location, out var repository) ? repository : _repositories[location] = new RepositoryContent();
}

/// <summary>What one repository has.</summary>
internal sealed class RepositoryContent
{
    public HashSet<Digest> Blobs { get; } = [];

    public Dictionary<Digest, ManifestContent> Manifests { get; } = [];

    public SortedDictionary<string, Digest> Tags { get; } = new(StringComparer.Ordinal);

    public Dictionary<Digest, List<Descriptor>> Referrers { get; } = [];
}

/// <summary>The manifests and blobs of all registries, each once.</summary>
internal sealed class SharedContent
{
    private readonly Dictionary<Digest, byte[]?> _blobs = [];
    private readonly Dictionary<Digest, (ManifestContent Manifest, Digest? Subject, Descriptor Entry)> _manifests = [];

    public void Declare(Descriptor blob) => _blobs.TryAdd(blob.Digest, null);

    public bool Has(Digest blob) => _blobs.ContainsKey(blob);

    public byte[]? Find(Digest blob) => _blobs[blob];

    public void Add(Digest blob, byte[] content) => _blobs.TryAdd(blob, content);

    public (ManifestContent Manifest, Digest? Subject, Descriptor Entry) Share(ManifestContent manifest)
    {
        var digest = manifest.Descriptor.Digest;
        return _manifests.TryGetValue(digest, out var known) ? known : _manifests[digest] = Describe(manifest);
    }

    private static (ManifestContent Manifest, Digest? Subject, Descriptor Entry) Describe(ManifestContent content)
    {
        if (content.IsIndex)
            return (content, content.ReadIndex().Subject?.Digest, content.Descriptor);
        var manifest = content.ReadManifest();
        return (content, manifest.Subject?.Digest, content.Descriptor with
        {
            ArtifactType = manifest.ArtifactType ?? manifest.Config.MediaType,
            Annotations = manifest.Annotations,
        });
    }
}
