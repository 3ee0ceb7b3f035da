using Gantry.IO;
using Gantry.Oci;

namespace Gantry.Registries.Layout;

/// <summary>The files of one OCI image layout. Links are not followed, and a file appears only when it is complete.</summary>
internal sealed class LayoutFolder(string root, string path, RegistrySessionOptions options) : ILayoutStore, IDisposable
{
    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly string _root = System.IO.Path.TrimEndingDirectorySeparator(root);

    public string Path { get; } = path;

    public bool ShowsWritesImmediately => true;

    private string IndexFile => System.IO.Path.Combine(Path, "index.json");

    private string LayoutFile => System.IO.Path.Combine(Path, "oci-layout");

    /// <summary>
    /// Returns the folder of a repository's layout: below the folder of the registry, one folder for each part of the name.
    /// </summary>
    public static string PathOf(string root, string repository)
    {
        var parts = repository.Split('/');
        return parts.Any(part => part is "blobs" or "index.json" or "oci-layout")
            ? throw RegistryErrors.LayoutName(repository)
            : System.IO.Path.Combine([root, .. parts]);
    }

    public async Task<LayoutIndex> ReadIndexAsync(CancellationToken cancellationToken) =>
        LayoutIndex.Parse(
            await ExistsAsync(cancellationToken) ? await TryReadAsync(IndexFile, Limits.LayoutIndexBytes, cancellationToken) : null, Path);

