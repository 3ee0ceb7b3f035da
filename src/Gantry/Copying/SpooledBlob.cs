using System.Buffers;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Microsoft.Win32.SafeHandles;

namespace Gantry.Copying;

/// <summary>A blob in a temporary file that is written once and read by many readers, as soon as its first bytes are there.</summary>
internal sealed class SpooledBlob : IAsyncDisposable
{
    private const int ChunkSize = 128 * 1024;

    private readonly Descriptor _blob;
    private readonly SafeFileHandle _file;
    private readonly string _folder;
    private readonly CancellationTokenSource _stop;

    // Readers continue at once: they send their own requests first, and have nothing to read yet.
    private readonly TaskCompletionSource _started = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _writing = Task.CompletedTask;
    private long _written;
    private bool _complete;
    private Exception? _failure;

    private SpooledBlob(Descriptor blob, SafeFileHandle file, string folder, CancellationToken cancellationToken)
    {
        _blob = blob;
        _file = file;
        _folder = folder;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Starts to read a blob into a new temporary file, which no other process sees and which is deleted on disposal.</summary>
    public static SpooledBlob Begin(
        Descriptor blob, Func<Descriptor, CancellationToken, Task<Stream>> open, string folder, CancellationToken cancellationToken)
    {
        var spooled = new SpooledBlob(blob, TemporaryFile.Create(folder), folder, cancellationToken);
        spooled._writing = spooled.WriteAsync(open);
        return spooled;
    }

    /// <summary>True when reading the blob failed: another attempt needs a new instance.</summary>
    public bool HasFailed
    {
        get
        {
            lock (_lock)
                return _failure is not null;
        }
    }

    /// <summary>Completes when the source has begun to send the blob; fails as the source does.</summary>
    public Task StartedAsync(CancellationToken cancellationToken) => _started.Task.WaitAsync(cancellationToken);

    /// <summary>Opens a reader at the beginning. A reader sees the end only when the whole blob is there and verified.</summary>
    public BlobStream OpenRead(string location) =>
        BlobStream.FromVerified(_blob, location, new Reader(this, 0), (position, _) => Task.FromResult<Stream>(new Reader(this, position)));

    /// <summary>Disposes of the blob in the background, when it has no readers any more.</summary>
    public void Abandon() => _ = DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing;
        _file.Dispose();
        _stop.Dispose();
    }

    private async Task WriteAsync(Func<Descriptor, CancellationToken, Task<Stream>> open)
    {
        try
        {
            await using var content = await open(_blob, _stop.Token);
            _started.TrySetResult();

            await FillAsync(content);
            Report(0, complete: true, failure: null);
        }
        catch (Exception exception)
        {
            // Every reader gets the exception; here it counts as observed.
            _started.TrySetException(exception);
            _ = _started.Task.Exception;
            Report(0, complete: false, exception);
        }
    }

    private async Task FillAsync(Stream content)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            int read;
            while ((read = await content.ReadAtLeastAsync(buffer.AsMemory(0, ChunkSize), ChunkSize, throwOnEndOfStream: false, _stop.Token))
                > 0)
            {
                await StoreAsync(buffer.AsMemory(0, read));
                Report(read, complete: false, failure: null);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Errors of the source are reported as they are; without this, a full disk here would look like a broken connection there.
    private async Task StoreAsync(ReadOnlyMemory<byte> content)
    {
        try
        {
            await RandomAccess.WriteAsync(_file, content, _written, _stop.Token);
        }
        catch (IOException exception) when (StorageErrors.IsDiskFull(exception))
        {
            throw CopyErrors.SpoolFull(_folder, exception);
        }
        catch (IOException exception)
        {
            throw StorageErrors.For(exception, _folder);
        }
    }

    private void Report(int written, bool complete, Exception? failure)
    {
        TaskCompletionSource grown;
        lock (_lock)
        {
            _written += written;
            _complete = complete;
            _failure = failure;
            grown = _grown;
            _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        grown.SetResult();
    }

    private sealed class Reader(SpooledBlob spooled, long position) : ReadOnlyStream
    {
        private long _position = position;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (true)
            {
                long there;
                Task grown;
                lock (spooled._lock)
                {
                    there = spooled._written - _position;
                    if (there == 0 && spooled._complete)
                        return 0;
                    if (spooled._failure is { } failure)
                        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
                    grown = spooled._grown.Task;
                }

                if (there == 0 && buffer.Length > 0)
                {
                    await grown.WaitAsync(cancellationToken);
                    continue;
                }

                var read = await RandomAccess.ReadAsync(
                    spooled._file, buffer[..(int)Math.Min(buffer.Length, there)], _position, cancellationToken);
                _position += read;
                return read;
            }
        }
    }
}
