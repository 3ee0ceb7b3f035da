using System.Collections.Concurrent;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Tests.Fakes;

/// <summary>
/// A strict registry in memory: it refuses manifests with missing parts and content that does not match its digest. It records every call,
/// and a test can make any call fail.
/// </summary>
internal sealed class FakeRegistry(string name) : IRegistryClient
{
    private readonly ConcurrentDictionary<string, FakeRepository> _repositories = new();

    public string Name => name;

    /// <summary>Gets all calls in order: <c>GetManifest app:v1</c>, <c>PutBlob app@sha256:…</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Called before each call, with the recorded text; may throw or wait.</summary>
    public Func<string, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Called between opening and reading a blob that is written, with the same text as <see cref="Before"/>; may wait.</summary>
    public Func<string, Task> BeforeRead { get; set; } = _ => Task.CompletedTask;

    /// <summary>Without the referrers API, the tags that a caller passes are used, and each subject otherwise costs a request.</summary>
    public bool RefusesMounts { get; init; }

    /// <summary>True when there are more tags than fit into one request.</summary>
    public bool HasManyTags { get; init; }

    /// <summary>True when lists of referrers have no annotations, as those of some registries.</summary>
    public bool OmitsAnnotations { get; set; }

    /// <summary>Gets tags that exist and that its lists leave out.</summary>
    public HashSet<string> UnlistedTags { get; } = new(StringComparer.Ordinal);

    public IEnumerable<FakeRepository> Repositories => _repositories.Values;

    public FakeRepository this[string repository] => _repositories.GetOrAdd(repository, _ => new FakeRepository(this, repository));

    public IImageRepository Open(RegistryAddress address, string repository) => this[repository];

    public int Count(string call) => Calls.Count(noted => noted.StartsWith(call, StringComparison.Ordinal));

    internal async Task RecordCallAsync(string call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Calls.Enqueue(call);
        await Before(call, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
    }
}

/// <summary>Several registries by address.</summary>
internal sealed class FakeRegistries(params FakeRegistry[] registries) : IRegistryClient
{
    public IImageRepository Open(RegistryAddress address, string repository)
    {
        var host = Assert.IsType<HostAddress>(address);
        return registries.Single(registry => registry.Name == host.Host)[host.FullRepository(repository)];
    }
}

internal sealed class FakeRepository(FakeRegistry registry, string name) : IImageRepository
{
    public ConcurrentDictionary<Digest, byte[]> Blobs { get; } = new();

    public ConcurrentDictionary<Digest, ManifestContent> Manifests { get; } = new();

    public ConcurrentDictionary<string, Digest> Tags { get; } = new();

    /// <summary>Gets entries that the referrers API adds to those of the manifests.</summary>
    public ConcurrentDictionary<Digest, IReadOnlyList<Descriptor>> FalseReferrers { get; } = new();

    public string Location => $"{registry.Name}/{name}";

    public string Registry => registry.Name;

    public async Task<Descriptor?> FindTagAsync(string tag, CancellationToken cancellationToken)
    {
        await registry.RecordCallAsync($"HeadTag {name}:{tag}", cancellationToken);
        return Tags.TryGetValue(tag, out var digest) ? Manifests[digest].Descriptor : null;
    }

    public async Task<ManifestContent?> FindManifestAsync(string tag, CancellationToken cancellationToken)
    {
        await registry.RecordCallAsync($"GetTag {name}:{tag}", cancellationToken);
        return Tags.TryGetValue(tag, out var digest) ? Manifests[digest] : null;
    }

    public async Task<bool> HasManifestAsync(Digest digest, CancellationToken cancellationToken)
    {
        await registry.RecordCallAsync($"HeadManifest {name}@{digest}", cancellationToken);
        return Manifests.ContainsKey(digest);
    }

    public async Task<ManifestContent?> FindManifestAsync(Digest digest, CancellationToken cancellationToken)
    {
        await registry.RecordCallAsync($"GetManifest {name}@{digest}", cancellationToken);
        return Manifests.GetValueOrDefault(digest);
    }

    public async Task<bool> HasBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        await registry.RecordCallAsync($"HeadBlob {name}@{blob.Digest}", cancellationToken);
        return Blobs.ContainsKey(blob.Digest);
    }

