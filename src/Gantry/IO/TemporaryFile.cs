using Microsoft.Win32.SafeHandles;

namespace Gantry.IO;

/// <summary>Temporary files of this process.</summary>
internal static class TemporaryFile
{
    /// <summary>
    /// Creates a file that no other process sees and that is deleted with its handle, even when the process is killed;
    /// <c>GAN2009</c>, <c>GAN3019</c>.
    /// </summary>
    public static SafeFileHandle Create(string folder)
    {
        var path = Path.Combine(folder, $"gantry-{Guid.NewGuid():N}.tmp");
        try
        {
            var file = File.OpenHandle(
                path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous | FileOptions.DeleteOnClose);

            // Where a name can go before the file does, nothing is orphaned however the process ends.
            if (!OperatingSystem.IsWindows())
                File.Delete(path);
            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Thrown here, about the folder: a caller would take it for the file that it reads.
            throw StorageErrors.IsDiskFull(exception)
                ? StorageErrors.DiskFull(folder, exception)
                : StorageErrors.NoTemporaryFolder(folder, exception);
        }
    }
}
