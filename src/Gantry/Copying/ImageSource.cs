using System.Collections.Concurrent;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>Reads images from one repository; reads each manifest once, however many images share it.</summary>
internal sealed class ImageSource(IImageRepository repository, CopyOptions options)
{
    /// <summary>The maximum depth of nested indexes: deeper than any real index, and low enough to stop a malicious one.</summary>
    private const int DeepestIndex = 16;

    /// <summary>The maximum number of manifests that are read for one image and its attachments.</summary>
    public const int MaximumManifests = 10_000;

    /// <summary>The maximum number of bytes of manifests of one image that are kept in memory.</summary>
    private const long MostManifestBytes = 64L * 1024 * 1024;

    private readonly ConcurrentDictionary<Digest, Lazy<Task<ManifestContent>>> _manifests = new();
    private Task<IReadOnlySet<string>?>? _tags;

    public IImageRepository Repository => repository;

    /// <summary>Reads all manifests of an image, level by level; those of one level concurrently.</summary>
    public async Task<ImageGraph> ReadAsync(ManifestContent root, CancellationToken cancellationToken)
    {
        var nodes = new Dictionary<Digest, ManifestNode>();
        var level = new List<ManifestContent> { root };
        var bytes = 0L;
        for (var depth = 0; level.Count > 0; depth++)
        {
            if (depth > DeepestIndex)
                throw CopyErrors.TooDeep(root.Descriptor.Digest, DeepestIndex);

            var listed = new Dictionary<Digest, Descriptor>();
            foreach (var content in level)
            {
                var node = ToNode(content);
                nodes[content.Descriptor.Digest] = node;
                bytes += content.Bytes.Length;
                foreach (var child in node.Children.Where(child => !nodes.ContainsKey(child.Digest)))
                    listed.TryAdd(child.Digest, child);
            }

            if (nodes.Count + listed.Count > MaximumManifests || bytes > MostManifestBytes)
                throw CopyErrors.TooManyManifests(repository.Location, MaximumManifests);
            level = [.. await Concurrently.SelectAsync(listed.Keys, ReadManifestAsync, cancellationToken)];
        }

        return new ImageGraph { Root = root, Manifests = ChildrenFirst(root.Descriptor.Digest, nodes) };
    }

    /// <summary>Lists the digests of all manifests of an image. Reads only indexes.</summary>
    public async Task<IReadOnlyCollection<Digest>> ListManifestsAsync(ManifestContent root, CancellationToken cancellationToken)
    {
        var listed = new HashSet<Digest> { root.Descriptor.Digest };
        var indexes = new List<ManifestContent> { root };
        for (var depth = 0; indexes.Count > 0; depth++)
        {
            if (depth > DeepestIndex)
                throw CopyErrors.TooDeep(root.Descriptor.Digest, DeepestIndex);

            var children = indexes
                .Where(index => index.IsIndex)
                .SelectMany(index => ManifestLinks.Read(index).Manifests)
                .Where(child => listed.Add(child.Digest))
                .ToList();
            if (listed.Count > MaximumManifests)
                throw CopyErrors.TooManyManifests(repository.Location, MaximumManifests);
            var nested = children.Where(child => MediaTypes.IsIndex(child.MediaType)).Select(child => child.Digest);
            indexes = [.. await Concurrently.SelectAsync(nested, ReadManifestAsync, cancellationToken)];
        }

        return listed;
    }

    /// <summary>Lists all tags, once, and only when one request can return them all; returns null otherwise.</summary>
    public Task<IReadOnlySet<string>?> TryListTagsInOnePageAsync(CancellationToken cancellationToken)
    {
        lock (_manifests)
            return _tags ??= ListAsync();

        async Task<IReadOnlySet<string>?> ListAsync() => (await repository.TryListTagsInOnePageAsync(cancellationToken))?.ToHashSet();
    }

    /// <summary>Reads the manifest with this digest; throws <c>GAN4031</c> when it is missing.</summary>
    public async Task<ManifestContent> ReadManifestAsync(Digest digest, CancellationToken cancellationToken)
    {
        while (true)
        {
            var reading = _manifests.GetOrAdd(digest, _ => new Lazy<Task<ManifestContent>>(() => RequireAsync(digest, cancellationToken)));
            try
            {
                return await reading.Value.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The first caller was cancelled because something else failed there; this caller is not affected.
                _manifests.TryRemove(new(digest, reading));
            }
        }
    }

    private async Task<ManifestContent> RequireAsync(Digest digest, CancellationToken cancellationToken) =>
        await repository.FindManifestAsync(digest, cancellationToken) ?? throw CopyErrors.SourceIncomplete(repository.Location, digest);

    private ManifestNode ToNode(ManifestContent content)
    {
        var links = ManifestLinks.Read(content);
        return new ManifestNode
        {
            Content = content,
            Children = links.Manifests,
            Blobs = [.. links.Blobs.Where(IsCopied)],
            SkippedLayers = [.. links.Blobs.Where(blob => !IsCopied(blob))],
            Subject = links.Subject,
        };
    }

    private bool IsCopied(Descriptor blob) =>
        options.NonDistributableLayers || blob.Urls is not { Count: > 0 } || !MediaTypes.IsNonDistributable(blob.MediaType);

    private static List<ManifestNode> ChildrenFirst(Digest root, Dictionary<Digest, ManifestNode> nodes)
    {
        var ordered = new List<ManifestNode>(nodes.Count);
        var seen = new HashSet<Digest>();
        Visit(root);
        return ordered;

        void Visit(Digest digest)
        {
            if (!seen.Add(digest))
                return;
            foreach (var child in nodes[digest].Children)
                Visit(child.Digest);
            ordered.Add(nodes[digest]);
        }
    }
}
