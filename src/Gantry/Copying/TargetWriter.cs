using System.Collections.Concurrent;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Registries.Layout;

namespace Gantry.Copying;

/// <summary>The repository that the parts of one image are written to, and the count of what has been written.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Source">The source of the blobs.</param>
/// <param name="KnownBlobs">The blobs that are known to exist in the repository.</param>
internal sealed record Destination(IImageRepository Repository, IBlobSource Source, IReadOnlySet<Digest> KnownBlobs)
{
    public CopyTally Tally { get; } = new();
}

/// <summary>
/// Writes the content of one copy to one target. Remembers what it has written: each blob and manifest is written to a repository once, and
/// mounted into further repositories of the same registry. The first failure stops all other writes to this target, and to no other.
/// </summary>
internal sealed class TargetWriter : IDisposable
{
    /// <summary>
    /// The maximum size of layers that are prefetched. Layers up to this size usually belong to the image itself; larger ones are often
    /// base layers that the target already has.
    /// </summary>
    private const long LargestEarly = 4 * 1024 * 1024;

    private static readonly Lazy<Task> s_done = new(Task.CompletedTask);

    private readonly int _number;
    private readonly CopyOptions _options;
    private readonly CopyProgress _progress;
    private readonly CancellationTokenSource _stop;
    private readonly SemaphoreSlim _transfers;
    private readonly ConcurrentDictionary<(string Location, Digest Digest, long Size), Lazy<Task>> _blobs = new();
    private readonly ConcurrentDictionary<(string Location, Digest Digest), Lazy<Task>> _manifests = new();
    private readonly ConcurrentDictionary<(string Registry, Digest Digest, long Size), IImageRepository> _holders = new();
    private readonly ConcurrentDictionary<string, IImageRepository> _repositories = new();

    // Those in archives, which show nothing before they are complete.
    private readonly ConcurrentBag<(IImageRepository Repository, string Tag)> _hiddenTags = [];
    private Exception? _failure;

    // True until one blob turns out to exist: then others may exist, too, and each is opened only when it is needed.
    private volatile bool _prefetches = true;

    public TargetWriter(int number, CopyOptions options, CopyProgress progress, CancellationToken cancellationToken)
    {
        _number = number;
        _options = options;
        _progress = progress;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _transfers = new SemaphoreSlim(options.MaximumConcurrentBlobs);
    }

    /// <summary>Cancelled when the copy is cancelled, or when something at this target failed.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The failure that stopped this target; failures that it caused do not count.</summary>
    public Exception? Failure => _failure;

    public void Dispose()
    {
        _stop.Dispose();
        _transfers.Dispose();
    }

    /// <summary>Notes a failure and stops everything else at this target.</summary>
    public void Fail(Exception exception)
    {
        Interlocked.CompareExchange(ref _failure, exception, null);
        _stop.Cancel();
    }

    /// <summary>Notes that something is written to this repository.</summary>
    public void AddRepository(IImageRepository repository) => _repositories.TryAdd(repository.Location, repository);

    /// <summary>Completes all repositories: makes the written content visible in those that show nothing before.</summary>
    public async Task CompleteAsync()
    {
        foreach (var repository in _repositories.Values)
            await repository.CompleteAsync(Token);
        foreach (var (repository, tag) in _hiddenTags)
            _progress.AddTag(repository, tag);
    }

    /// <summary>Writes the blobs and manifests of an image, each manifest after what it lists; the root only when requested.</summary>
    public async Task WriteAsync(Destination to, ImageGraph graph, bool withRoot)
    {
        // The largest first: while all others run beside them, the whole takes hardly longer than they do.
        var blobs = graph.Blobs
            .OrderByDescending(blob => blob.Size)
            .ToDictionary(blob => (blob.Digest, blob.Size), blob => WriteBlobAsync(to, blob));
        var placed = new Dictionary<Digest, Task>();
        foreach (var node in graph.Manifests)
        {
            var digest = node.Content.Descriptor.Digest;
            var parts = node.Blobs
                .Select(blob => blobs[(blob.Digest, blob.Size)])
                .Concat(node.Children.Select(child => placed[child.Digest]));
            placed[digest] = WriteNodeAsync(
                to, node.Content, Task.WhenAll(parts), write: withRoot || digest != graph.Root.Descriptor.Digest);
        }

        await Task.WhenAll(placed.Values);
    }

