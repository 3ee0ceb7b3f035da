using System.Globalization;
using System.Net;
using System.Text;
using Gantry.IO;

namespace Gantry.Http;

/// <summary>
/// An answer whose body is watched while it is read: a broken or stalled connection is a <see cref="TransientException"/>.
/// </summary>
public sealed class HttpAnswer : IDisposable
{
    private readonly HttpResponseMessage _message;
    private readonly Watchdog _watchdog;
    private readonly HttpCall _call;
    private readonly HttpTransportOptions _options;
    private readonly HostThrottle _throttle;
    private bool _kept;

    internal HttpAnswer(HttpResponseMessage message, Watchdog watchdog, HttpCall call, HttpTransportOptions options, HostThrottle throttle)
    {
        _message = message;
        _watchdog = watchdog;
        _call = call;
        _options = options;
        _throttle = throttle;
    }

    /// <summary>The status.</summary>
    public HttpStatusCode StatusCode => _message.StatusCode;

    /// <summary>True when the status is a success.</summary>
    public bool IsSuccess => _message.IsSuccessStatusCode;

    /// <summary>The media type of the body; null when there is none.</summary>
    public string? MediaType => _message.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values)
        ? Mask(values.ToString()).Split(';')[0].Trim()
        : null;

    /// <summary>The time that the server asks to wait; null when it asks for none, as zero seconds or a time in the past do.</summary>
    public TimeSpan? RetryAfter
    {
        get
        {
            var asked = ReadSecondsToWait() ?? _message.Headers.RetryAfter?.Date - _options.TimeProvider.GetUtcNow();
            return asked is { Ticks: > 0 } ? asked : null;
        }
    }

    internal HttpResponseMessage Message => _message;

    internal Uri Uri => _message.RequestMessage!.RequestUri!;

    internal string Host => Uri.Authority;

    internal long? ContentLength => _message.Content.Headers.ContentLength;

    /// <summary>Returns true when the body has another length than expected, as far as the headers tell.</summary>
    internal bool HasOtherLength(long expected) =>
        ContentLength is > 0 and { } length && length != expected && _message.Content.Headers.ContentEncoding.Count == 0;

    /// <summary>The position of the first byte of a partial body, or null.</summary>
    internal long? RangeStart => _message.Content.Headers.ContentRange?.From;

    internal bool IsHtml => MediaType?.Equals("text/html", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The advice for a person after a refusal; null when there is none.</summary>
    internal string? Advice => _call.Authentication?.Advice;

    /// <summary>The encoding of the body; null when it is sent as it is stored, as every request asks for.</summary>
    internal string? ContentEncoding =>
        _message.Content.Headers.NonValidated.TryGetValues("Content-Encoding", out var values)
            && values.ToString().Trim() is { Length: > 0 } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)
            ? Format.OneLine(Mask(encoding), 40)
            : null;

    /// <summary>Returns the first value of a header; null when there is none. Credentials that were sent are masked in it.</summary>
    public string? Header(string name) => FirstValue(name) is { } value ? Mask(value) : null;

    internal IEnumerable<string> HeaderValues(string name) =>
        _message.Headers.NonValidated.TryGetValues(name, out var values) ? values : [];

    /// <summary>The address in the answer's <c>Location</c> header, byte for byte; null when there is none.</summary>
    internal Uri? Location => FirstValue("Location") is { Length: > 0 } text ? HttpAddress.TryResolve(Uri, text) : null;

    /// <summary>Detaches the body from the attempt: its reader disposes of it.</summary>
    internal async Task<Stream> KeepBodyAsync(CancellationToken cancellationToken)
    {
        var body = await _message.Content.ReadAsStreamAsync(cancellationToken);
        _kept = true;
        return new WatchedBody(this, body);
    }

    /// <summary>Reads a small body completely. In the body of a refusal, credentials that were sent are masked.</summary>
    /// <param name="limit">The maximum number of bytes; more is a failure.</param>
    /// <param name="kind">The kind of document, for messages.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<byte[]> ReadBytesAsync(int limit, string kind, CancellationToken cancellationToken)
    {
        if (ContentLength > limit)
            throw TooLarge(kind, limit);

        await using var body = await _message.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[(int)(ContentLength ?? 4096) + 1];
        for (var length = 0; ;)
        {
            if (length == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, limit + 1L));
            var read = await ReadAsync(body, buffer.AsMemory(length), cancellationToken);
            length += read;
            if (length > limit)
                throw TooLarge(kind, limit);
            if (read == 0)
                return Mask(length == buffer.Length ? buffer : buffer[..length]);
        }
    }

    /// <summary>Reads a small body as text: by its byte order mark when it has one, as UTF-8 otherwise, whatever it declares.</summary>
    /// <param name="limit">The maximum number of bytes; more is a failure.</param>
    /// <param name="kind">The kind of document, for messages.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<string> ReadTextAsync(int limit, string kind, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(new MemoryStream(await ReadBytesAsync(limit, kind, cancellationToken)), Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>Masks the credentials that were sent in a text from this answer.</summary>
    internal string Mask(string text) => _options.Secrets.Apply(text);

    /// <summary>Delays the following requests to this host.</summary>
    public void Pause(TimeSpan pause) => _throttle.Pause(pause);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_kept)
            Close();
    }

    private string? FirstValue(string name) => _message.Headers.NonValidated.TryGetValues(name, out var values) ? values.First() : null;

    // The bytes of a success stay as they are: they may be verified against a digest.
    private byte[] Mask(byte[] body)
    {
        if (IsSuccess || body.Length == 0)
            return body;
        var text = Encoding.UTF8.GetString(body);
        var masked = Mask(text);
        return masked == text ? body : Encoding.UTF8.GetBytes(masked);
    }
    // A number that is out of range asks for a longer pause than anyone takes.
    private TimeSpan? ReadSecondsToWait() =>
        Header("Retry-After")?.Trim() is { Length: > 0 } text && !text.AsSpan().ContainsAnyExceptInRange('0', '9')
            ? TimeSpan.FromSeconds(
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue)
            : null;

    private Exception TooLarge(string kind, int limit) =>
        _call.Failed(new HttpFailure(HttpFailureKind.TooLarge, Host, kind, $"more than {Format.Count(limit, "byte")}") { Number = limit });

    private void Close()
    {
        _message.Dispose();
        _watchdog.Dispose();
    }

    private async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // A registration of its own: the reader may use another token than the sender of the request.
        await using var registration = cancellationToken.UnsafeRegister(static state => ((Watchdog)state!).Stop(), _watchdog);
        var deadline = _call.Deadline!;
        try
        {
            deadline.Begin(Host, _call.What);
            _watchdog.Watch(deadline.Remaining < _options.StallTimeout ? deadline.Remaining : _options.StallTimeout);
            var read = await body.ReadAsync(buffer, _watchdog.Token);
            _watchdog.Rest(read);
            deadline.End();
            return read;
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            deadline.Fail(_watchdog.Expired ? _watchdog.Limit : default);
            if (_watchdog.Expired)
                throw _call.Failed(new HttpFailure(HttpFailureKind.Stalled, Host, _call.What, "it does not answer")
                {
                    Limit = deadline.Waited,
                    Exception = exception,
                });
            if (exception is OperationCanceledException)
                throw;
            throw _call.Failed(
                new HttpFailure(HttpFailureKind.Broken, Host, _call.What, NetworkErrorMessage.Of(exception)) { Exception = exception });
        }
    }

    /// <summary>A body whose reader does other work between reads: only the reads are watched.</summary>
    private sealed class WatchedBody(HttpAnswer response, Stream body) : ReadOnlyStream
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
