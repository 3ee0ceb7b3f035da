using System.Globalization;

namespace Gantry.Copying;

/// <summary>Formats what a copy has done, for people.</summary>
public static class ProgressFormatter
{
    private const int NamedTags = 3;

    /// <summary>Formats a whole copy: <c>4 blobs, 41.2 MiB in 3.2 s, 12.9 MiB/s; 8 blobs were there</c>.</summary>
    /// <param name="progress">The progress.</param>
    /// <param name="elapsed">The time that the copy took.</param>
    public static string Describe(CopyProgress progress, TimeSpan elapsed)
    {
        var (blobs, bytes) = (progress.BlobsTransferred, progress.BytesTransferred);
        var rate = elapsed > TimeSpan.Zero ? $", {Format.Bytes((long)(bytes / elapsed.TotalSeconds))}/s" : "";
        var there = progress.BlobsDone - blobs;
        return $"{Format.Count(blobs, "blob")}, {Format.Bytes(bytes)} in {Short(elapsed)}{rate}"
            + (there > 0 ? $"; {Format.Count(there, "blob")} {(there == 1 ? "was" : "were")} there" : "");
    }

    /// <summary>
    /// Formats how far one target is: <c>contoso.azurecr.io/app: 4 of 12 blobs, 41.2 of 100 MiB; no tag is written yet</c>.
    /// </summary>
    /// <param name="target">The progress at the target.</param>
    public static DisplayText Describe(TargetProgress target)
    {
        var blobs = $"{target.BlobsDone} of {Format.Count(target.BlobsExpected, "blob")}, "
            + $"{Format.Bytes(target.BytesDone)} of {Format.Bytes(target.BytesExpected)}";
        var isComplete = target.BlobsDone == target.BlobsExpected;
        return target.Tags switch
        {
            [] => $"{target.Location}: {blobs}; no tag is written yet",
            { Count: <= NamedTags } tags when isComplete => $"{target.Location}: {Format.List(tags)} complete",
            { Count: var count } => $"{target.Location}: {blobs}; {Format.Count(count, "tag")} complete",
        };
    }

    private static string Short(TimeSpan elapsed) => elapsed < TimeSpan.FromMinutes(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:0.0} s")
        : Format.Duration(elapsed);
}
