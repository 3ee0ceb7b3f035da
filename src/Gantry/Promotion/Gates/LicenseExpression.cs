using System.Text.RegularExpressions;

namespace Gantry.Promotion.Gates;

/// <summary>Decides whether a licence expression of SPDX leaves a choice without forbidden licences.</summary>
/// <seealso href="https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/">SPDX, licence expressions</seealso>
internal sealed partial class LicenseExpression
{
    private readonly Func<string, bool> _isForbidden;
    private readonly List<string> _tokens;
    private int _at;

    private LicenseExpression(List<string> tokens, Func<string, bool> isForbidden)
    {
        _tokens = tokens;
        _isForbidden = isForbidden;
    }

    /// <summary>
    /// Returns true when every choice has a forbidden licence. Of a text that is no expression, each part must be allowed.
    /// </summary>
    public static bool IsForbidden(string expression, Func<string, bool> isForbidden)
    {
        // The name of a licence may have words in it.
        if (isForbidden(expression.Trim()))
            return true;
        var tokens = Token().Matches(expression).Select(match => match.Value).ToList();
        var reader = new LicenseExpression(tokens, isForbidden);
        return reader.ReadAny(0) is { } forbidden && reader._at == tokens.Count
            ? forbidden
            : tokens.Exists(token => isForbidden(token));
    }

    // Null for what is no expression.
    private bool? ReadAny(int depth)
    {
        var forbidden = ReadAll(depth);
        while (forbidden is not null && Take("OR"))
            forbidden = ReadAll(depth) is { } other ? forbidden.Value && other : null;
        return forbidden;
    }

    private bool? ReadAll(int depth)
    {
        var forbidden = ReadOne(depth);
        while (forbidden is not null && Take("AND"))
            forbidden = ReadOne(depth) is { } other ? forbidden.Value || other : null;
        return forbidden;
    }

    private bool? ReadOne(int depth)
    {
        // No text within JSON needs more levels than JSON.
        if (depth > Limits.JsonDepth || _at >= _tokens.Count)
            return null;
        if (Take("("))
            return ReadAny(depth + 1) is { } inner && Take(")") ? inner : null;
        if (IsWord(_tokens[_at]))
            return null;
        var license = _tokens[_at++];
        if (!Take("WITH"))
            return _isForbidden(license) || _isForbidden(license.TrimEnd('+'));
        if (_at >= _tokens.Count || IsWord(_tokens[_at]))
            return null;
        return _isForbidden(license) || _isForbidden($"{license} WITH {_tokens[_at++]}");
    }

    private static bool IsWord(string token) => token is "(" or ")" || token.ToUpperInvariant() is "AND" or "OR" or "WITH";

    private bool Take(string token)
    {
        if (_at >= _tokens.Count || !_tokens[_at].Equals(token, StringComparison.OrdinalIgnoreCase))
            return false;
        _at++;
        return true;
    }

    [GeneratedRegex(@"[()]|[^\s()]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
