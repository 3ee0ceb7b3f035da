using Gantry.Sboms;

namespace Gantry.Images.Sboms;

/// <summary>Finds out whether the licence of a package is an SPDX expression: other texts are names, as the schema demands.</summary>
/// <seealso href="https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/">SPDX 2.3, licence expressions</seealso>
internal static class LicenseText
{
    /// <summary>Returns the licence of a text.</summary>
    public static SbomLicense Parse(string text) =>
        new(text, IsExpression(text) ? SbomLicenseKind.Expression : SbomLicenseKind.Name);

    // Identifiers and operators take turns; parentheses are around whole expressions.
    private static bool IsExpression(string text)
    {
        var (depth, expectsIdentifier) = (0, true);
        foreach (var word in Split(text))
        {
            if (word == "(" ? !expectsIdentifier : word == ")" && (expectsIdentifier || depth == 0))
                return false;
            if (word is "(" or ")")
            {
                depth += word == "(" ? 1 : -1;
                continue;
            }

            var isOperator = word is "AND" or "OR" or "WITH";
            if (isOperator == expectsIdentifier || (!isOperator && !IsIdentifier(word)))
                return false;
            expectsIdentifier = isOperator;
        }

        return depth == 0 && !expectsIdentifier;
    }

    private static string[] Split(string text) =>
        text.Replace("(", " ( ", StringComparison.Ordinal).Replace(")", " ) ", StringComparison.Ordinal)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static bool IsIdentifier(string word) => word.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '+');
}
