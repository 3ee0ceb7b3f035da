using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Gantry.Nuke.Versioning;

/// <summary>A version as semver.org 2.0.0 defines it.</summary>
internal sealed partial record SemanticVersion(int Major, int Minor, int Patch, string PreRelease, string BuildMetadata)
{
    public string MajorMinorPatch => $"{Major}.{Minor}.{Patch}";

    /// <summary>The version without build metadata, which names a release.</summary>
    public string Release => PreRelease.Length > 0 ? $"{MajorMinorPatch}-{PreRelease}" : MajorMinorPatch;

    public static SemanticVersion Parse(string text) => TryParse(text, out var version) ? version : throw VersionErrors.NotAVersion(text);

    public static bool TryParse(string text, [NotNullWhen(true)] out SemanticVersion? version)
    {
        version = null;
        var match = Pattern().Match(text);
        if (!match.Success
            || !int.TryParse(match.Groups["major"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            || !int.TryParse(match.Groups["minor"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            || !int.TryParse(match.Groups["patch"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var patch))
            return false;

        version = new SemanticVersion(major, minor, patch, match.Groups["pre"].Value, match.Groups["build"].Value);
        return true;
    }

    public override string ToString() => BuildMetadata.Length > 0 ? $"{Release}+{BuildMetadata}" : Release;

    [GeneratedRegex(
        @"\A(?<major>0|[1-9][0-9]*)\.(?<minor>0|[1-9][0-9]*)\.(?<patch>0|[1-9][0-9]*)" +
        @"(-(?<pre>(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*))?" +
        @"(\+(?<build>[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
