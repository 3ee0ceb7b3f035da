using System.Globalization;
using Gantry.Releases;

namespace Gantry.AzurePipelines.Reporting;

/// <summary>Creates the commands for a run that publishes or finds a release.</summary>
public static class ReleaseCommands
{
    /// <summary>
    /// Returns the commands: the run number is the version, the tags are the version and the digest of every image, and the outputs are
    /// <c>version</c>, <c>tag</c> and <c>commit</c>, <c>digest</c> of the first image, and <c>digest_NAME</c> of each.
    /// </summary>
    /// <param name="release">The release.</param>
    /// <param name="attempt">
    /// The attempt of the stage that recorded the release, in the run of a build: the output <c>build_attempt</c>; null for none.
    /// </param>
    /// <exception cref="GantryException"><c>GAN4064</c>: the release has a commit or build id of another form, which later steps would put
    /// into scripts.</exception>
    public static IEnumerable<LoggingCommand> Of(Release release, int? attempt = null)
    {
        Check(release);
        return Create(release, attempt);
    }

    /// <summary>
    /// Returns the outputs of a step that publishes or finds a release: <c>version</c>, <c>tag</c> and <c>commit</c>, <c>digest</c> of the
    /// first image, and <c>digest_NAME</c> of each.
    /// </summary>
    /// <exception cref="GantryException"><c>GAN4064</c>: as above.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> OutputsOf(Release release)
    {
        Check(release);
        return
        [
            new("version", release.Version),
            new("tag", release.Tag),
            new("commit", release.Commit),
            new("digest", release.Images[0].Digest.ToString()),
            .. release.Images.Select(image => KeyValuePair.Create(OutputOf(image.Name), image.Digest.ToString())),
        ];
    }

    // Version, tag and digests have their forms by their types. The commit is any text that the writer of the record chose.
    private static void Check(Release release)
    {
        if (!IsCommit(release.Commit))
            throw ReportErrors.NoCommit(release.Version, release.Commit);
        if (release.BuildId is { } build && !IsBuildId(build))
            throw ReportErrors.NoBuildId(release.Version, build);
    }

    // A folder without git has the commit "unknown". Programs may abbreviate a commit.
    private static bool IsCommit(string text) =>
        text == "unknown" || (text.Length is >= 7 and <= 64 && text.All(char.IsAsciiHexDigit));

    private static bool IsBuildId(string text) =>
        text.Length is > 0 and <= 40 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static IEnumerable<LoggingCommand> Create(Release release, int? attempt)
    {
        if (attempt is { } number)
            yield return LoggingCommand.SetOutput("build_attempt", number.ToString(CultureInfo.InvariantCulture));
        yield return LoggingCommand.UpdateBuildNumber(release.Version);
        yield return LoggingCommand.AddBuildTag(release.Version);
        foreach (var image in release.Images)
            yield return LoggingCommand.AddBuildTag(image.Digest.ToString());

        foreach (var (name, value) in OutputsOf(release))
            yield return LoggingCommand.SetOutput(name, value);
    }

    /// <summary>Returns the name of the output with the digest of an image: <c>digest_shop_web_api</c> for <c>shop/web-api</c>.</summary>
    public static string OutputOf(string image) => "digest_" + string.Concat(image.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
}
