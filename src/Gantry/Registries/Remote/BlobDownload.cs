using System.Net;
using Gantry.Http;
using Gantry.IO;
using Gantry.Oci;

namespace Gantry.Registries.Remote;

/// <summary>
/// Reads a blob and resumes when the connection breaks or stalls. Progress resets the count of attempts and the time: only a blob without
/// any progress fails.
/// </summary>
internal sealed class BlobDownload(RegistryHost host, HttpCall request, string location, Descriptor blob)
{
    // One wrong answer may have come from something in between; the second one is what the registry has.
    private bool _answeredWrongly;

    /// <summary>The number of bytes after which the attempts are counted from the beginning.</summary>
    private const long Progress = 1024 * 1024;

    /// <summary>The encoding of the last answer; null when it had none.</summary>
    public string? Encoding { get; private set; }

    /// <summary>Opens the blob at a position.</summary>
    public async Task<Stream> OpenAsync(long position, CancellationToken cancellationToken)
    {
        var deadline = host.CreateDeadline(request.Patience);
        try
        {
            return new ResumingStream(this, deadline, await RequestAsync(position, deadline, cancellationToken), position);
        }
        catch
        {
            deadline.Dispose();
            throw;
        }
    }

    private async Task<Stream> RequestAsync(long position, ProgressDeadline deadline, CancellationToken cancellationToken)
    {
        // A server without range support returns the whole blob again, and the known part is skipped.
        var whole = request with { Deadline = deadline };
        return await host.SendAsync(
            whole with { Offset = position }, (response, token) => ReadAsync(response, position, token), cancellationToken)
            ?? await host.SendAsync(whole, (response, token) => ReadAsync(response, position, token), cancellationToken)
            ?? throw RegistryErrors.SizeMismatch(location, blob.Digest, blob.Size, $"at most {position}", Encoding);
    }

    // Null when the registry cannot begin at the requested position.
    private async Task<Stream?> ReadAsync(HttpAnswer response, long position, CancellationToken cancellationToken)
    {
        Encoding = response.ContentEncoding;
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK or HttpStatusCode.PartialContent
                when response.IsHtml && !blob.MediaType.StartsWith("text/html", StringComparison.OrdinalIgnoreCase):
                throw AfterWrongAnswer(RegistryErrors.NotARegistry(response.Host, "a page instead of a blob"));

            case HttpStatusCode.PartialContent when response.RangeStart != position:
            case HttpStatusCode.RequestedRangeNotSatisfiable:
                return null;

            case HttpStatusCode.OK or HttpStatusCode.PartialContent:
                var skip = response.StatusCode == HttpStatusCode.OK ? position : 0;
                if (response.ContentLength is { } length && length != blob.Size - position + skip)
                    throw AfterWrongAnswer(
                        RegistryErrors.SizeMismatch(location, blob.Digest, blob.Size, $"{length + position - skip}", Encoding));
                var body = await response.KeepBodyAsync(cancellationToken);
                if (skip > 0)
                    await SkipAsync(body, skip, cancellationToken);
                return body;

            case HttpStatusCode.NotFound:
                await host.ThrowIfNotARegistryAsync(response, cancellationToken);
                throw RegistryErrors.BlobNotFound(location, blob.Digest);

            default:
                throw await host.CreateErrorAsync(response, location, request.What, cancellationToken);
        }
    }

    private Exception AfterWrongAnswer(GantryException error)
    {
        if (_answeredWrongly)
            return error;
        _answeredWrongly = true;
        return new TransientException(FailureKind.Unsettled, error);
    }

    private static async Task SkipAsync(Stream body, long count, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (count > 0)
            {
                var read = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), cancellationToken);
                if (read == 0)
                    return;
                count -= read;
            }
        }
        catch
        {
            await body.DisposeAsync();
            throw;
        }
    }

    private sealed class ResumingStream(BlobDownload download, ProgressDeadline deadline, Stream body, long position) : ReadOnlyStream
    {
        private Stream _body = body;
        private long _position = position;
        private long _interruptedAt = position;
        private int _interruptions;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (true)
            {
                TransientException failure;
                try
                {
                    var read = await _body.ReadAsync(buffer, cancellationToken);
                    _position += read;
                    deadline.Advance(read);
                    if (read > 0 || download.IsComplete(_position))
                        return read;
                    failure = new TransientException(FailureKind.Broken, download.Truncated(_position));
                }
                catch (TransientException broken)
                {
                    failure = broken;
                }

                await ResumeAsync(failure, cancellationToken);
            }
        }

        public override async ValueTask DisposeAsync()
        {
            await _body.DisposeAsync();
            deadline.Dispose();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _body.Dispose();
                deadline.Dispose();
            }

            base.Dispose(disposing);
        }

        private async Task ResumeAsync(TransientException failure, CancellationToken cancellationToken)
        {
            if (_position - _interruptedAt >= Progress)
                _interruptions = 0;
            if (_interruptions++ == download.MaximumInterruptions || deadline.IsOver)
                throw failure.Error;
            _interruptedAt = _position;

            await _body.DisposeAsync();
            _body = Null;
            _body = await download.RequestAsync(_position, deadline, cancellationToken);
        }
    }

    private int MaximumInterruptions => host.Options.Retry.Attempts;

    private bool IsComplete(long position) => position >= blob.Size;

    private GantryException Truncated(long position) =>
        RegistryErrors.SizeMismatch(location, blob.Digest, blob.Size, $"{position}", Encoding);
}
