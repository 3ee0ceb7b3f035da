using System.Globalization;
using Gantry.Nuke.Parameters;

namespace Gantry.Nuke.Versioning;

/// <summary>The single timestamp of everything in an image.</summary>
/// <seealso href="https://reproducible-builds.org/specs/source-date-epoch/">SOURCE_DATE_EPOCH</seealso>
internal static class SourceDate
{
    private const string Variable = "SOURCE_DATE_EPOCH";

    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>Returns <c>SOURCE_DATE_EPOCH</c> when it is set, else the time of the commit or, without git, the Unix epoch.</summary>
    public static DateTimeOffset Of(SourceRevision revision, IReadOnlyDictionary<string, string> environment)
    {
        if (environment.GetValueOrDefault(Variable) is not { Length: > 0 } text)
            return revision.CommitTime ?? DateTimeOffset.UnixEpoch;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= Latest
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw ParameterErrors.ValueDoesNotParse($"the environment variable {Variable}", text, "a whole number of seconds since 1970");
    }
}
