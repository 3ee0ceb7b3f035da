using System.Net;
using Gantry.Http;
using Gantry.IO;

namespace Gantry.Registries.Remote;

/// <summary>
/// An answer whose body is watched while it is read: a broken or stalled connection is a <see cref="TransientException"/>.
/// </summary>
internal sealed class RegistryResponse(HttpResponseMessage message, Watchdog watchdog, RegistryRequest request, TimeSpan stallTimeout) : IDisposable
{
    private bool _kept;

    public HttpStatusCode StatusCode => message.StatusCode;

    public bool IsSuccess => message.IsSuccessStatusCode;

    public Uri Uri => message.RequestMessage!.RequestUri!;

    public string Host => Uri.Authority;

    public long? ContentLength => message.Content.Headers.ContentLength;

    /// <summary>The position of the first byte of a partial body, or null.</summary>
    public long? RangeStart => message.Content.Headers.ContentRange?.From;

    public string? MediaType =>
        message.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString().Split(';')[0].Trim() : null;

    public bool IsHtml => MediaType?.Equals("text/html", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The advice for a person after a refusal; null when there is none.</summary>
    public string? Advice => request.Authentication?.Advise(request.Scopes);

    public string? Header(string name) => message.Headers.NonValidated.TryGetValues(name, out var values) ? values.First() : null;

    public IEnumerable<string> HeaderValues(string name) => message.Headers.NonValidated.TryGetValues(name, out var values) ? values : [];

    /// <summary>The address in the answer's <c>Location</c> header, or null.</summary>
    public Uri? Location => Header("Location") is { Length: > 0 } text && Uri.TryCreate(Uri, text, out var location) ? location : null;

    /// <summary>Detaches the body from the attempt: its reader disposes of it.</summary>
    public async Task<Stream> KeepBodyAsync(CancellationToken cancellationToken)
    {
        var body = await message.Content.ReadAsStreamAsync(cancellationToken);
        _kept = true;
        return new WatchedBody(this, body);
    }

    /// <summary>Reads a small body completely.</summary>
    public async Task<byte[]> ReadBytesAsync(int limit, string kind, CancellationToken cancellationToken)
    {
        if (ContentLength > limit)
            throw Oci.OciErrors.DocumentTooLarge(kind, $"from {Host}", limit);

        await using var body = await message.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[(int)(ContentLength ?? 4096) + 1];
        for (var length = 0; ;)
        {
            if (length == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, limit + 1L));
            var read = await ReadAsync(body, buffer.AsMemory(length), cancellationToken);
            length += read;
            if (length > limit)
                throw Oci.OciErrors.DocumentTooLarge(kind, $"from {Host}", limit);
            if (read == 0)
                return length == buffer.Length ? buffer : buffer[..length];
        }
    }

    public void Dispose()
    {
        if (!_kept)
            Close();
    }

    private void Close()
    {
        message.Dispose();
        watchdog.Dispose();
    }

    private async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // A registration of its own: the reader may use another token than the sender of the request.
        await using var registration = cancellationToken.UnsafeRegister(static state => ((Watchdog)state!).Stop(), watchdog);
        try
        {
            watchdog.Watch(stallTimeout);
            var read = await body.ReadAsync(buffer, watchdog.Token);
            watchdog.Rest(read);
            return read;
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (watchdog.Expired)
                throw new TransientException(FailureKind.Broken, RegistryErrors.Stalled(Host, request.What, watchdog.Limit));
            if (exception is OperationCanceledException)
                throw;
            throw new TransientException(FailureKind.Broken, RegistryErrors.ConnectionBroken(Host, request.What, NetworkErrorMessage.Of(exception), exception));
        }
    }

    /// <summary>A body whose reader does other work between reads: only the reads are watched.</summary>
    private sealed class WatchedBody(RegistryResponse response, Stream body) : ReadOnlyStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            response.ReadAsync(body, buffer, cancellationToken);

        public override async ValueTask DisposeAsync()
        {
            await body.DisposeAsync();
            response.Close();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                response.Close();
            base.Dispose(disposing);
        }
    }
}
