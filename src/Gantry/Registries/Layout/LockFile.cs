using Gantry.IO;

namespace Gantry.Registries.Layout;

/// <summary>
/// A lock between processes: the process that has the file open exclusively holds it. It is released when the process ends.
/// </summary>
internal static class LockFile
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Waits until no other process holds the lock. Throws <c>GAN2020</c> when the file is a link, which could create a file anywhere,
    /// <c>GAN2021</c> when the wait takes too long.
    /// </summary>
    /// <param name="file">The file, which is created and stays.</param>
    /// <param name="what">What is locked, for messages: <c>the OCI layout artifacts/registries/dev</c>.</param>
    /// <param name="options">The clock and the limit of the wait.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public static async Task<FileStream> AcquireAsync(
        string file, string what, RegistrySessionOptions options, CancellationToken cancellationToken)
    {
        var time = options.TimeProvider;
        for (var started = time.GetTimestamp(); ;)
        {
            if (new FileInfo(file).LinkTarget is not null)
                throw RegistryErrors.OutsideLayout(file);
            RegularFile.Ensure(file);
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException exception) when (IsHeld(exception))
            {
                if (time.GetElapsedTime(started) >= options.LayoutLockTimeout)
                    throw RegistryErrors.LayoutLocked(what, options.LayoutLockTimeout);
                await Task.Delay(Pause, time, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw StorageErrors.For(exception, file);
            }
        }
    }

    // EWOULDBLOCK on Linux and macOS; ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION on Windows.
    private static bool IsHeld(IOException exception) =>
        exception.HResult is 11 or 35 or unchecked((int)0x80070020) or unchecked((int)0x80070021);
}
