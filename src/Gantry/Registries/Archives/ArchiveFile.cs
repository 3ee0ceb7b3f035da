using System.Diagnostics.CodeAnalysis;
using Gantry.IO;
using Gantry.Oci;
using Microsoft.Win32.SafeHandles;

namespace Gantry.Registries.Archives;

/// <summary>
/// A tar archive that is read in place, without unpacking: its headers give the position of each content. An archive that is compressed
/// with gzip is decompressed to a temporary file first.
/// </summary>
internal sealed class ArchiveFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly IReadOnlyDictionary<string, ArchiveEntry> _entries;

    private ArchiveFile(SafeFileHandle file, string path, string name, IReadOnlyDictionary<string, ArchiveEntry> entries)
    {
        _file = file;
        _path = path;
        _entries = entries;
        Name = name;
    }

    /// <summary>The name in messages.</summary>
    public string Name { get; }

    /// <summary>All entries except folders.</summary>
    public IEnumerable<ArchiveEntry> Entries => _entries.Values;

    /// <summary>Opens an archive; returns null when there is no such file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The name in messages.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="GantryException"><c>GAN2029</c>, <c>GAN2031</c>, <c>GAN2032</c>, <c>GAN2050</c>: the archive cannot be used;
    /// <c>GAN2022</c>: it cannot be read; <c>GAN3035</c>: it is not a regular file.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The handle is given on, or disposed of where it is not.")]
    public static async Task<ArchiveFile?> TryOpenAsync(string path, string name, CancellationToken cancellationToken)
    {
        SafeFileHandle? file = null;
        try
        {
            RegularFile.Ensure(path);
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.Asynchronous);
            if (await ReadFormatAsync(file, name, cancellationToken) == Format.Gzip)
                file = await UnpackAsync(file, name, cancellationToken);
            return new ArchiveFile(file, path, name, await ArchiveScanner.ReadAsync(file, name, cancellationToken));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw StorageErrors.For(exception, path);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>Finds the file with this name; null when there is none. Throws <c>GAN2031</c> for a link.</summary>
    public ArchiveEntry? Find(string name)
    {
        if (_entries.GetValueOrDefault(name) is not { } entry)
            return null;
        return entry.Kind == ArchiveEntryKind.File ? entry : throw ArchiveErrors.UnsafeEntry(Name, name, "is not a file");
    }

    /// <summary>Finds the file with this name, following links. Links lead from entry to entry only, never out of the archive.</summary>
    public ArchiveEntry? FollowLinks(string name)
    {
        var entry = _entries.GetValueOrDefault(name);
        for (var hops = 0; entry is { Kind: ArchiveEntryKind.Link, LinkTarget: { } target }; hops++)
        {
            if (hops == Limits.Links)
                throw ArchiveErrors.UnsafeEntry(Name, name, "is a link in a cycle or a long chain");
            entry = _entries.GetValueOrDefault(target);
        }

        return entry is null ? null : Find(entry.Name);
    }

    /// <summary>Opens the content of a file.</summary>
    public RegionStream OpenRead(ArchiveEntry entry) => new(_file, entry.Offset, entry.Size, _path);

    /// <summary>Reads a small file completely.</summary>
    public async Task<byte[]> ReadAsync(ArchiveEntry entry, long limit, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = OpenRead(entry);
            return await DocumentStream.ReadAllAsync(content, $"{entry.Name} in {Name}", limit, cancellationToken);
        }
        catch (EndOfStreamException exception)
        {
            throw ArchiveErrors.Malformed(Name, $"it became shorter while '{entry.Name}' was read", exception);
        }
    }

    public void Dispose() => _file.Dispose();

    private static async Task<Format> ReadFormatAsync(SafeFileHandle file, string name, CancellationToken cancellationToken)
    {
        var magic = new byte[6];
        var read = await RandomAccess.ReadAsync(file, magic, 0, cancellationToken);
        return magic[..read] switch
        {
            [0x1F, 0x8B, ..] => Format.Gzip,
            [0x28, 0xB5, 0x2F, 0xFD, ..] => throw ArchiveErrors.Compressed(name, "zstd", "zstd -d"),
            [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00] => throw ArchiveErrors.Compressed(name, "xz", "xz -d"),
            [0x42, 0x5A, 0x68, ..] => throw ArchiveErrors.Compressed(name, "bzip2", "bzip2 -d"),
            _ => Format.Tar,
        };
    }

    private static async Task<SafeFileHandle> UnpackAsync(SafeFileHandle packed, string name, CancellationToken cancellationToken)
    {
        var folder = Path.GetTempPath();
        var file = TemporaryFile.Create(folder);
        try
        {
            // Disposes of the handle of the compressed file, too.
            await using var source = new UnpackedStream(
                new FileStream(packed, FileAccess.Read, bufferSize: 0, isAsync: true),
                RandomAccess.GetLength(packed),
                limit => ArchiveErrors.TooLarge(name, $"it unpacks to more than {Gantry.Format.Bytes(limit)}", nameof(Limits.UnpackRatio)));
            var buffer = new byte[128 * 1024];
            var length = 0L;
            for (int read; (read = await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken))
                > 0; length += read)
                await WriteAsync(file, buffer.AsMemory(0, read), length, folder, cancellationToken);
            return file;
        }
        catch (InvalidDataException exception)
        {
            file.Dispose();
            throw ArchiveErrors.Malformed(name, "it is not a valid gzip file", exception);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static async Task WriteAsync(
        SafeFileHandle file, ReadOnlyMemory<byte> content, long position, string folder, CancellationToken cancellationToken)
    {
        try
        {
            await RandomAccess.WriteAsync(file, content, position, cancellationToken);
        }
        catch (IOException exception)
        {
            throw StorageErrors.For(exception, folder);
        }
    }

    private enum Format
    {
        Tar,
        Gzip,
    }
}
