using Gantry.IO;

namespace Gantry.Registries.Layout;

/// <summary>
/// A lock between processes: the process that has the file open exclusively holds it. It is released when the process ends.
/// </summary>
internal static class LockFile
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task<FileStream> AcquireAsync(
        string file, string folder, RegistrySessionOptions options, CancellationToken cancellationToken)
    {
        var time = options.TimeProvider;
        for (var started = time.GetTimestamp(); ;)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (UnauthorizedAccessException exception)
            {
                throw StorageErrors.FileAccess(file, exception.Message, exception);
            }
            catch (IOException exception) when (exception is DirectoryNotFoundException or PathTooLongException)
            {
                throw StorageErrors.FileAccess(file, exception.Message, exception);
            }
            catch (IOException)
            {
                if (time.GetElapsedTime(started) >= options.LayoutLockTimeout)
                    throw RegistryErrors.LayoutLocked(folder, options.LayoutLockTimeout);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }
}