    public async Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        await registry.RecordCallAsync($"GetBlob {name}@{blob.Digest}", cancellationToken);
        return Blobs.TryGetValue(blob.Digest, out var content)
            ? new MemoryStream(content, writable: false)
            : throw new GantryException("GAN2004", $"the blob {blob.Digest} is missing", "push the image again");
    }

    public async Task<BlobPlacement> PutBlobAsync(
        Descriptor blob, Func<CancellationToken, Task<Stream>> open, IImageRepository? mountFrom, CancellationToken cancellationToken)
    {
        await registry.RecordCallAsync($"PutBlob {name}@{blob.Digest}", cancellationToken);
        if (Blobs.ContainsKey(blob.Digest))
            return BlobPlacement.AlreadyThere;
        if (!registry.RefusesMounts
            && mountFrom is FakeRepository other
            && other.Registry == Registry
            && other.Blobs.TryGetValue(blob.Digest, out var mounted))
        {
            Blobs[blob.Digest] = mounted;
            return BlobPlacement.Mounted;
        }

        await using var stream = await open(cancellationToken);
        await registry.BeforeRead($"ReadBlob {name}@{blob.Digest}");
        using var content = new MemoryStream();
        await stream.CopyToAsync(content, cancellationToken);
        var bytes = content.ToArray();
        Assert.Equal(blob.Digest, blob.Digest.OfSameAlgorithm(bytes));
        await registry.RecordCallAsync($"StoreBlob {name}@{blob.Digest}", cancellationToken);
        Blobs[blob.Digest] = bytes;
        return BlobPlacement.Uploaded;
    }

    public async Task PutManifestAsync(ManifestContent manifest, CancellationToken cancellationToken)
    {
        await registry.RecordCallAsync($"PutManifest {name}@{manifest.Descriptor.Digest}", cancellationToken);
        Store(manifest);
    }

    public async Task PutTagAsync(string tag, ManifestContent manifest, CancellationToken cancellationToken)
    {
        await registry.RecordCallAsync($"PutTag {name}:{tag}", cancellationToken);
        Store(manifest);
        Tags[tag] = manifest.Descriptor.Digest;
    }

    public async Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken)
    {
        await registry.RecordCallAsync($"ListTags {name}", cancellationToken);
        return [.. Tags.Keys.Order(StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<string>?> TryListTagsInOnePageAsync(CancellationToken cancellationToken)
    {
        await registry.RecordCallAsync($"ListTags {name}", cancellationToken);
        return registry.HasManyTags ? null : [.. Tags.Keys.Except(registry.UnlistedTags).Order(StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<Descriptor>> ListReferrersAsync(
        Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken)
    {
        await registry.RecordCallAsync($"ListReferrers {name}@{subject}", cancellationToken);
        var real = Manifests.Values
            .Where(manifest => ManifestLinks.Read(manifest).Subject?.Digest == subject)
            .OrderBy(manifest => manifest.Descriptor.Digest.ToString(), StringComparer.Ordinal)
            .Select(manifest => manifest.IsIndex ? manifest.Descriptor : Describe(manifest.Descriptor, manifest.ReadManifest()));
        return [.. real, .. FalseReferrers.GetValueOrDefault(subject) ?? []];
    }

    private Descriptor Describe(Descriptor referrer, Manifest manifest) => referrer with
    {
        ArtifactType = manifest.ArtifactType,
        Annotations = registry.OmitsAnnotations ? null : manifest.Annotations,
    };

    /// <summary>Deletes a manifest with all its tags, and what refers to it remains.</summary>
    public void DeleteImage(Digest digest)
    {
        Manifests.TryRemove(digest, out _);
        foreach (var (tag, _) in Tags.Where(tag => tag.Value == digest))
            Tags.TryRemove(tag, out _);
    }

    /// <summary>Deletes everything that refers to a manifest.</summary>
    public void DeleteReferrers(Digest subject)
    {
        foreach (var referrer in Manifests.Values.Where(manifest => ManifestLinks.Read(manifest).Subject?.Digest == subject))
            Manifests.TryRemove(referrer.Descriptor.Digest, out _);
    }

    /// <summary>Asserts that everything that a tag needs exists, at any moment.</summary>
    public void AssertComplete()
    {
        foreach (var (tag, digest) in Tags)
            AssertComplete(digest, $"{Location}:{tag}");
    }

    private void AssertComplete(Digest digest, string path)
    {
        Assert.True(Manifests.TryGetValue(digest, out var manifest), $"{path} lacks the manifest {digest}");
        var links = ManifestLinks.Read(manifest);
        foreach (var blob in links.Blobs.Where(blob => blob.Urls is null))
            Assert.True(Blobs.ContainsKey(blob.Digest), $"{path} lacks the blob {blob.Digest}");
        foreach (var child in links.Manifests)
            AssertComplete(child.Digest, path);
    }

    private void Store(ManifestContent manifest)
    {
        AssertPartsThere(manifest);
        Manifests[manifest.Descriptor.Digest] = manifest;
    }

    private void AssertPartsThere(ManifestContent manifest)
    {
        var links = ManifestLinks.Read(manifest);
        var missing = links.Blobs
            .Where(blob => blob.Urls is null && !Blobs.ContainsKey(blob.Digest))
            .Concat(links.Manifests.Where(child => !Manifests.ContainsKey(child.Digest)));
        if (missing.FirstOrDefault() is { } first)
            throw new GantryException(
                "GAN2099",
                $"{Location} refuses {manifest.Descriptor.Digest}, which needs {first.Digest}",
                "write that first");
    }
}
