namespace Gantry.Registries.Remote;

/// <summary>One challenge of a <c>WWW-Authenticate</c> header: a scheme and its parameters.</summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc9110#name-www-authenticate">RFC 9110, WWW-Authenticate</seealso>
internal sealed record Challenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    public string? this[string parameter] => Parameters.GetValueOrDefault(parameter);

    public bool Is(string scheme) => Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Parses a header with one or several challenges. Malformed parts are skipped, because registries send them; the result then lacks
    /// them.
    /// </summary>
    public static IReadOnlyList<Challenge> Parse(string header)
    {
        var challenges = new List<Challenge>();
        var rest = header.AsSpan(0, Math.Min(header.Length, Limits.ChallengeLength));
        Dictionary<string, string>? parameters = null;
        while (true)
        {
            rest = rest.TrimStart([' ', '\t', ',']);
            if (rest.IsEmpty)
                return challenges;

            var name = TakeToken(ref rest);
            if (name.Length == 0)
            {
                rest = rest[1..];
                continue;
            }

            var after = rest.TrimStart([' ', '\t']);
            if (after is ['=', ..])
            {
                rest = after[1..].TrimStart([' ', '\t']);
                var value = TakeValue(ref rest);
                parameters?.TryAdd(name, value);
                continue;
            }

            // A name that no '=' follows is a scheme.
            parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            challenges.Add(new Challenge(name, parameters));
        }
    }

    private static string TakeToken(ref ReadOnlySpan<char> rest)
    {
        var length = rest.IndexOfAnyExcept(TokenCharacters);
        var token = (length < 0 ? rest : rest[..length]).ToString();
        rest = rest[token.Length..];
        return token;
    }

    private static string TakeValue(ref ReadOnlySpan<char> rest)
    {
        if (rest is not ['"', ..])
        {
            var end = rest.IndexOfAny(' ', '\t', ',');
            var plain = (end < 0 ? rest : rest[..end]).ToString();
            rest = rest[plain.Length..];
            return plain;
        }

        var value = new System.Text.StringBuilder();
        var i = 1;
        for (; i < rest.Length && rest[i] != '"'; i++)
        {
            if (rest[i] == '\\' && i + 1 < rest.Length)
                i++;
            value.Append(rest[i]);
        }

        rest = rest[Math.Min(i + 1, rest.Length)..];
        return value.ToString();
    }

    private static readonly System.Buffers.SearchValues<char> TokenCharacters =
        System.Buffers.SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
}
