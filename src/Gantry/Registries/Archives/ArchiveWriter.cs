using System.Formats.Tar;
using Gantry.IO;
using Microsoft.Win32.SafeHandles;

namespace Gantry.Registries.Archives;

/// <summary>
/// Writes a tar archive under a temporary name and moves it into place when it is complete. Sizes are known before contents, so each entry
/// gets its space immediately, and several entries are written concurrently.
/// </summary>
/// <seealso href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06">
/// POSIX.1-2017, pax, ustar interchange format
/// </seealso>
internal sealed class ArchiveWriter : IDisposable
{
    private const int EndSize = 2 * TarHeader.BlockSize;

    private readonly string _target;
    private readonly string _partial;
    private readonly SafeFileHandle _file;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Slot> _rooms = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private long _end;
    private bool _finished;

    private ArchiveWriter(string target, string partial, SafeFileHandle file, TimeProvider time)
    {
        _time = time;
        _target = target;
        _partial = partial;
        _file = file;
    }

    /// <summary>Begins a new archive. Nothing appears under its name yet.</summary>
    public static ArchiveWriter Begin(string target, TimeProvider time)
    {
        var folder = Path.GetDirectoryName(target)!;
        var prefix = $".{Path.GetFileName(target)}{AtomicFile.PartialMark}";
        var partial = Path.Combine(folder, prefix + Guid.NewGuid().ToString("N"));
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.RemoveStalePartials(folder, prefix, time);
            return new ArchiveWriter(
                target, partial,
                File.OpenHandle(partial, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, FileOptions.Asynchronous), time);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.For(exception, target);
        }
    }

    /// <summary>Finds a completely written entry; null when there is none.</summary>
    public ArchiveEntry? Find(string name)
    {
        lock (_lock)
            return _rooms.GetValueOrDefault(name) is { IsComplete: true } room
                ? new ArchiveEntry(name, ArchiveEntryKind.File, room.Offset, room.Size)
                : null;
    }

    /// <summary>Opens the content of an entry.</summary>
    public RegionStream OpenRead(ArchiveEntry entry) => new(_file, entry.Offset, entry.Size, _target);

    /// <summary>Writes an entry unless it exists. An entry that failed can be written again.</summary>
    public async Task WriteAsync(string name, long size, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var room = await ReserveAsync(name, size, cancellationToken);
        await room.Turn.WaitAsync(cancellationToken);
        try
        {
            if (room.IsComplete)
                return;
            await using var stream = new SlotStream(this, room);
            await write(stream, cancellationToken);
            if (stream.Left > 0)
                throw new InvalidOperationException($"'{name}' has {Format.Count(stream.Left, "byte")} less than were announced.");
            lock (_lock)
                room.IsComplete = true;
        }
        finally
        {
            room.Turn.Release();
        }
    }

    /// <summary>Writes the end of the archive, and waits until all of it is on the disk.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_rooms.Values.Any(room => !room.IsComplete))
                throw new InvalidOperationException("An entry is not written to its end.");
        }

        await WriteAsync(new byte[EndSize], _end, cancellationToken);
        try
        {
            RandomAccess.FlushToDisk(_file);
            _file.Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.For(exception, _target);
        }
    }

    /// <summary>Moves the complete archive into place, replacing an existing one.</summary>
    public async Task ReplaceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await AtomicFile.ReplaceAsync(_partial, _target, _time, cancellationToken);
            _finished = true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.For(exception, _target);
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        if (!_finished)
            AtomicFile.TryDelete(_partial);
    }

    private async Task<Slot> ReserveAsync(string name, long size, CancellationToken cancellationToken)
    {
        Slot room;
        long start;
        var headers = new MemoryStream();
        lock (_lock)
        {
            if (_rooms.TryGetValue(name, out var known))
                return known.Size == size
                    ? known
                    : throw new InvalidOperationException(
                        $"'{name}' was announced with {Format.Count(known.Size, "byte")} before, and not {size}.");

            for (var slash = name.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = name.IndexOf('/', slash + 1))
            {
                if (_folders.Add(name[..slash]))
                    headers.Write(TarHeader.Write(name[..slash], TarEntryType.Directory));
            }

            headers.Write(TarHeader.Write(name, TarEntryType.RegularFile, size: size));
            start = _end;
            room = new Slot(start + headers.Length, size);
            _rooms[name] = room;
            _end = room.Offset + TarHeader.Padded(size);
        }

        await WriteAsync(headers.ToArray(), start, cancellationToken);
        return room;
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> content, long position, CancellationToken cancellationToken)
    {
        try
        {
            await RandomAccess.WriteAsync(_file, content, position, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.For(exception, _target);
        }
    }

    private sealed class Slot(long offset, long size)
    {
        public long Offset => offset;

        public long Size => size;

        /// <summary>The lock for writing the entry; a second writer finds it complete.</summary>
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public bool IsComplete { get; set; }
    }

    private sealed class SlotStream(ArchiveWriter writer, Slot room) : WriteOnlyStream
    {
        private long _written;

        public long Left => room.Size - _written;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            // The next entry begins after its space.
            if (buffer.Length > Left)
                throw new InvalidOperationException("More was written than was announced.");
            await writer.WriteAsync(buffer, room.Offset + _written, cancellationToken);
            _written += buffer.Length;
        }
    }
}
