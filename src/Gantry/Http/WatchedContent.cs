using System.Net;
using System.Net.Http.Headers;
using Gantry.IO;

namespace Gantry.Http;

/// <summary>
/// A body that is streamed from a blob. Only the time in which the registry does not accept data is watched; the source has its own
/// watchdog.
/// </summary>
internal sealed class WatchedContent : HttpContent
{
    private readonly Stream _source;
    private readonly long _length;
    private readonly TimeSpan _stallTimeout;
    private readonly TimeSpan _responseTimeout;

    public WatchedContent(Stream source, long length, TimeSpan stallTimeout, TimeSpan responseTimeout)
    {
        _source = source;
        _length = length;
        _stallTimeout = stallTimeout;
        _responseTimeout = responseTimeout;
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        Headers.ContentLength = length;
    }

    public Watchdog? Watchdog { get; set; }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var watchdog = Watchdog!;
        watchdog.Restart();
        await StreamCopier.CopyAsync(_source, new WatchedTarget(stream, watchdog, _stallTimeout), cancellationToken);

        // From here on the registry has received everything and has to answer.
        watchdog.Restart();
        watchdog.Watch(_responseTimeout);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    /// <summary>Writes to the connection, with the watchdog.</summary>
    private sealed class WatchedTarget(Stream stream, Watchdog watchdog, TimeSpan limit) : WriteOnlyStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            watchdog.Watch(limit);
            await stream.WriteAsync(buffer, cancellationToken);
            watchdog.Rest(buffer.Length);
        }
    }
}
