using System.Globalization;

namespace Gantry.Nuke.Versioning;

/// <summary>The single timestamp of everything in an image.</summary>
/// <seealso href="https://reproducible-builds.org/specs/source-date-epoch/">SOURCE_DATE_EPOCH</seealso>
internal static class SourceDate
{
    /// <summary>Returns <c>SOURCE_DATE_EPOCH</c> when it is set, else the time of the commit or, without git, the Unix epoch.</summary>
    public static DateTimeOffset Of(SourceRevision revision, IReadOnlyDictionary<string, string> environment) =>
        environment.GetValueOrDefault("SOURCE_DATE_EPOCH") is not { Length: > 0 } text ? revision.CommitTime ?? DateTimeOffset.UnixEpoch
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds)
        : throw BuildErrors.ValueDoesNotParse("the environment variable SOURCE_DATE_EPOCH", text, "a whole number of seconds since 1970");
}
