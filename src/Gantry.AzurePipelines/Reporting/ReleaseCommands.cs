using Gantry.Releases;

namespace Gantry.AzurePipelines.Reporting;

/// <summary>What a run is told when it publishes or finds a release.</summary>
public static class ReleaseCommands
{
    /// <summary>
    /// The number of the run is the version, its tags are the version and the digest of every image, and its outputs are <c>version</c>,
    /// <c>tag</c> and <c>commit</c>, <c>digest</c> of the first image, and <c>digest_NAME</c> of each.
    /// </summary>
    public static IEnumerable<LoggingCommand> Of(Release release)
    {
        yield return LoggingCommand.UpdateBuildNumber(release.Version);
        yield return LoggingCommand.AddBuildTag(release.Version);
        foreach (var image in release.Images)
            yield return LoggingCommand.AddBuildTag(image.Digest.ToString());

        yield return LoggingCommand.SetOutput("version", release.Version);
        yield return LoggingCommand.SetOutput("tag", release.Tag);
        yield return LoggingCommand.SetOutput("commit", release.Commit);
        yield return LoggingCommand.SetOutput("digest", release.Images[0].Digest.ToString());
        foreach (var image in release.Images)
            yield return LoggingCommand.SetOutput(OutputOf(image.Name), image.Digest.ToString());
    }

    /// <summary>The output that has the digest of an image: <c>shop/web-api</c> is <c>digest_shop_web_api</c>.</summary>
    public static string OutputOf(string image) => "digest_" + string.Concat(image.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
}
