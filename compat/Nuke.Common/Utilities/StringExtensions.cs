using System.Security.Cryptography;
using System.Text;

namespace Nuke.Common.Utilities;

public static class StringExtensions
{
    private static readonly string[] s_knownWords =
        ["DotNet", "GitHub", "GitVersion", "MSBuild", "NuGet", "ReSharper", "AppVeyor", "TeamCity", "GitLab", "SignPath", "JetBrains"];

    public static bool IsNullOrEmpty(this string str) => string.IsNullOrEmpty(str);
    public static bool IsNullOrWhiteSpace(this string str) => string.IsNullOrWhiteSpace(str);
    public static string ToNullIfEmpty(this string str) => string.IsNullOrEmpty(str) ? null : str;

    public static bool EqualsOrdinalIgnoreCase(this string str, string other) =>
        string.Equals(str, other, StringComparison.OrdinalIgnoreCase);
    public static bool ContainsOrdinalIgnoreCase(this string str, string other) => str.Contains(other, StringComparison.OrdinalIgnoreCase);
    public static bool StartsWithOrdinalIgnoreCase(this string str, string other) =>
        str.StartsWith(other, StringComparison.OrdinalIgnoreCase);
    public static bool EndsWithOrdinalIgnoreCase(this string str, string other) => str.EndsWith(other, StringComparison.OrdinalIgnoreCase);

    public static string Join(this IEnumerable<string> enumerable, string separator) => string.Join(separator, enumerable);
    public static string Join(this IEnumerable<string> enumerable, char separator) => string.Join(separator, enumerable);
    public static string JoinSpace(this IEnumerable<string> values) => values.Join(' ');
    public static string JoinComma(this IEnumerable<string> values) => values.Join(',');
    public static string JoinCommaSpace(this IEnumerable<string> values) => values.Join(", ");
    public static string JoinSemicolon(this IEnumerable<string> values) => values.Join(';');
    public static string JoinDash(this IEnumerable<string> values) => values.Join('-');

    public static string JoinNewLine(this IEnumerable<string> values, PlatformFamily? platformFamily = null)
        => values.Join(platformFamily switch
        {
            null => Environment.NewLine,
            PlatformFamily.Windows => "\r\n",
            _ => "\n"
        });

    public static string TrimStart(this string str, string trim)
        => str.StartsWith(trim, StringComparison.Ordinal) ? str[trim.Length..] : str;

    public static string TrimEnd(this string str, string trim)
        => str.EndsWith(trim, StringComparison.Ordinal) ? str[..^trim.Length] : str;

    public static string[] SplitLineBreaks(this string str, StringSplitOptions options = StringSplitOptions.None)
        => str.Split(["\r\n", "\n"], options);

    public static string DoubleQuote(this string str) => $"\"{str?.Replace("\"", "\\\"")}\"";
    public static string SingleQuote(this string str) => $"'{str?.Replace("'", "\\'")}'";
    public static bool IsDoubleQuoted(this string str) => str.StartsWith('"') && str.EndsWith('"');
    public static bool IsSingleQuoted(this string str) => str.StartsWith('\'') && str.EndsWith('\'');

    public static string DoubleQuoteIfNeeded(this string str)
        => string.IsNullOrWhiteSpace(str) ? string.Empty
            : str.IsDoubleQuoted() || !str.Contains(' ') ? str
            : str.DoubleQuote();

    public static string SingleQuoteIfNeeded(this string str)
        => string.IsNullOrWhiteSpace(str) ? string.Empty
            : str.IsSingleQuoted() || !str.Contains(' ') ? str
            : str.SingleQuote();

    public static string GetSHA256Hash(this string str)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(str)));

    /// <summary>The words of a Pascal-cased name, where names such as <c>GitHub</c> count as one word.</summary>
    public static IEnumerable<string> SplitCamelHumpsWithKnownWords(this string str)
    {
        var start = 0;
        var word = new StringBuilder();
        while (start < str.Length)
        {
            var known = s_knownWords.FirstOrDefault(x =>
                string.Compare(str, start, x, 0, x.Length, StringComparison.OrdinalIgnoreCase) == 0);
            var startsWord = known != null || (word.Length > 0 && char.IsUpper(str[start]) && char.IsLower(str[start - 1]));
            if (startsWord && word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }

            word.Append(known != null ? str.AsSpan(start, known.Length) : str.AsSpan(start, 1));
            start += known?.Length ?? 1;
        }

        if (word.Length > 0)
            yield return word.ToString();
    }

    internal static string Repeat(this char character, int count) => new(character, Math.Max(count, 0));
}
