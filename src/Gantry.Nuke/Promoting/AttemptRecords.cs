using System.Globalization;
using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.Nuke.Promoting;

/// <summary>
/// The release records of a run of a build, each in a folder that is named after the attempt of the stage that published it:
/// <c>release-2/release.json</c>. An attempt that is run again publishes another record; the last one counts.
/// </summary>
internal static class AttemptRecords
{
    private const string Prefix = "release-";

    /// <summary>
    /// Reads the record of the last attempt. Throws <c>GAN7065</c> when there is none, <c>GAN7066</c> when it is of another version, and
    /// <c>GAN4050</c> when it does not have the digest.
    /// </summary>
    /// <param name="folder">The folder with the folders of the attempts.</param>
    /// <param name="file">The name of the file in each.</param>
    /// <param name="version">The version that it must be of; null for any.</param>
    /// <param name="digest">The digest of an image that it must have; null for any.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<(Release Release, int Attempt)> ReadLastAsync(
        AbsolutePath folder, string file, string? version, Digest? digest, CancellationToken cancellationToken)
    {
        var attempts = Directory.Exists(folder)
            ? Directory.EnumerateDirectories(folder, Prefix + "*")
                .Where(attempt => File.Exists(Path.Combine(attempt, file)))
                .Select(AttemptOf)
                .OfType<int>()
                .ToList()
            : [];
        if (attempts.Count == 0)
            throw PromoteErrors.NoRecords(folder);
        var last = attempts.Max();
        var path = folder / string.Create(CultureInfo.InvariantCulture, $"{Prefix}{last}") / file;
        var release = await ReleaseRecord.ReadFileAsync(path, cancellationToken);
        if (version is not null && ReleaseTag.VersionOf(version) != release.Version)
            throw PromoteErrors.OtherVersion(version, release.Version);
        if (digest is { } wanted)
            ReleaseFinder.RequireImage(release, wanted);
        return (release, last);
    }

    private static int? AttemptOf(string folder) =>
        int.TryParse(Path.GetFileName(folder)[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            ? attempt
            : null;
}
