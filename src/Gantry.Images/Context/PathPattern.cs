using System.Text;

namespace Gantry.Images.Context;

/// <summary>
/// A pattern for paths with slashes: <c>*</c> and <c>?</c> match within one name, <c>[a-z]</c> matches one of these characters, a backslash
/// escapes; in .dockerignore files <c>**</c> matches any number of folders.
/// </summary>
/// <remarks>Matching takes time in proportion to the length of the pattern times the length of the path.</remarks>
/// <seealso href="https://pkg.go.dev/path/filepath#Match">Go, filepath.Match</seealso>
internal sealed class PathPattern
{
    private readonly IReadOnlyList<Token> _tokens;

    private PathPattern(IReadOnlyList<Token> tokens) => _tokens = tokens;

    /// <summary>Parses a pattern of COPY; returns null when it is malformed.</summary>
    public static PathPattern? TryParse(string pattern) =>
        PatternReader.TryRead(pattern, crossesFolders: false) is { } tokens ? new(tokens) : null;

    /// <summary>Parses a pattern of a .dockerignore file; returns null when it is malformed.</summary>
    public static PathPattern? TryParseIgnore(string pattern) =>
        PatternReader.TryRead(pattern, crossesFolders: true) is { } tokens ? new(tokens) : null;

    /// <summary>Returns true when a source of COPY contains wildcards.</summary>
    public static bool HasWildcards(string path)
    {
        for (var index = 0; index < path.Length; index++)
        {
            if (path[index] == '\\')
                index++;
            else if (path[index] is '*' or '?' or '[')
                return true;
        }

        return false;
    }

    /// <summary>Returns true when the whole path matches.</summary>
    public bool IsMatch(string path)
    {
        var runes = path.EnumerateRunes().ToArray();

        // reachable[i]: the tokens so far can match the first i characters.
        var reachable = new bool[runes.Length + 1];
        reachable[0] = true;
        foreach (var token in _tokens)
        {
            reachable = token.Advance(reachable, runes);
            if (!reachable.AsSpan().Contains(true))
                return false;
        }

        return reachable[^1];
    }

    internal abstract record Token
    {
        private protected static readonly Rune Slash = new('/');

        public abstract bool[] Advance(bool[] from, Rune[] path);
    }

    /// <summary>Matches one character.</summary>
    internal abstract record SingleToken : Token
    {
        public override bool[] Advance(bool[] from, Rune[] path)
        {
            var to = new bool[from.Length];
            for (var index = 0; index < path.Length; index++)
                to[index + 1] = from[index] && Accepts(path[index]);
            return to;
        }

        protected abstract bool Accepts(Rune character);
    }

    internal sealed record LiteralToken(Rune Character) : SingleToken
    {
        protected override bool Accepts(Rune character) => character == Character;
    }

    internal sealed record AnyCharacterToken : SingleToken
    {
        protected override bool Accepts(Rune character) => character != Slash;
    }

    internal sealed record ClassToken(bool Negated, IReadOnlyList<(Rune Low, Rune High)> Ranges) : SingleToken
    {
        protected override bool Accepts(Rune character) =>
            Ranges.Any(range => range.Low <= character && character <= range.High) != Negated;
    }

    /// <summary>Matches <c>*</c>, any characters of one name, or <c>**</c> at the end, any characters at all.</summary>
    internal sealed record AnyCharactersToken(bool CrossesFolders) : Token
    {
        public override bool[] Advance(bool[] from, Rune[] path)
        {
            var to = new bool[from.Length];
            to[0] = from[0];
            for (var index = 0; index < path.Length; index++)
                to[index + 1] = from[index + 1] || (to[index] && (CrossesFolders || path[index] != Slash));
            return to;
        }
    }

    /// <summary>Matches <c>**/</c>: nothing, or anything that ends with a slash.</summary>
    internal sealed record AnyFoldersToken : Token
    {
        public override bool[] Advance(bool[] from, Rune[] path)
        {
            var to = (bool[])from.Clone();
            var begun = false;
            for (var index = 0; index < path.Length; index++)
            {
                begun |= from[index];
                to[index + 1] |= begun && path[index] == Slash;
            }

            return to;
        }
    }
}
