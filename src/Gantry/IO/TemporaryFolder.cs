namespace Gantry.IO;

/// <summary>A temporary folder of this process, which is deleted on disposal.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    // Does not follow links, which lead to files of others.
    private static readonly EnumerationOptions s_ownFiles = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

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
