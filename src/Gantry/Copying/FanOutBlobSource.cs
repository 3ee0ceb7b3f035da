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
    private readonly Dictionary<(Digest Digest, long Size), Entry> _entries = [];
    private readonly HashSet<int> _gone = [];

    public IImageRepository Repository => source;

    public async Task<Stream> OpenAsync(Descriptor blob, CancellationToken token)
    {
        Entry entry;
        SpooledBlob spooled;
        lock (_lock)
        {
            entry = EntryOf(blob);
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
            stream.OnDisposed = () => Close(blob, entry);
            return stream;
        }
        catch
        {
            Close(blob, entry);
            throw;
        }
    }

    public void Release(int target, Descriptor blob)
    {
        SpooledBlob? unused;
        lock (_lock)
        {
            EntryOf(blob).Done.Add(target);
            unused = TakeWhenUnused(KeyOf(blob));
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

    private void Close(Descriptor blob, Entry entry)
    {
        SpooledBlob? unused = null;
        lock (_lock)
        {
            entry.Readers--;
            if (_entries.GetValueOrDefault(KeyOf(blob)) == entry)
                unused = TakeWhenUnused(KeyOf(blob));
        }

        unused?.Abandon();
    }

    // A wrong size must not spoil the content for those that have the right one.
    private static (Digest Digest, long Size) KeyOf(Descriptor blob) => (blob.Digest, blob.Size);

    private Entry EntryOf(Descriptor blob) =>
        _entries.TryGetValue(KeyOf(blob), out var entry) ? entry : _entries[KeyOf(blob)] = new Entry();

    private SpooledBlob? TakeWhenUnused((Digest Digest, long Size) key)
    {
        var entry = _entries[key];
        // A target that has a blob in one repository may still be writing it to another, where it could not be mounted.
        if (entry.Readers > 0 || entry.Done.Union(_gone).Count() < targets)
            return null;

        // A target that asks again, because a mount was refused, starts from the beginning.
        _entries.Remove(key);
        return entry.Blob;
    }

    private sealed class Entry
    {
        public HashSet<int> Done { get; } = [];

        public int Readers { get; set; }

        public SpooledBlob? Blob { get; set; }
    }
}
