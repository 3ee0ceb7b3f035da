namespace Gantry.IO;

/// <summary>Writes files beside their final place and lets them appear when they are complete.</summary>
internal static class AtomicFile
{
    /// <summary>The part of the name that marks files that are still being written.</summary>
    public const string PartialMark = ".partial-";

    private static readonly TimeSpan PartialsAreForgottenAfter = TimeSpan.FromDays(1);

    /// <summary>Removes the partial files of killed processes; files younger than a day may still be in use.</summary>
    public static void RemoveStalePartials(string folder, string prefix, TimeProvider time)
    {
        foreach (var file in FindStalePartials(folder, prefix, time))
            TryDelete(file.FullName);
    }

    /// <summary>Lists the partial files of killed processes: those that nothing has written to for a day.</summary>
    public static IReadOnlyList<FileInfo> FindStalePartials(string folder, string prefix, TimeProvider time)
    {
        var before = (time.GetUtcNow() - PartialsAreForgottenAfter).UtcDateTime;
        return
        [
            .. new DirectoryInfo(folder)
                .EnumerateFiles(prefix + "*")
                .Where(file => file.Name.StartsWith(prefix, StringComparison.Ordinal) && file.LastWriteTimeUtc < before),
        ];
    }

    /// <summary>
    /// Moves a complete file into place, replacing an existing one. Windows refuses that while a reader has the other file open, even with
    /// delete sharing; readers of an index or a version finish quickly, so the move is retried there for a second.
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
            catch (Exception exception)
                when (OperatingSystem.IsWindows() && attempt < 50 && (exception is IOException or UnauthorizedAccessException))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken);
            }
        }
    }

    /// <summary>Deletes a file if possible; otherwise a later run deletes it.</summary>
    public static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A later run deletes it.
        }
    }
}
