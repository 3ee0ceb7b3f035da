namespace Gantry.IO;

/// <summary>A temporary folder of this process, which is deleted on disposal.</summary>
public sealed class TemporaryFolder : IDisposable
{
    // Does not follow links, which lead to files of others.
    private static readonly EnumerationOptions s_ownFiles = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private readonly DirectoryInfo _folder;

    private TemporaryFolder(DirectoryInfo folder) => _folder = folder;

    /// <summary>The full path.</summary>
    public string Path => _folder.FullName;

    /// <summary>Creates a folder whose name begins with this prefix; throws <c>GAN3019</c> when that is not possible.</summary>
    public static TemporaryFolder Create(string prefix)
    {
        try
        {
            return new TemporaryFolder(Directory.CreateTempSubdirectory(prefix));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.NoTemporaryFolder(System.IO.Path.GetTempPath(), exception);
        }
    }

    /// <summary>Returns the full path of an item in the folder.</summary>
    public string Combine(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>
    /// Writes content to a new file in the folder and returns its path; throws <c>GAN3019</c> when the folder has no space for it.
    /// </summary>
    public async Task<string> SaveAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        var path = Combine(name);
        try
        {
            await using var file = new FileStream(
                path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            await content.CopyToAsync(file, cancellationToken);
        }
        catch (IOException exception) when (StorageErrors.IsDiskFull(exception))
        {
            // All other failures are those of the content: it may come from a connection that breaks.
            throw StorageErrors.NoTemporaryFolder(Path, exception);
        }

        return path;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            // git writes read-only files, and Windows does not delete them.
            foreach (var file in _folder.EnumerateFiles("*", s_ownFiles))
                file.Attributes = FileAttributes.Normal;
            _folder.Delete(recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A virus scanner may hold a file; the operating system cleans its temporary folder.
        }
    }
}
