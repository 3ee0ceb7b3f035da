using Gantry.Oci;

namespace Gantry.Registries.Layout;

/// <summary>The files of one OCI image layout. Links are not followed, and what is written appears whole or not at all.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md">OCI image-spec 1.1.1, image layout</seealso>
internal sealed class LayoutFolder(string root, string path, RegistrySessionOptions options) : IDisposable
{
    private const string PartialPrefix = ".partial-";
    private static readonly TimeSpan PartialsAreForgottenAfter = TimeSpan.FromDays(1);
    private readonly SemaphoreSlim _writer = new(1, 1);

    private readonly string _root = System.IO.Path.TrimEndingDirectorySeparator(root);

    public string Path { get; } = path;

    public string IndexFile => System.IO.Path.Combine(Path, "index.json");

    private string LayoutFile => System.IO.Path.Combine(Path, "oci-layout");

    /// <summary>Where a repository's layout is: below the folder of the registry, one folder a part of the name.</summary>
    public static string PathOf(string root, string repository)
    {
        var parts = repository.Split('/');
        return parts.Any(part => part is "blobs" or "index.json" or "oci-layout")
            ? throw RegistryErrors.LayoutName(repository)
            : System.IO.Path.Combine([root, .. parts]);
    }

    public string BlobFile(Digest digest) => System.IO.Path.Combine(Path, "blobs", digest.Algorithm, digest.Hex);

    /// <summary>Whether a blob is there in the size that it should have; a truncated one is written again.</summary>
    public bool HasBlob(Digest digest, long? size = null)
    {
        var file = new FileInfo(Checked(BlobFile(digest)));
        return file.Exists && (size is null || file.Length == size);
    }

    /// <summary>Opens a file for reading, or null when it is not there.</summary>
    public FileStream? TryOpen(string file)
    {
        try
        {
            return new FileStream(Checked(file), new FileStreamOptions
            {
                Access = FileAccess.Read,
                Share = FileShare.Read | FileShare.Delete,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                BufferSize = 0,
            });
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw RegistryErrors.LayoutAccess(file, exception.Message, exception);
        }
    }

    /// <summary>Reads a whole small file, or null when it is not there.</summary>
    public async Task<byte[]?> TryReadAsync(string file, long limit, CancellationToken cancellationToken)
    {
        var stream = TryOpen(file);
        if (stream is null)
            return null;

        await using (stream)
        {
            if (stream.Length > limit)
                throw OciErrors.DocumentTooLarge("file", file, limit);
            var content = new byte[stream.Length];
            try
            {
                await stream.ReadExactlyAsync(content, cancellationToken);
            }
            catch (EndOfStreamException exception)
            {
                throw RegistryErrors.MalformedLayout(Path, $"{System.IO.Path.GetFileName(file)} became shorter while it was read", exception);
            }

            return content;
        }
    }

    /// <summary>Writes a file: beside its place first, and moved there when it is complete.</summary>
    public async Task WriteAsync(string file, Func<FileStream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        Checked(file);
        var partial = System.IO.Path.Combine(Path, PartialPrefix + Guid.NewGuid().ToString("N"));
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

            File.Move(partial, file, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Describe(exception, file);
        }
        finally
        {
            TryDelete(partial);
        }
    }

    public void Dispose() => _writer.Dispose();

    /// <summary>
    /// Does something while no other writer, in this process or in another one, changes the index of this layout. The folder is
    /// made an image layout first when it is none yet.
    /// </summary>
    public async Task WithLockAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            await InitializeAsync(cancellationToken);
            await using var held = await LockFile.AcquireAsync(System.IO.Path.Combine(Path, ".lock"), Path, options, cancellationToken);
            RemoveForgottenPartials();
            await action();
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <summary>Whether there is a layout; a folder that is something else is an error.</summary>
    public async Task<bool> ExistsAsync(CancellationToken cancellationToken)
    {
        var content = await TryReadAsync(LayoutFile, 64 * 1024, cancellationToken);
        if (content is not null)
            LayoutVersion.Check(content, Path);
        else if (File.Exists(IndexFile))
            throw RegistryErrors.MalformedLayout(Path, "it has an index.json but no oci-layout file");
        return content is not null;
    }

    /// <summary>Makes the folder a layout when it is none yet.</summary>
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(cancellationToken))
            await WriteAsync(LayoutFile, async (stream, token) => await stream.WriteAsync(LayoutVersion.Content, token), cancellationToken);
    }

    /// <summary>
    /// Returns a path in this layout when no part of it, from the registry's folder on, is a link. Where the registry's folder
    /// itself is, is for its owner to say.
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

    private void RemoveForgottenPartials()
    {
        var before = (options.TimeProvider.GetUtcNow() - PartialsAreForgottenAfter).UtcDateTime;
        foreach (var file in new DirectoryInfo(Path).EnumerateFiles(PartialPrefix + "*"))
        {
            if (file.LastWriteTimeUtc < before)
                TryDelete(file.FullName);
        }
    }

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What cannot be removed now is removed by a later run.
        }
    }

    private static GantryException Describe(Exception exception, string file) =>
        IsDiskFull(exception) ? RegistryErrors.DiskFull(file, exception) : RegistryErrors.LayoutAccess(file, exception.Message, exception);

    // ENOSPC and EDQUOT on Unix; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows.
    private static bool IsDiskFull(Exception exception) =>
        exception.HResult is 28 or 122 or unchecked((int)0x80070070) or unchecked((int)0x80070027);
}
