using Gantry.Copying;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Syncing;

/// <summary>
/// Copies what a file asks for, in one session: connections and tokens are shared, several entries run at the same time, and what is there
/// is not copied again. A failure of one image does not stop the others.
/// </summary>
/// <param name="registries">The client that opens registries.</param>
/// <param name="file">The file.</param>
/// <param name="progress">The progress of all copies.</param>
public sealed class SyncRunner(IRegistryClient registries, SyncFile file, CopyProgress progress)
{
    /// <summary>The folder for blobs that slower targets still need, when there are several targets.</summary>
    public string SpoolFolder { get; init; } = Path.GetTempPath();

    /// <summary>The number of blobs of an entry that are copied at the same time; null for the default.</summary>
    public int? MaximumConcurrentBlobs { get; init; }

    /// <summary>Finds out what would be copied. Writes nothing.</summary>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="GantryException"><c>GAN4155</c>: the file writes the same target from two sources.</exception>
    public async Task<SyncResult> PlanAsync(CancellationToken cancellationToken)
    {
        var (planned, warnings) = await PlanAllAsync(cancellationToken);
        return new SyncResult
        {
            File = file.Name, IsDry = true, Warnings = warnings, Items = [.. planned.SelectMany(entry => entry.Items).Select(ItemOf)],
        };
    }

    /// <summary>Copies what is missing.</summary>
    /// <param name="cancellationToken">Cancels the operation; no tag then points to an incomplete image.</param>
    /// <exception cref="GantryException"><c>GAN4155</c>: the file writes the same target from two sources; nothing is written then.
    /// </exception>
    public async Task<SyncResult> RunAsync(CancellationToken cancellationToken)
    {
        var (planned, warnings) = await PlanAllAsync(cancellationToken);
        var done = await Concurrently.SelectAsync(planned, CopyAsync, cancellationToken, file.Parallel);
        return new SyncResult { File = file.Name, IsDry = false, Warnings = warnings, Items = [.. done.SelectMany(items => items)] };
    }

    // What is copied of an entry: its images, each with its targets.
    private sealed record PlannedEntry(SyncEntry Entry, IReadOnlyList<PlannedItem> Items);

    private sealed record PlannedItem(SyncEntry Entry, string Source, CopyRequest? Request, string Target)
    {
        public PlannedCopy? Copy { get; init; }

        public Exception? Error { get; init; }

        /// <summary>The position of the target in its entry.</summary>
        public int Lane { get; init; }
    }

    private async Task<(IReadOnlyList<PlannedEntry> Entries, IReadOnlyList<GantryException> Warnings)> PlanAllAsync(
        CancellationToken cancellationToken)
    {
        // What is read of a source is read once: its targets are planned one by one.
        var reads = new ReadOnceClient(registries);
        var listed = await Concurrently.SelectAsync(
            file.Entries, (entry, token) => ListAsync(reads, entry, token), cancellationToken, file.Parallel);
        EnsureSingleSources(listed.SelectMany(each => each));
        var planned = await Concurrently.SelectAsync(
            file.Entries.Zip(listed),
            async (each, token) => new PlannedEntry(
                each.First, await Concurrently.SelectAsync(each.Second, PlanAsync, token)),
            cancellationToken,
            file.Parallel);
        var empty = file.Entries.Zip(listed).Where(each => each.Second.Count == 0)
            .Select(each => SyncErrors.NoTags(file.Name, each.First.Line, NameOf(each.First.Source)));
        return (planned, [.. file.Warnings, .. empty]);
    }

    private static string NameOf(ImageLocation location) => location.Address.Describe(location.Repository);

