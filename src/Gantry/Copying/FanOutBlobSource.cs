using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>
/// Supplies blobs to several targets: reads each blob once from the source into a temporary file, from which every target reads at its own
/// pace while the file still grows. A slow target does not hold up the others, and the source is not read again; the cost is disk space, as
/// much as the slowest target is behind.
/// </summary>
internal sealed class FanOutBlobSource(IImageRepository source, int targets, string folder, CancellationToken cancellationToken)
    : IBlobSource, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, Entry> _entries = [];
    private readonly HashSet<int> _gone = [];

    public IImageRepository Repository => source;

    public async Task<Stream> OpenAsync(Descriptor blob, CancellationToken token)
    {
        Entry entry;
        SpooledBlob spooled;
        lock (_lock)
        {
            entry = EntryOf(blob.Digest);
            entry.Readers++;
            if (entry.Blob is { HasFailed: true } failed)
            {
                failed.Abandon();
                entry.Blob = null;
            }

            spooled = entry.Blob ??= SpooledBlob.Begin(blob, source.OpenBlobAsync, folder, cancellationToken);
        }

        try
        {
            await spooled.StartedAsync(token);
            var stream = spooled.OpenRead(source.Location);
            stream.OnDisposed = () => Close(blob.Digest, entry);
            return stream;
        }
        catch
        {
            Close(blob.Digest, entry);
            throw;
        }
    }

    public void Release(int target, Descriptor blob)
    {
        SpooledBlob? unused;
        lock (_lock)
        {
            EntryOf(blob.Digest).Done.Add(target);
            unused = TakeWhenUnused(blob.Digest);
        }

        unused?.Abandon();
    }

    public void CompleteTarget(int target)
    {
        List<SpooledBlob> unused;
        lock (_lock)
        {
            _gone.Add(target);
            unused = [.. _entries.Keys.ToList().Select(TakeWhenUnused).OfType<SpooledBlob>()];
        }

        unused.ForEach(blob => blob.Abandon());
    }

    public async ValueTask DisposeAsync()
    {
        List<SpooledBlob> left;
        lock (_lock)
        {
            left = [.. _entries.Values.Select(entry => entry.Blob).OfType<SpooledBlob>()];
            _entries.Clear();
        }

        foreach (var blob in left)
            await blob.DisposeAsync();
    }

    private void Close(Digest digest, Entry entry)
    {
        SpooledBlob? unused = null;
        lock (_lock)
        {
            entry.Readers--;
            if (_entries.GetValueOrDefault(digest) == entry)
                unused = TakeWhenUnused(digest);
        }

        unused?.Abandon();
    }

    private Entry EntryOf(Digest digest) => _entries.TryGetValue(digest, out var entry) ? entry : _entries[digest] = new Entry();

    private SpooledBlob? TakeWhenUnused(Digest digest)
    {
        var entry = _entries[digest];
        // A target that has a blob in one repository may still be writing it to another, where it could not be mounted.
        if (entry.Readers > 0 || entry.Done.Union(_gone).Count() < targets)
            return null;

        // A target that asks again, because a mount was refused, starts from the beginning.
        _entries.Remove(digest);
        return entry.Blob;
    }

    private sealed class Entry
    {
        public HashSet<int> Done { get; } = [];

        public int Readers { get; set; }

        public SpooledBlob? Blob { get; set; }
    }
}
