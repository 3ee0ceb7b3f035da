namespace Gantry.Registries;

/// <summary>What goes wrong with files, and files that are not yet what they will be.</summary>
internal static class Storage
{
    /// <summary>In the name of every file that is still being written.</summary>
    public const string PartialMark = ".partial-";

    private static readonly TimeSpan PartialsAreForgottenAfter = TimeSpan.FromDays(1);

    /// <summary>The error that a failure to read or write a file is: <c>GAN2009</c> or <c>GAN2022</c>.</summary>
    public static GantryException Describe(Exception exception, string file) =>
        IsDiskFull(exception) ? RegistryErrors.DiskFull(file, exception) : RegistryErrors.LayoutAccess(file, exception.Message.TrimEnd('.'), exception);

    /// <summary>Whether there was no space: ENOSPC and EDQUOT on Unix; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows.</summary>
    public static bool IsDiskFull(Exception exception) =>
        exception.HResult is 28 or 122 or unchecked((int)0x80070070) or unchecked((int)0x80070027);

    /// <summary>Removes what processes that were killed have left; what is younger than a day may still be written.</summary>
    public static void RemoveForgottenPartials(string folder, string prefix, TimeProvider time)
    {
        var before = (time.GetUtcNow() - PartialsAreForgottenAfter).UtcDateTime;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles(prefix + "*").Where(file => file.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            if (file.LastWriteTimeUtc < before)
                TryDelete(file.FullName);
        }
    }

    /// <summary>
    /// Lets a file that is complete appear in the place of any other. Windows refuses that as long as somebody reads the other one, even
    /// when they let it be deleted; who reads an index or a version is done in a moment, so it is tried again for a second there.
    /// </summary>
    /// <seealso href="https://github.com/dotnet/runtime/issues/79213">File.Move and files that are open on Windows</seealso>
    public static async Task ReplaceAsync(string complete, string file, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                File.Move(complete, file, overwrite: true);
                return;
            }
            catch (Exception exception) when (OperatingSystem.IsWindows() && attempt < 50 && (exception is IOException or UnauthorizedAccessException))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken);
            }
        }
    }

    /// <summary>Removes a file when that is possible; what cannot be removed now is removed by a later run.</summary>
    public static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not now, then.
        }
    }

    /// <summary>A file that nobody else sees and that is gone when its handle is, even when the process is killed; or <c>GAN2009</c>, <c>GAN3019</c>.</summary>
    public static Microsoft.Win32.SafeHandles.SafeFileHandle CreateTemporary(string folder)
    {
        var path = Path.Combine(folder, $"gantry-{Guid.NewGuid():N}.tmp");
        try
        {
            var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous | FileOptions.DeleteOnClose);

            // Where a name can go before the file does, nothing is left behind by whatever end.
            if (!OperatingSystem.IsWindows())
                File.Delete(path);
            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Told here, of the folder: a caller would take it for the file that it reads.
            throw IsDiskFull(exception) ? RegistryErrors.DiskFull(folder, exception) : Images.ImageErrors.NoTemporaryFolder(folder, exception);
        }
    }

    /// <summary>Reads a whole small document.</summary>
    /// <exception cref="EndOfStreamException">It became shorter meanwhile.</exception>
    public static async Task<byte[]> ReadDocumentAsync(Stream stream, string name, long limit, CancellationToken cancellationToken)
    {
        if (stream.Length > limit)
            throw Oci.OciErrors.DocumentTooLarge("file", name, limit);
        var content = new byte[stream.Length];
        await stream.ReadExactlyAsync(content, cancellationToken);
        return content;
    }
}