    /// <summary>Writes a manifest whose parts exist, and reads it back.</summary>
    public Task WriteManifestAsync(Destination to, ManifestContent manifest) =>
        OnceAsync(_manifests, (to.Repository.Location, manifest.Descriptor.Digest), async () =>
        {
            var digest = manifest.Descriptor.Digest;

            // An attachment may exist without being found: writing it again links it again.
            if (_options.Deep && ManifestLinks.Read(manifest).Subject is null && await to.Repository.HasManifestAsync(digest, Token))
                return;

            AddRepository(to.Repository);
            await to.Repository.PutManifestAsync(manifest, Token);
            var there = await to.Repository.FindManifestAsync(digest, Token);
            if (there is null || !there.Bytes.Span.SequenceEqual(manifest.Bytes.Span))
                throw CopyErrors.NotAsWritten(to.Repository.Location, digest.ToString());
            to.Tally.ManifestWritten();
        });

    /// <summary>Points a tag to a manifest, and reads it back.</summary>
    public async Task TagAsync(Destination to, string tag, ManifestContent manifest)
    {
        AddRepository(to.Repository);
        await to.Repository.PutTagAsync(tag, manifest, Token);
        var there = await to.Repository.FindManifestAsync(tag, Token);
        if (there is null || !manifest.Matches(there.Descriptor))
            throw CopyErrors.NotAsWritten(to.Repository.Location, tag);
        NoteTag(to.Repository, tag);
    }

    /// <summary>Notes that a tag is in place with a complete image.</summary>
    public void NoteTag(IImageRepository repository, string tag)
    {
        if (DigestTags.IsDigestTag(tag))
            return;
        if (repository is LayoutRepository { ShowsWritesImmediately: false })
            _hiddenTags.Add((repository, tag));
        else
            _progress.AddTag(repository, tag);
    }

    private async Task WriteNodeAsync(Destination to, ManifestContent manifest, Task parts, bool write)
    {
        await parts;
        if (write)
            await WriteManifestAsync(to, manifest);
    }

    private Task WriteBlobAsync(Destination to, Descriptor blob) =>
        OnceAsync(_blobs, (to.Repository.Location, blob.Digest, blob.Size), async () =>
        {
            var counts = _progress.Expect(blob, to.Repository);
            if (!to.KnownBlobs.Contains(blob.Digest) && !(_options.Deep && await to.Repository.HasBlobAsync(blob, Token)))
                await MountOrUploadAsync(to, blob, counts);
            _progress.Settle(blob, to.Repository, counts);
            to.Source.Release(_number, blob);
        });

    private async Task MountOrUploadAsync(Destination to, Descriptor blob, bool counts)
    {
        var mountFrom = await FindHolderAsync(to, blob);
        await _transfers.WaitAsync(Token);
        var transfer = _progress.Begin(blob, to.Repository.Location, counts);
        try
        {
            await using var content = new BlobContent(to.Source, blob, transfer);
            var early = _prefetches && mountFrom is null && blob.Size <= LargestEarly && WellKnownBlobs.Find(blob) is null;
            if (early)
                content.Prefetch(Token);

            var placement = await to.Repository.PutBlobAsync(blob, content.OpenAsync, mountFrom, Token);
            if (early && placement != BlobPlacement.Uploaded)
                _prefetches = false;
            to.Tally.Placed(blob, placement);
            if (placement == BlobPlacement.Uploaded)
                _progress.AddTransferred(blob);
        }
        finally
        {
            _progress.End(transfer);
            _transfers.Release();
        }
    }

    /// <summary>
    /// Finds a repository of the target's registry that has the blob: the source, or the first one that this copy wrote it to.
    /// </summary>
    private async Task<IImageRepository?> FindHolderAsync(Destination to, Descriptor blob)
    {
        if (to.Source.Repository.Registry == to.Repository.Registry)
            return to.Source.Repository;

        var holder = _holders.GetOrAdd((to.Repository.Registry, blob.Digest, blob.Size), to.Repository);
        if (holder.Location == to.Repository.Location)
            return null;
        await _blobs[(holder.Location, blob.Digest, blob.Size)].Value;
        return holder;
    }

    private async Task OnceAsync<TKey>(ConcurrentDictionary<TKey, Lazy<Task>> done, TKey key, Func<Task> act)
        where TKey : notnull
    {
        try
        {
            var work = done.GetOrAdd(key, _ => new Lazy<Task>(act));
            await work.Value;

            // Of many thousand blobs only their names are kept.
            done.TryUpdate(key, s_done, work);
        }
        catch (Exception exception)
        {
            Fail(exception);
            throw;
        }
    }
}