    private async Task<IReadOnlyList<PlannedItem>> ListAsync(
        ReadOnceClient reads, SyncEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            var source = reads.Open(entry.Source.Address, entry.Source.Repository);
            if (entry.Tags is null)
                return [.. ItemsOf(entry, source, entry.Source.Tag, entry.Source.Digest)];
            var all = await source.ListTagsAsync(cancellationToken);
            if (all.Count == 0)
                throw SyncErrors.NothingThere(file.Name, entry.Line, NameOf(entry.Source));
            var tags = entry.Tags.Choose(all);
            return [.. tags.SelectMany(tag => ItemsOf(entry, source, tag, digest: null))];
        }
        catch (GantryException error)
        {
            return
            [
                .. entry.Targets.Select((target, lane) =>
                    new PlannedItem(entry, NameOf(entry.Source), Request: null, NameOf(target)) { Error = error, Lane = lane }),
            ];
        }
    }

    private IEnumerable<PlannedItem> ItemsOf(SyncEntry entry, IImageRepository source, string? tag, Digest? digest)
    {
        foreach (var (lane, location) in entry.Targets.Index())
        {
            var repository = registries.Open(location.Address, location.Repository);
            var target = new CopyTarget(repository, location.Tag ?? (location.Digest is null ? tag : null))
            {
                MoveTagReason = entry.MoveTagReason,
            };
            var request = new CopyRequest { Source = source, Tag = tag, Digest = digest, Targets = [target] };
            yield return new PlannedItem(
                entry, digest is null ? $"{source.Location}:{tag}" : $"{source.Location}@{digest}", request, target.ToString())
            {
                Lane = lane,
            };
        }
    }

    private void EnsureSingleSources(IEnumerable<PlannedItem> items)
    {
        var sources = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in items.Where(item => item.Request?.Targets[0].Tag is not null))
        {
            if (!sources.TryAdd(item.Target, item.Source) && sources[item.Target] != item.Source)
                throw SyncErrors.TwoSources(file.Name, item.Target, sources[item.Target], item.Source);
        }
    }

    private static async Task<PlannedItem> PlanAsync(PlannedItem item, CancellationToken cancellationToken)
    {
        if (item.Request is null)
            return item;
        try
        {
            return item with { Copy = (await new CopyPlanner(item.Entry.Options).PlanAsync([item.Request], cancellationToken))[0] };
        }
        catch (GantryException error)
        {
            return item with { Error = error };
        }
    }

    private async Task<IReadOnlyList<SyncItem>> CopyAsync(PlannedEntry entry, CancellationToken cancellationToken)
    {
        var moving = entry.Items.Where(item => item.Copy is { NothingMoves: false }).ToList();
        var lanes = moving.GroupBy(item => item.Lane).Select(lane => lane.ToList()).ToList();
        var done = new Dictionary<PlannedItem, SyncItem>();

        // Targets that need the same images share one reading of the source.
        foreach (var group in lanes.GroupBy(lane => string.Join('\n', lane.Select(item => item.Source))))
            await CopyAsync(entry.Entry, [.. group], done, cancellationToken);
        return [.. entry.Items.Select(item => done.GetValueOrDefault(item) ?? ItemOf(item))];
    }

    private async Task CopyAsync(
        SyncEntry entry, IReadOnlyList<IReadOnlyList<PlannedItem>> lanes, Dictionary<PlannedItem, SyncItem> done,
        CancellationToken cancellationToken)
    {
        var options = MaximumConcurrentBlobs is { } blobs ? entry.Options with { MaximumConcurrentBlobs = blobs } : entry.Options;
        var requests = lanes[0].Select((first, number) => new CopyRequest
        {
            Source = registries.Open(entry.Source.Address, entry.Source.Repository),
            Tag = first.Request!.Tag,
            Digest = first.Request.Digest,
            Targets = [.. lanes.Select(lane => lane[number].Request!.Targets[0])],
        });
        var copier = new ImageCopier(options, progress) { SpoolFolder = SpoolFolder };
        var outcomes = await copier.CopyAsync([.. requests], cancellationToken);
        foreach (var (lane, outcome) in lanes.Zip(outcomes))
        {
            foreach (var item in lane)
            {
                var copied = outcome.Images.FirstOrDefault(image => image.Target == item.Request!.Targets[0]);
                done[item] = copied is null
                    ? ItemOf(item) with { State = SyncState.Failed, Error = outcome.Error }
                    : ItemOf(item) with { State = SyncState.Copied, Blobs = copied.BlobsUploaded, Bytes = copied.BytesUploaded };
            }
        }
    }

    private static SyncItem ItemOf(PlannedItem item) => new()
    {
        Line = item.Entry.Line,
        Source = item.Source,
        Target = item.Target,
        State = item.Error is not null ? SyncState.Failed
            : item.Copy!.NothingMoves ? SyncState.Current
            : SyncState.WouldCopy,
        Digest = item.Copy?.Root.Digest,
        TagBefore = item.Copy?.TagBefore is { } before && before != item.Copy.Root.Digest ? before : null,
        Blobs = item.Copy?.Blobs ?? 0,
        Bytes = item.Copy?.Bytes ?? 0,
        Error = item.Error,
    };
}
