using System.Globalization;
using System.Net;
using Gantry.Http;
using Gantry.IO;
using Gantry.Oci;

namespace Gantry.Registries.Remote;

/// <summary>
/// Uploads one blob. One request checks whether it exists and begins the upload, another sends it: <c>POST</c>, <c>PUT</c>. An interrupted
/// upload resumes at the offset that the registry reports, in chunks, so that the next interruption costs less; where that is not possible,
/// it starts again.
/// </summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs">
/// OCI distribution-spec 1.1.1, pushing blobs
/// </seealso>
internal sealed class BlobUpload(
    RegistryHost host, DistributionRepository repository, Descriptor blob, Func<CancellationToken, Task<Stream>> open) : IDisposable
{
    private const long DefaultChunkSize = 32 * 1024 * 1024;

    /// <summary>The size of the smallest chunks, for what limits the bodies of requests: below the usual limit of proxies, 1 MB.</summary>
    private const long SmallestChunkSize = 512 * 1024;

    /// <summary>More bytes than the buffers of a connection hold.</summary>
    private const long Buffered = 16 * 1024 * 1024;

    /// <summary>The number of bytes after which the attempts are counted from the beginning, as for downloads.</summary>
    private const long Progress = 1024 * 1024;

    private readonly string _what = $"writing the blob {blob.Digest}";
    private UploadSession? _session;
    private BlobStream? _content;
    private bool _interrupted;
    private readonly ProgressDeadline _deadline = host.CreateDeadline();
    private bool _refusesChunks;
    private bool _refusesWhole;
    private long _chunkSize = DefaultChunkSize;
    private long _arrived;
    private int _unknownUploads;
    private bool _readAgain;
    private long _interruptedAt;

    /// <summary>True when the upload continued in the middle after an interruption.</summary>
    public bool HasResumed { get; private set; }

    public async Task<BlobPlacement> RunAsync(DistributionRepository from, CancellationToken cancellationToken)
    {
        if (await BeginAsync(from, cancellationToken) is { } placed)
            return placed;
        try
        {
            BlobPlacement? transferred;
            while ((transferred = await host.Retry.ExecuteAsync(TransferAsync, _deadline, cancellationToken)) is null)
            {
                // The upload was interrupted after some progress: the attempts are counted from the beginning.
            }

            return transferred.Value;
        }
        finally
        {
            await CloseAsync();
        }
    }

    public void Dispose() => _deadline.Dispose();

    /// <summary>Checks whether the blob exists, mounts it, or begins an upload and returns null.</summary>
    private async Task<BlobPlacement?> BeginAsync(DistributionRepository from, CancellationToken cancellationToken)
    {
        if (host.RefusedMounts.ContainsKey((from.Name, repository.Name)))
            from = repository;
        var self = from == repository;
        if (self && host.MountsFromSelf == false)
            return await repository.HasBlobAsync(blob, cancellationToken)
                ? BlobPlacement.AlreadyThere
                : await PostAsync("", null, cancellationToken);

        BlobPlacement? placed;
        try
        {
            var query = $"?mount={Uri.EscapeDataString(blob.Digest.ToString())}&from={Uri.EscapeDataString(from.Name)}";
            placed = await PostAsync(query, from, cancellationToken);
        }
        catch (GantryException refused) when (refused.Kind is ErrorKind.Unauthorized or ErrorKind.Refused or ErrorKind.UnexpectedAnswer)
        {
            // Without the right to mount, writing may still be allowed: some registries refuse the whole request (Harbor, for a missing
            // project).
            RefuseMounts(from);
            return await BeginAsync(repository, cancellationToken);
        }

        if (placed is not null)
        {
            // Nothing reads the blob on its way. A registry may report one that it does not have, or that has another size.
            if (await repository.HasBlobAsync(blob, cancellationToken))
            {
                host.MountsFromSelf ??= self ? true : null;
                return self ? BlobPlacement.AlreadyThere : BlobPlacement.Mounted;
            }

            RefuseMounts(from);
            return await BeginAsync(repository, cancellationToken);
        }

        // Not mounted: the blob does not exist, or this registry mounts differently (ECR: only what a manifest names). Until its answer is
        // known to be reliable, existence is checked.
        if (self && (host.MountsFromSelf == true || _session!.IsReferenceImplementation))
            return null;
        if (!await repository.HasBlobAsync(blob, cancellationToken))
            return null;
        if (self)
            host.MountsFromSelf = false;
        return BlobPlacement.AlreadyThere;
    }

    /// <summary>Notes that blobs are not mounted from a repository, for the rest of the session.</summary>
    private void RefuseMounts(DistributionRepository from)
    {
        if (from == repository)
            host.MountsFromSelf = false;
        else
            host.RefusedMounts[(from.Name, repository.Name)] = true;
    }

    private async Task<BlobPlacement?> PostAsync(string query, DistributionRepository? from, CancellationToken cancellationToken)
    {
        var request = repository.Request(HttpMethod.Post, $"blobs/uploads/{query}", _what, from) with
        {
            Content = EmptyBody,
            Deadline = _deadline,
        };
        return await host.SendAsync<BlobPlacement?>(
            request,
            async (response, token) =>
            {
                switch (response.StatusCode)
                {
                    case HttpStatusCode.Created when query.Length > 0:
                        return BlobPlacement.Mounted;
                    case HttpStatusCode.Accepted:
                        _session = UploadSession.Begin(host, response, repository.Location, _what);
                        return null;
                    default:
                        throw response.IsSuccess
                            ? RegistryErrors.UnexpectedAnswer(
                                repository.Location, _what, $"status {(int)response.StatusCode} to the beginning of an upload")
                            : await repository.CreateWriteErrorAsync(response, _what, token);
                }
            },
            cancellationToken);
    }

    /// <summary>
    /// Makes one attempt, which resumes where the last one ended; returns null when the last one made progress, so that attempts are
    /// counted from the beginning.
    /// </summary>
    private async Task<BlobPlacement?> TransferAsync(CancellationToken cancellationToken)
    {
        if (_interrupted && _session is not null)
            await FindOffsetAsync(_session, cancellationToken);
        if (_interrupted && _session is { Offset: var offset } && offset - _interruptedAt >= Progress)
        {
            _interruptedAt = offset;
            _interrupted = false;
            return null;
        }

        if (_session is null && await BeginAsync(repository, cancellationToken) is { } placed)
            return placed;

        _interrupted = true;
        var session = _session!;
        try
        {
            HasResumed |= session.Offset > 0;
            await SeekAsync(session.Offset, cancellationToken);
            var inPieces = _refusesWhole
                || (!_refusesChunks && (session.Offset > 0 || (session.Attempts > 0 && blob.Size > DefaultChunkSize)));
            session.Attempts++;
            if (inPieces)
                await SendChunksAsync(session, cancellationToken);
            await CommitAsync(session, cancellationToken);
            return BlobPlacement.Uploaded;
        }
        catch (GantryException exception) when (exception.Kind == ErrorKind.DigestMismatch && !_readAgain)
        {
            // Perhaps damaged in transit: read and upload it once more from the beginning. It was not committed.
            _readAgain = true;
            _session = null;
            await CloseAsync();
            throw new TransientException(FailureKind.Broken, exception);
        }
    }

    /// <summary>Asks the registry for the offset; without an answer the upload starts again.</summary>
    private async Task FindOffsetAsync(UploadSession session, CancellationToken cancellationToken)
    {
        var request = repository.Request(HttpMethod.Get, session.Address, _what) with { Deadline = _deadline };
        var found = await host.AttemptAsync(request, (response, _) => Task.FromResult(session.Continue(response)), cancellationToken);
        Arrived(session.Offset);
        if (!found || session.Offset > (_content?.Position ?? 0) || (session.Offset > 0 && _refusesChunks))
            _session = null;
    }

    private async Task SendChunksAsync(UploadSession session, CancellationToken cancellationToken)
    {
        while (session.Offset < blob.Size)
        {
            var length = Math.Min(Math.Max(_chunkSize, session.MinimumChunkSize), blob.Size - session.Offset);
            var range = string.Create(CultureInfo.InvariantCulture, $"{session.Offset}-{session.Offset + length - 1}");
            var request = repository.Request(HttpMethod.Patch, session.Address, _what) with
            {
                Content = () => Body(session.Offset, length, range),
                Once = true,
                Deadline = _deadline,
            };
            await host.AttemptAsync(
                request,
                async (response, token) =>
                {
                    if (!response.IsSuccess)
                        throw await HandleRefusedChunkAsync(response, token);
                    session.Advance(response, length);
                    Arrived(session.Offset);
                    return true;
                },
                cancellationToken);
        }
    }

    private async Task CommitAsync(UploadSession session, CancellationToken cancellationToken)
    {
        var isSent = session.Offset == blob.Size && blob.Size > 0;
        var request = repository.Request(HttpMethod.Put, session.CommitAddress(blob.Digest), _what) with
        {
            Content = isSent ? EmptyBody : () => Body(0, blob.Size, range: null),
            Once = true,
            Deadline = _deadline,
        };
        await host.AttemptAsync(
            request,
            async (response, token) =>
            {
                if (!response.IsSuccess)
                    throw await HandleRefusedCommitAsync(response, isSent, token);
                if (Digest.TryParse(response.Header("Docker-Content-Digest"), out var stored)
                    && stored.Algorithm == blob.Digest.Algorithm
                    && stored != blob.Digest)
                    throw RegistryErrors.DigestMismatch(repository.Location, blob.Digest, stored.ToString());
                return true;
            },
            cancellationToken);
    }

    private async Task<Exception> HandleRefusedChunkAsync(HttpAnswer response, CancellationToken cancellationToken)
    {
        var error = await repository.CreateWriteErrorAsync(response, _what, cancellationToken);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return error;

        // Registries differ in whether they accept chunks, and of what size; nearly all accept a blob in one piece.
        var lost = response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.RequestedRangeNotSatisfiable;
        if (!lost && !UseSmallerChunks(response))
        {
            if (_refusesWhole)
                return error;
            _refusesChunks = true;
        }

        _session = null;
        return new TransientException(FailureKind.Broken, error);
    }

    private async Task<Exception> HandleRefusedCommitAsync(HttpAnswer response, bool isSent, CancellationToken cancellationToken)
    {
        var (error, code) = await repository.DescribeRefusalAsync(response, _what, cancellationToken);
        if (!isSent && !_refusesWhole && !_refusesChunks && blob.Size > 0 && RefusesWhole(response))
        {
            // Chunks are the other way that the specification has: PATCH takes the content, and PUT has none.
            _refusesWhole = true;
            UseSmallerChunks(response);
            _session = null;
            return new TransientException(FailureKind.Broken, error);
        }

        // The session was lost, or the received content differs from the sent one: a new session may succeed.
        var lost = response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.RequestedRangeNotSatisfiable
            || code is "BLOB_UPLOAD_UNKNOWN" or "BLOB_UPLOAD_INVALID" or "RANGE_INVALID" or "DIGEST_INVALID" or "SIZE_INVALID";
        if (!lost)
            return error;
        _session = null;
        return new TransientException(FailureKind.Broken, error);
    }

    // Without such an upload once, it was lost; twice, this is not the way to upload.
    private bool RefusesWhole(HttpAnswer response) => response.StatusCode switch
    {
        HttpStatusCode.MethodNotAllowed or HttpStatusCode.LengthRequired or HttpStatusCode.RequestEntityTooLarge
            or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.NotImplemented => true,
        HttpStatusCode.NotFound => ++_unknownUploads > 1,
        _ => false,
    };

    // Something between here and the registry limits the bodies of requests.
    private bool UseSmallerChunks(HttpAnswer response)
    {
        if (response.StatusCode != HttpStatusCode.RequestEntityTooLarge || _chunkSize <= SmallestChunkSize)
            return false;
        while (_chunkSize > SmallestChunkSize)
        {
            _chunkSize /= 8;
            if (_chunkSize < blob.Size)
                break;
        }

        return true;
    }

    /// <summary>Moves the content to a position, by rewinding, reopening or skipping.</summary>
    private async Task SeekAsync(long position, CancellationToken cancellationToken)
    {
        if (_content is not null && _content.Position != position && _content.CanRewind)
            await _content.RewindAsync(position, cancellationToken);
        if (_content is not null && _content.Position > position)
            await CloseAsync();
        if (_content is null)
        {
            var stream = await open(cancellationToken);
            _content = stream as BlobStream ?? new BlobStream(blob, repository.Location, stream);
        }

        if (_content.Position < position)
            await StreamCopier.CopyAsync(new LimitedStream(_content, position - _content.Position), Stream.Null, cancellationToken);
    }

    private WatchedContent Body(long offset, long length, string? range)
    {
        var position = offset;
        var content = new WatchedContent(
            new LimitedStream(_content!, length), length, host.Options.StallTimeout, host.Options.ResponseTimeout)
        {
            OnSent = Count,
        };
        if (range is not null)
            content.Headers.TryAddWithoutValidation("Content-Range", range);
        return content;

        // What is sent once more is no progress, nor is what the buffers on the way may still hold.
        void Count(int bytes)
        {
            position += bytes;
            Arrived(position - Buffered);
        }
    }

    private void Arrived(long bytes)
    {
        if (bytes <= _arrived)
            return;
        _deadline.Advance(bytes - _arrived);
        _arrived = bytes;
    }

    private async Task CloseAsync()
    {
        var content = _content;
        _content = null;
        if (content is not null)
            await content.DisposeAsync();
    }

    private static ByteArrayContent EmptyBody() => new([]);
}
