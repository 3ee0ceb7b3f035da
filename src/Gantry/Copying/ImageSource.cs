using System.Collections.Concurrent;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>Reads images from one repository; asks for each manifest once, however many images share it.</summary>
internal sealed class ImageSource(IImageRepository repository, CopyOptions options)
{
    /// <summary>Deeper than any real index, and shallow enough to stop at one that was made to hurt.</summary>
    private const int DeepestIndex = 16;

    /// <summary>The most manifests of one image, and of what belongs to it, that are read.</summary>
    public const int MaximumManifests = 10_000;

    /// <summary>The most bytes of manifests of one image that are kept in memory.</summary>
    private const long MostManifestBytes = 64L * 1024 * 1024;

    private readonly ConcurrentDictionary<Digest, Lazy<Task<ManifestContent>>> _manifests = new();
    private Task<IReadOnlySet<string>?>? _tags;

    public IImageRepository Repository => repository;

    /// <summary>Reads all manifests of an image, those of one level at once.</summary>
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

    /// <summary>The digests of all manifests of an image, of which only indexes are read.</summary>
    public async Task<IReadOnlyCollection<Digest>> ListManifestsAsync(ManifestContent root, CancellationToken cancellationToken)
    {
        var listed = new HashSet<Digest> { root.Descriptor.Digest };
        var indexes = new List<ManifestContent> { root };
        for (var depth = 0; indexes.Count > 0; depth++)
        {
            if (depth > DeepestIndex)
                throw CopyErrors.TooDeep(root.Descriptor.Digest, DeepestIndex);

            var children = indexes.Where(index => index.IsIndex).SelectMany(index => ManifestLinks.Read(index).Manifests).Where(child => listed.Add(child.Digest)).ToList();
            if (listed.Count > MaximumManifests)
                throw CopyErrors.TooManyManifests(repository.Location, MaximumManifests);
            var nested = children.Where(child => MediaTypes.IsIndex(child.MediaType)).Select(child => child.Digest);
            indexes = [.. await Concurrently.SelectAsync(nested, ReadManifestAsync, cancellationToken)];
        }

        return listed;
    }

    /// <summary>All tags, asked for once and only where one request can tell them; null otherwise.</summary>
    public Task<IReadOnlySet<string>?> TryListTagsInOnePageAsync(CancellationToken cancellationToken)
    {
        lock (_manifests)
            return _tags ??= ListAsync();

        async Task<IReadOnlySet<string>?> ListAsync() => (await repository.TryListTagsInOnePageAsync(cancellationToken))?.ToHashSet();
    }

    /// <summary>The manifest with this digest, or <c>GAN4024</c>.</summary>
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
                // Who asked first was stopped, because something else failed there; that is nothing to who asks now.
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
