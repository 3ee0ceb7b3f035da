namespace Gantry.IO;

/// <summary>Writes files beside their final place and lets them appear when they are complete.</summary>
internal static class AtomicFile
{
    /// <summary>In the name of every file that is still being written.</summary>
    public const string PartialMark = ".partial-";

    private static readonly TimeSpan PartialsAreForgottenAfter = TimeSpan.FromDays(1);

    /// <summary>Removes what processes that were killed have left; what is younger than a day may still be written.</summary>
    public static void RemoveStalePartials(string folder, string prefix, TimeProvider time)
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
}
