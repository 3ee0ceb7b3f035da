using System.IO.Enumeration;
using Gantry.Environments;
using Gantry.Sboms;

namespace Gantry.Promotion.Gates;

/// <summary>Compares components with rules. Without regard to case: of two spellings of a name, none is a way around a rule.</summary>
internal static class PackageMatcher
{
    /// <summary>Returns true when a rule forbids a component.</summary>
    public static bool Matches(PackageRule rule, SbomComponent component)
    {
        var purl = component.Purl is { } text ? Split(text) : default;
        var isNamed = rule.Package.StartsWith("pkg:", StringComparison.OrdinalIgnoreCase)
            ? purl.Package is { } package && Matches(Split(rule.Package).Package!, package)
            : Matches(rule.Package, component.FullName)
                || Matches(rule.Package, component.Name[(component.Name.LastIndexOf('/') + 1)..])
                || (purl.Package is { } known && Matches(rule.Package, known[(known.LastIndexOf('/') + 1)..]));
        return isNamed && (rule.Version is not { } version
            || new[] { component.Version, purl.Version }
                .OfType<string>()
                .Any(known => Matches(version, known) || Matches(version, known.TrimStart('v'))));
    }

    /// <summary>Returns true when a text matches a pattern, in which only <c>*</c> has a meaning.</summary>
    public static bool Matches(string pattern, string text) => FileSystemName.MatchesSimpleExpression(
        pattern.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("?", "\\?", StringComparison.Ordinal), text, ignoreCase: true);

    /// <summary>Splits a package URL into the package and its version, without qualifiers and subpath, and without escapes.</summary>
    /// <seealso href="https://github.com/package-url/purl-spec/blob/main/PURL-SPECIFICATION.rst">Package URL</seealso>
    private static (string? Package, string? Version) Split(string purl)
    {
        var end = purl.AsSpan().IndexOfAny('?', '#');
        var whole = end < 0 ? purl : purl[..end];
        var at = whole.LastIndexOf('@');

        // The scope of a package of npm begins with '@', when its writer did not escape it.
        return at > whole.LastIndexOf('/') && at > 0 && whole[at - 1] != '/'
            ? (Uri.UnescapeDataString(whole[..at]), Uri.UnescapeDataString(whole[(at + 1)..]))
            : (Uri.UnescapeDataString(whole), null);
    }
}
