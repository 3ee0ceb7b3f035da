using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>
/// The content of one blob for one target. Usually opened when the target asks for it; where the target will most likely ask, the source
/// can be asked at the same time as the target is, which spares every blob one round trip of three.
/// </summary>
internal sealed class BlobContent(IBlobSource feed, Descriptor blob, BlobTransfer transfer) : IAsyncDisposable
{
    private readonly CancellationTokenSource _unused = new();
    private Task<Stream>? _early;

    /// <summary>Asks the source now. Its body waits unread, so a guess that was wrong costs a request and what a connection buffers.</summary>
    public void Prefetch(CancellationToken cancellationToken) => _early = PrefetchAsync(cancellationToken);

    /// <summary>Opens the content from its beginning, once an attempt.</summary>
    public async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        transfer.Restart();
        if (WellKnownBlobs.Find(blob) is { } content)
            return new MemoryStream(content, writable: false);

        var early = _early;
        _early = null;
        var stream = await (early ?? feed.OpenAsync(blob, cancellationToken));
        if (stream is not BlobStream verified)
            return new CountingStream(stream, transfer);

        // Not wrapped: whoever writes it may know that it is verified, and go back in it when a connection breaks.
        verified.OnRead = transfer.Advance;
        return verified;
    }

    /// <summary>Gives up what was opened early and never asked for; content that was asked for is its reader's to dispose of.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_early is { } unused)
        {
            await _unused.CancelAsync();
            await ((Task)unused).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (unused.IsCompletedSuccessfully)
                await (await unused).DisposeAsync();
        }

        _unused.Dispose();
    }

    private async Task<Stream> PrefetchAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _unused.Token);
        return await feed.OpenAsync(blob, stop.Token);
    }
}
