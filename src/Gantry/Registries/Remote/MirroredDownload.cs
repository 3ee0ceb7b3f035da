using Gantry.IO;

namespace Gantry.Registries.Remote;

/// <summary>Reads a blob from the first repository that has it, and continues with the next one when a repository fails.</summary>
/// <param name="places">The mirrors, followed by the registry itself, whose errors are the ones that are reported.</param>
internal sealed class MirroredDownload(IReadOnlyList<BlobDownload> places)
{
    private readonly bool[] _used = new bool[places.Count];

    /// <summary>The encoding of an answer that had one; null when none had.</summary>
    public string? Encoding => places.Select(place => place.Encoding).FirstOrDefault(encoding => encoding is not null);

    /// <summary>Returns true when some of the bytes came from this repository.</summary>
    public bool HasUsed(int place) => _used[place];

    /// <summary>Opens the blob at a position.</summary>
    public async Task<Stream> OpenAsync(long position, CancellationToken cancellationToken)
    {
        var (place, body) = await OpenAsync(0, position, cancellationToken);
        return new ContinuedStream(this, place, body, position);
    }

    private async Task<(int Place, Stream Body)> OpenAsync(int first, long position, CancellationToken cancellationToken)
    {
        for (var place = first; ; place++)
        {
            try
            {
                return (place, await places[place].OpenAsync(position, cancellationToken));
            }
            catch (GantryException) when (place < places.Count - 1)
            {
                // The next one has the same bytes.
            }
        }
    }

    private sealed class ContinuedStream(MirroredDownload download, int place, Stream body, long position) : ReadOnlyStream
    {
        private int _place = place;
        private Stream _body = body;
        private long _position = position;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (true)
            {
                try
                {
                    var read = await _body.ReadAsync(buffer, cancellationToken);
                    _position += read;
                    download._used[_place] |= read > 0;
                    return read;
                }
                catch (GantryException) when (_place < download._used.Length - 1)
                {
                    await _body.DisposeAsync();
                    _body = Null;
                    (_place, _body) = await download.OpenAsync(_place + 1, _position, cancellationToken);
                }
            }
        }

        public override async ValueTask DisposeAsync()
        {
            await _body.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _body.Dispose();
            base.Dispose(disposing);
        }
    }
}
