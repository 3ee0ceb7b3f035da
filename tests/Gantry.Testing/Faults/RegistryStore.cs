using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Gantry.Oci;

namespace Gantry.Testing.Faults;

/// <summary>The content of a scripted registry.</summary>
public sealed class RegistryStore
{
    public ConcurrentDictionary<(string Repository, string Digest), byte[]> Blobs { get; } = new();

    public ConcurrentDictionary<(string Repository, string Digest), (string MediaType, byte[] Content)> Manifests { get; } = new();

    public ConcurrentDictionary<(string Repository, string Tag), string> Tags { get; } = new();

    public ConcurrentDictionary<string, UploadState> Uploads { get; } = new();

    /// <summary>Gets the manifests that are not deleted until they are unlocked.</summary>
    public ConcurrentDictionary<(string Repository, string Digest), bool> Locked { get; } = new();

    /// <summary>Deletes a manifest with its tags, and its referrers if wanted; returns false when there is none.</summary>
    public bool Delete(string repository, string digest, bool withReferrers)
    {
        if (!Manifests.TryRemove((repository, digest), out _))
            return false;
        foreach (var tag in Tags.Where(tag => tag.Key.Repository == repository && tag.Value == digest))
            Tags.TryRemove(tag);
        if (!withReferrers)
            return true;
        foreach (var ((_, referrer), _) in Manifests.Where(manifest => manifest.Key.Repository == repository
            && (string?)JsonNode.Parse(manifest.Value.Content)!["subject"]?["digest"] == digest).ToList())
            Delete(repository, referrer, withReferrers);
        return true;
    }

    /// <summary>Adds an image without a request.</summary>
    public void Add(string repository, SampleImage image, string? tag = null)
    {
        foreach (var (digest, content) in image.Blobs)
            Blobs[(repository, digest.ToString())] = content;
        Add(repository, image.Root, tag);
    }

    /// <summary>Adds a manifest without a request.</summary>
    public void Add(string repository, ManifestContent manifest, string? tag = null)
    {
        Manifests[(repository, manifest.Descriptor.Digest.ToString())] = (manifest.Descriptor.MediaType, manifest.Bytes.ToArray());
        if (tag is not null)
            Tags[(repository, tag)] = manifest.Descriptor.Digest.ToString();
    }

    /// <summary>
    /// Finds faults in what the tags point to: missing parts, and content that does not match its digest. Empty when there are none.
    /// </summary>
    public IReadOnlyList<string> FindDamage()
    {
        var damages = new List<string>();
        foreach (var ((repository, digest), content) in Blobs)
            Check(damages, $"{repository} blob", digest, content);
        foreach (var ((repository, digest), manifest) in Manifests)
            Check(damages, $"{repository} manifest", digest, manifest.Content);
        foreach (var ((repository, tag), digest) in Tags)
            Walk(damages, repository, $"{repository}:{tag}", digest);
        return damages;
    }

    private static void Check(List<string> damages, string what, string digest, byte[] content)
    {
        var named = Digest.Parse(digest);
        if (named.OfSameAlgorithm(content) != named)
            damages.Add($"{what} {digest} is something else");
    }

    private void Walk(List<string> damages, string repository, string path, string digest)
    {
        if (!Manifests.TryGetValue((repository, digest), out var stored))
        {
            damages.Add($"{path} lacks the manifest {digest}");
            return;
        }

        var manifest = ManifestContent.FromVerified(stored.MediaType, Digest.Parse(digest), stored.Content);
        if (manifest.IsIndex)
        {
            // A list of referrers may name manifests that come later or were removed.
            if (!path[(path.LastIndexOf(':') + 1)..].StartsWith("sha256-", StringComparison.Ordinal))
                manifest.ReadIndex().Manifests.ToList().ForEach(child => Walk(damages, repository, path, child.Digest.ToString()));
            return;
        }

        var document = manifest.ReadManifest();
        damages.AddRange(document.Layers.Append(document.Config)
            .Where(blob => !Blobs.ContainsKey((repository, blob.Digest.ToString())))
            .Select(blob => $"{path} lacks the blob {blob.Digest}"));
    }
}

/// <summary>An upload in progress.</summary>
public sealed class UploadState
{
    public MemoryStream Content { get; } = new();
}
