namespace Gantry.IO;

/// <summary>A folder of this process among the system's temporary ones. It goes when this is disposed of.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    // Not through links, which lead to what is not ours.
    private static readonly EnumerationOptions s_ownFiles = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    private readonly DirectoryInfo _folder;

    private TemporaryFolder(DirectoryInfo folder) => _folder = folder;

    /// <summary>The full path.</summary>
    public string Path => _folder.FullName;

    /// <summary>Makes a folder whose name begins like this, or throws <c>GAN3019</c>.</summary>
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

    /// <summary>The full path of something in the folder.</summary>
    public string Combine(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            // What git writes is read-only, and Windows deletes no such file.
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
