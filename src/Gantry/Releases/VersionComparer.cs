using Semver;

namespace Gantry.Releases;

/// <summary>
/// Orders versions of releases, or their tags, by the precedence of SemVer 2.0: <c>1.0.0-rc.1</c> comes before <c>1.0.0</c>, and
/// <c>1.9.0</c> before <c>1.10.0</c>. Text that is no semantic version comes before all versions.
/// </summary>
/// <seealso href="https://semver.org/spec/v2.0.0.html#spec-item-11">SemVer 2.0.0, precedence</seealso>
internal sealed class VersionComparer : IComparer<string>
{
    public static VersionComparer Instance { get; } = new();

    /// <summary>Returns true when the text is a semantic version, or the tag of one.</summary>
    public static bool IsVersion(string text) => Parse(text) is not null;

    /// <summary>
    /// Compares two versions, or their tags, by precedence alone: build metadata does not order them, nor does the hash of a working copy
    /// (<c>1.0.0-34.dirty-5f2c</c>). Returns null when one of them is no semantic version.
    /// </summary>
    public static int? ComparePrecedence(string x, string y) =>
        Parse(x) is { } left && Parse(y) is { } right ? WithoutHash(left).ComparePrecedenceTo(WithoutHash(right)) : null;

    public int Compare(string? x, string? y)
    {
        if (Parse(x) is not { } left)
            return Parse(y) is null ? string.CompareOrdinal(x, y) : -1;
        if (Parse(y) is not { } right)
            return 1;

        // Build metadata has no precedence. An order of lists needs one all the same.
        var precedence = left.ComparePrecedenceTo(right);
        return precedence != 0 ? precedence : string.CompareOrdinal(left.Metadata, right.Metadata);
    }

    private static SemVersion WithoutHash(SemVersion version)
    {
        const string dirty = "dirty-";
        var last = version.Prerelease.LastIndexOf('.') + 1;
        return version.Prerelease.AsSpan(last).StartsWith(dirty, StringComparison.Ordinal)
            ? version.WithPrereleaseParsedFrom(version.Prerelease[..(last + dirty.Length - 1)])
            : version;
    }

    private static SemVersion? Parse(string? text) =>
        text is not null && SemVersion.TryParse(ReleaseTag.VersionOf(text), SemVersionStyles.Strict, out var version) ? version : null;
}
