using System.Collections.Concurrent;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>Reads images from one repository; reads each manifest once, however many images share it.</summary>
internal sealed class ImageSource(IImageRepository repository, CopyOptions options)
{
    private readonly ConcurrentDictionary<Digest, Lazy<Task<ManifestContent>>> _manifests = new();
    private Task<IReadOnlySet<string>?>? _tags;
    private long _kept;

    public IImageRepository Repository => repository;

    /// <summary>Reads all manifests of an image, level by level; those of one level concurrently.</summary>
    public Task<ImageGraph> ReadAsync(ManifestContent root, CancellationToken cancellationToken) =>
        ReadAsync(root, new ManifestBudget(repository.Location), cancellationToken);

    /// <summary>Reads all manifests of an image that belongs to another one.</summary>
    public async Task<ImageGraph> ReadAsync(ManifestContent root, ManifestBudget budget, CancellationToken cancellationToken)
    {
        var nodes = new Dictionary<Digest, ManifestNode>();
        var level = new List<ManifestContent> { root };
        budget.Take(root);
        for (var depth = 0; level.Count > 0; depth++)
        {
            if (depth > Limits.IndexDepth)
                throw CopyErrors.TooDeep(root.Descriptor.Digest, Limits.IndexDepth);

            var parents = level.Select(ToNode).ToList();
            foreach (var node in parents)
            {
                nodes[node.Content.Descriptor.Digest] = node;
                budget.TakeLinks(node.Children.Count + node.Blobs.Count + node.SkippedLayers.Count);
            }

            var unread = parents
                .SelectMany(node => node.Children)
                .Select(child => child.Digest)
                .Where(digest => !nodes.ContainsKey(digest))
                .ToHashSet();
            if (nodes.Count + unread.Count > Limits.ImageManifests)
                throw CopyErrors.TooManyManifests(
                    repository.Location, Format.Count(Limits.ImageManifests, "manifest"), nameof(Limits.ImageManifests));
            level =
            [
                .. await Concurrently.SelectAsync(unread, (digest, token) => ReadManifestAsync(digest, budget, token), cancellationToken),
            ];

            var read = level.ToDictionary(content => content.Descriptor.Digest);
            parents.ForEach(node => EnsureListedRightly(
                node, digest => read.GetValueOrDefault(digest) ?? nodes[digest].Content));
        }

        return new ImageGraph { Root = root, Manifests = ChildrenFirst(root.Descriptor.Digest, nodes) };
    }

    /// <summary>Lists the digests of all manifests of an image. Reads only indexes.</summary>
    public async Task<IReadOnlyCollection<Digest>> ListManifestsAsync(ManifestContent root, CancellationToken cancellationToken)
    {
        var listed = new HashSet<Digest> { root.Descriptor.Digest };
        if (root.Alias is { } alias)
            listed.Add(alias);
        var indexes = new List<ManifestContent> { root };
        var budget = new ManifestBudget(repository.Location);
        for (var depth = 0; indexes.Count > 0; depth++)
        {
            if (depth > Limits.IndexDepth)
                throw CopyErrors.TooDeep(root.Descriptor.Digest, Limits.IndexDepth);

            var children = indexes
                .Where(index => index.IsIndex)
                .SelectMany(index => ManifestLinks.Read(index).Manifests)
                .Where(child => listed.Add(child.Digest))
                .ToList();
            if (listed.Count > Limits.ImageManifests)
                throw CopyErrors.TooManyManifests(
                    repository.Location, Format.Count(Limits.ImageManifests, "manifest"), nameof(Limits.ImageManifests));
            var nested = children.Where(child => MediaTypes.IsIndex(child.MediaType)).Select(child => child.Digest);
            indexes =
            [
                .. await Concurrently.SelectAsync(nested, (digest, token) => ReadManifestAsync(digest, budget, token), cancellationToken),
            ];
        }

        return listed;
    }

    /// <summary>Lists all tags, once, and only when one request can return them all; returns null otherwise.</summary>
    public Task<IReadOnlySet<string>?> TryListTagsInOnePageAsync(CancellationToken cancellationToken)
    {
        lock (_manifests)
            return _tags ??= ListAsync();

        async Task<IReadOnlySet<string>?> ListAsync()
        {
            try
            {
                return (await repository.TryListTagsInOnePageAsync(cancellationToken))?.ToHashSet();
            }
            catch (GantryException)
            {
                // The list only saves requests.
                return null;
            }
        }
    }

    /// <summary>Reads the manifest with this digest; throws <c>GAN4031</c> when it is missing.</summary>
    public Task<ManifestContent> ReadManifestAsync(Digest digest, CancellationToken cancellationToken) =>
        ReadManifestAsync(digest, new ManifestBudget(repository.Location), cancellationToken);

    /// <summary>Reads a manifest of an image.</summary>
    public async Task<ManifestContent> ReadManifestAsync(Digest digest, ManifestBudget budget, CancellationToken cancellationToken)
    {
        while (true)
        {
            var isNew = false;
            var reading = _manifests.GetOrAdd(digest, _ =>
            {
                isNew = true;
                return new Lazy<Task<ManifestContent>>(() => RequireAsync(digest, cancellationToken));
            });
            try
            {
                var content = await reading.Value.WaitAsync(cancellationToken);
                budget.Take(content);

                // Images of one repository share manifests, but many of them must not fill the memory.
                if (isNew && Interlocked.Add(ref _kept, content.Bytes.Length) > Limits.ImageManifestBytes)
                    _manifests.TryRemove(new(digest, reading));
                return content;
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
            Blobs = [.. links.Blobs.Where(options.Includes)],
            SkippedLayers = [.. links.Blobs.Where(blob => !options.Includes(blob))],
            Subject = links.Subject,
        };
    }

    /// <summary>Throws when an index lists a manifest with another size or type than it has: other tools reject the image.</summary>
    private void EnsureListedRightly(ManifestNode index, Func<Digest, ManifestContent> find)
    {
        // The same entry again needs no other look at the manifest.
        foreach (var entry in index.Children.DistinctBy(entry => (entry.Digest, entry.Size, entry.MediaType)))
        {
            if (find(entry.Digest).FindMismatch(entry) is { } difference)
                throw CopyErrors.NotAsListed(repository.Location, index.Content.Descriptor.Digest, entry.Digest, difference);
        }
    }

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
