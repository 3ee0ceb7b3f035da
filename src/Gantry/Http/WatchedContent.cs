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
    /// <summary>The number of bytes after which a registry has all of the time that is left for its answer.</summary>
    private const long LargeBody = 64 * 1024 * 1024;

    private readonly Stream _source;
    private readonly long _length;
    private readonly TimeSpan _stallTimeout;
    private readonly TimeSpan _responseTimeout;
    private (Watchdog Dog, ProgressDeadline Deadline, string Host, string What) _watch;

    public WatchedContent(Stream source, long length, TimeSpan stallTimeout, TimeSpan responseTimeout)
    {
        _source = source;
        _length = length;
        _stallTimeout = stallTimeout;
        _responseTimeout = responseTimeout;
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        Headers.ContentLength = length;
    }

    /// <summary>Called with the number of bytes that were sent.</summary>
    public Action<int>? OnSent { get; init; }

    /// <summary>Sets what watches the request.</summary>
    public void Watch(Watchdog dog, ProgressDeadline deadline, string host, string what) => _watch = (dog, deadline, host, what);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _watch.Dog.Restart();
        _watch.Deadline.End();
        await StreamCopier.CopyAsync(_source, new WatchedTarget(stream, this), cancellationToken);

        // From here on the registry has received everything and has to answer: what it has to do with a large body takes longer.
        _watch.Dog.Restart();
        _watch.Deadline.Begin(_watch.Host, _watch.What);
        _watch.Dog.Watch(AtMost(_length > LargeBody ? TimeSpan.MaxValue : _responseTimeout));
    }

    private TimeSpan AtMost(TimeSpan limit) => _watch.Deadline.Remaining is var remaining && remaining < limit ? remaining : limit;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    /// <summary>Writes to the connection, with the watchdog.</summary>
    private sealed class WatchedTarget(Stream stream, WatchedContent content) : WriteOnlyStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var (dog, deadline, host, what) = content._watch;
            deadline.Begin(host, what);
            dog.Watch(content.AtMost(content._stallTimeout));
            await stream.WriteAsync(buffer, cancellationToken);
            dog.Rest(buffer.Length);
            deadline.End();
            content.OnSent?.Invoke(buffer.Length);
        }
    }
}
