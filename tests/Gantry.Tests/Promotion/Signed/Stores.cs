using System.Text.Json.Nodes;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Tests.Promotion.Signed;

/// <summary>
/// The stores in which attacks are tried: a folder, a registry without the referrers API (the reference implementation of Debian), and one
/// with it.
/// </summary>
public sealed class Stores : IAsyncLifetime
{
    public const string Folder = "folder";
    public const string WithoutApi = "docker-registry";
    public const string WithApi = "referrers API";

    private readonly TempFolder _folder = new();
    private RealRegistry? _real;
    private ScriptedRegistry? _scripted;

    public RegistrySession Session { get; private set; } = null!;

    public ScriptedRegistry Scripted => _scripted!;

    public RegistryAddress Real => _real?.Address ?? throw new InvalidOperationException("docker-registry is not installed");

    public async Task InitializeAsync()
    {
        Session = new RegistrySession(new RegistrySessionOptions { RootFolder = _folder.Path });
        _scripted = await ScriptedRegistry.StartAsync();
        if (RequiredProgram.FindSkipReason(RequiredProgram.DockerRegistry) is null)
            _real = await RealRegistry.StartAsync();
    }

    internal SignedHouse Open(string store) => new(Session, store switch
    {
        Folder => RegistryAddress.Parse("oci:store"),
        WithApi => _scripted!.Address,
        _ => _real?.Address ?? throw new InvalidOperationException("docker-registry is not installed"),
    });

    /// <summary>
    /// Removes referrers of an image, as anyone can who may write: from the index of a folder, from the list under a tag, or for good.
    /// </summary>
    internal async Task StripAsync(IImageRepository repository, Digest subject, Func<Descriptor, bool> isRemoved)
    {
        var referrers = await repository.ListReferrersAsync(subject, default);
        var removed = referrers.Where(isRemoved).Select(referrer => referrer.Digest).ToHashSet();
        Assert.NotEmpty(removed);
        if (repository.Location.StartsWith("oci:", StringComparison.Ordinal))
        {
            var file = _folder.Combine(repository.Location["oci:".Length..], "index.json");
            var index = JsonNode.Parse(await File.ReadAllBytesAsync(file))!;
            var entries = index["manifests"]!.AsArray();
            foreach (var entry in entries.Where(entry => removed.Contains(Digest.Parse((string)entry!["digest"]!))).ToList())
                entries.Remove(entry);
            await File.WriteAllTextAsync(file, index.ToJsonString());
        }
        else if (repository.Registry == _scripted!.Host)
        {
            var name = repository.Location[(_scripted.Host.Length + 1)..];
            foreach (var digest in removed)
                _scripted.Store.Manifests.Remove((name, digest.ToString()), out _);
        }
        else
        {
            await repository.PutTagAsync(
                Referrer.FallbackTag(subject),
                ManifestContent.Create(new ImageIndex
                {
                    MediaType = MediaTypes.OciIndex,
                    Manifests = [.. referrers.Where(referrer => !removed.Contains(referrer.Digest))],
                }),
                default);
        }
    }

    /// <summary>Changes a byte of a blob or manifest in a folder.</summary>
    internal void Damage(IImageRepository repository, Digest digest)
    {
        var file = _folder.Combine(repository.Location["oci:".Length..], "blobs", digest.Algorithm, digest.Hex);
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.SetAttributes(file, FileAttributes.Normal);
        File.WriteAllBytes(file, bytes);
    }

    public async Task DisposeAsync()
    {
        await Session.DisposeAsync();
        await _scripted!.DisposeAsync();
        if (_real is not null)
            await _real.DisposeAsync();
        _folder.Dispose();
    }
}
