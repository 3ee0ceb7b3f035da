using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>
/// The content of one blob for one target. Usually opened when the target asks for it. When the target is likely to ask, the source can be
/// requested at the same time as the target, which saves one of three round trips per blob.
/// </summary>
internal sealed class BlobContent(IBlobSource feed, Descriptor blob, BlobTransfer transfer) : IAsyncDisposable
{
    private readonly CancellationTokenSource _unused = new();
    private Task<Stream>? _early;

    /// <summary>
    /// Sends the request to the source now. The body is not read until it is needed, so a wrong guess costs one request and what the
    /// connection buffers.
    /// </summary>
    public void Prefetch(CancellationToken cancellationToken) => _early = PrefetchAsync(cancellationToken);

    /// <summary>Opens the content from its beginning. Called once per attempt.</summary>
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

        // Not wrapped: the writer can then see that the stream is verified, and rewind it when a connection breaks.
        verified.OnRead = transfer.Advance;
        return verified;
    }

    /// <summary>
    /// Discards content that was opened early and never requested; content that was requested is disposed of by its reader.
    /// </summary>
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