    // No other writer, in this process or in another one, changes the index meanwhile.
    public async Task ChangeIndexAsync(Func<LayoutIndex, bool> change, CancellationToken cancellationToken)
    {
        await InitializeAsync(cancellationToken);
        await LockAsync(
            async () =>
            {
                AtomicFile.RemoveStalePartials(Path, AtomicFile.PartialMark, options.TimeProvider);
                return await ChangeLockedIndexAsync(change, cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>
    /// Deletes a manifest: its entries in the index first, then its file, which an index of images may still list. Returns false when
    /// there was neither.
    /// </summary>
    public async Task<bool> DeleteAsync(Digest digest, CancellationToken cancellationToken) =>
        await ExistsAsync(cancellationToken)
        && await LockAsync(
            async () =>
            {
                var isListed = await ChangeLockedIndexAsync(index => index.Remove(digest), cancellationToken);
                return Delete(new FileInfo(BlobFile(digest))) || isListed;
            },
            cancellationToken);

    /// <summary>Runs work while no other writer changes the index; returns the default when there is no layout.</summary>
    public async Task<T?> WithLockAsync<T>(Func<Task<T>> act, CancellationToken cancellationToken) =>
        await ExistsAsync(cancellationToken) ? await LockAsync(act, cancellationToken) : default;

    /// <summary>Lists the files of blobs. Files with other names belong to someone else.</summary>
    public IReadOnlyList<(Digest Digest, FileInfo File)> FindBlobs()
    {
        var found = new List<(Digest, FileInfo)>();
        foreach (var algorithm in new[] { "sha256", "sha512" })
        {
            var folder = new DirectoryInfo(System.IO.Path.Combine(Path, "blobs", algorithm));
            if (!folder.Exists)
                continue;
            Checked(folder.FullName);
            foreach (var file in folder.EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
            {
                if (file.LinkTarget is null && Digest.TryParse($"{algorithm}:{file.Name}", out var digest))
                    found.Add((digest, file));
            }
        }

        return found;
    }

    /// <summary>Lists the files that killed processes have left half written: those that nothing has written to for a day.</summary>
    public IReadOnlyList<FileInfo> FindStalePartials() => AtomicFile.FindStalePartials(Path, AtomicFile.PartialMark, options.TimeProvider);

    /// <summary>Returns the time at which a blob was written; null when it does not exist.</summary>
    public DateTimeOffset? FindTime(Digest digest)
    {
        var file = new FileInfo(Checked(BlobFile(digest)));
        return file.Exists ? new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero) : null;
    }

    /// <summary>Deletes a file of this layout; returns false when it did not exist.</summary>
    public bool Delete(FileInfo file)
    {
        var name = Checked(file.FullName);
        if (!File.Exists(name))
            return false;
        try
        {
            File.Delete(name);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.For(exception, name);
        }
    }

    private async Task<bool> ChangeLockedIndexAsync(Func<LayoutIndex, bool> change, CancellationToken cancellationToken)
    {
        var index = await ReadIndexAsync(cancellationToken);
        if (!change(index))
            return false;
        await WriteAsync(IndexFile, async (stream, token) => await stream.WriteAsync(index.ToBytes(), token), cancellationToken);
        return true;
    }

    private async Task<T> LockAsync<T>(Func<Task<T>> act, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            await using var held = await LockFile.AcquireAsync(
                Checked(System.IO.Path.Combine(Path, ".lock")), $"the OCI layout {Path}", options, cancellationToken);
            return await act();
        }
        finally
        {
            _writer.Release();
        }
    }

    public async Task<long?> FindSizeAsync(Digest digest, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(cancellationToken))
            return null;
        var file = new FileInfo(Checked(BlobFile(digest)));
        RegularFile.Ensure(file.FullName);
        return file.Exists ? file.Length : null;
    }

    public async Task<Stream?> TryOpenAsync(Digest digest, CancellationToken cancellationToken) =>
        await ExistsAsync(cancellationToken) ? TryOpen(BlobFile(digest)) : null;

    public async Task WriteAsync(Descriptor blob, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        await InitializeAsync(cancellationToken);
        await WriteAsync(BlobFile(blob.Digest), write, cancellationToken);
    }

    public bool IsMissing(Digest digest) => !File.Exists(BlobFile(digest));

    /// <summary>Does nothing: in a folder everything is visible immediately.</summary>
    public Task CompleteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _writer.Dispose();

    private string BlobFile(Digest digest) => System.IO.Path.Combine(Path, "blobs", digest.Algorithm, digest.Hex);

    private FileStream? TryOpen(string file)
    {
        try
        {
            return RegularFile.OpenRead(Checked(file));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.For(exception, file);
        }
    }

    private async Task<byte[]?> TryReadAsync(string file, long limit, CancellationToken cancellationToken)
    {
        var stream = TryOpen(file);
        if (stream is null)
            return null;

        await using (stream)
        {
            try
            {
                return await DocumentStream.ReadAllAsync(stream, file, limit, cancellationToken);
            }
            catch (EndOfStreamException exception)
            {
                throw RegistryErrors.MalformedLayout(
                    Path, $"{System.IO.Path.GetFileName(file)} became shorter while it was read", exception);
            }
        }
    }

    /// <summary>Writes a file under a temporary name, and moves it into place when it is complete.</summary>
    private async Task WriteAsync(string file, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        RegularFile.Ensure(Checked(file));
        var partial = System.IO.Path.Combine(Path, AtomicFile.PartialMark + Guid.NewGuid().ToString("N"));
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            await using (var stream = new FileStream(partial, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Options = FileOptions.Asynchronous,
                BufferSize = 0,
            }))
            {
                await write(stream, cancellationToken);
                stream.Flush(flushToDisk: true);
            }

            await AtomicFile.ReplaceAsync(partial, file, options.TimeProvider, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.For(exception, file);
        }
        finally
        {
            AtomicFile.TryDelete(partial);
        }
    }

    /// <summary>Returns true when there is a layout; throws when the folder holds something else.</summary>
    private async Task<bool> ExistsAsync(CancellationToken cancellationToken)
    {
        var content = await TryReadAsync(LayoutFile, LayoutVersion.MaximumSize, cancellationToken);
        if (content is not null)
            LayoutVersion.Check(content, Path);
        else if (File.Exists(IndexFile))
            throw RegistryErrors.MalformedLayout(Path, "it has an index.json but no oci-layout file");
        return content is not null;
    }

    /// <summary>Makes the folder a layout when it is not one yet.</summary>
    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(cancellationToken))
            await WriteAsync(LayoutFile, async (stream, token) => await stream.WriteAsync(LayoutVersion.Content, token), cancellationToken);
    }

    /// <summary>
    /// Returns a path in this layout when no part of it, below the registry's folder, is a link. The registry's folder itself may be a
    /// link.
    /// </summary>
    private string Checked(string file)
    {
        for (var part = file; part.Length > _root.Length; part = System.IO.Path.GetDirectoryName(part)!)
        {
            var info = new FileInfo(part);
            if (info.LinkTarget is not null)
                throw RegistryErrors.OutsideLayout(part);
        }

        return file;
    }
}
