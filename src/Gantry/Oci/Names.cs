using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Gantry.Oci;

/// <summary>The grammar of repository names and tags.</summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests">
/// OCI distribution-spec 1.1.1, pulling manifests
/// </seealso>
public static partial class Names
{
    /// <summary>
    /// Returns true when this is a repository name: <c>team/app</c>. At most 255 characters, which all registries accept.
    /// </summary>
    public static bool IsRepository([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= 255 } && RepositoryPattern().IsMatch(text);

    /// <summary>Returns true when this is a tag.</summary>
    public static bool IsTag([NotNullWhen(true)] string? text) => text is not null && TagPattern().IsMatch(text);

    /// <summary>Returns the name; throws <c>GAN1008</c> when it is malformed.</summary>
    public static string Repository(string text) => IsRepository(text) ? text : throw OciErrors.MalformedRepository(text);

    /// <summary>Returns the tag; throws <c>GAN1007</c> when it is malformed.</summary>
    public static string Tag(string text) => IsTag(text) ? text : throw OciErrors.MalformedTag(text);

    [GeneratedRegex(
        @"\A[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex RepositoryPattern();

    [GeneratedRegex(
        @"\A[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex TagPattern();
}
