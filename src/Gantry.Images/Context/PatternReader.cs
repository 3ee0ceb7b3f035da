using System.Text;

namespace Gantry.Images.Context;

/// <summary>Parses the text of a pattern into tokens.</summary>
internal sealed class PatternReader
{
    private readonly Rune[] _pattern;
    private readonly bool _crossesFolders;
    private readonly List<PathPattern.Token> _tokens = [];
    private int _position;

    private PatternReader(string pattern, bool crossesFolders)
    {
        _pattern = [.. pattern.EnumerateRunes()];
        _crossesFolders = crossesFolders;
    }

    private bool AtEnd => _position >= _pattern.Length;

    /// <summary>Parses the pattern; returns null when it is malformed.</summary>
    public static IReadOnlyList<PathPattern.Token>? TryRead(string pattern, bool crossesFolders)
    {
        var reader = new PatternReader(pattern, crossesFolders);
        while (!reader.AtEnd)
        {
            if (!reader.ReadToken())
                return null;
        }

        return reader._tokens;
    }

    private bool ReadToken()
    {
        var character = _pattern[_position++];
        switch (character.Value)
        {
            case '*':
                ReadStar();
                return true;
            case '?':
                _tokens.Add(new PathPattern.AnyCharacterToken());
                return true;
            case '[':
                return ReadClass();
            case '\\' when AtEnd:
                return false;
            case '\\':
                _tokens.Add(new PathPattern.LiteralToken(_pattern[_position++]));
                return true;
            default:
                _tokens.Add(new PathPattern.LiteralToken(character));
                return true;
        }
    }

    private void ReadStar()
    {
        if (!_crossesFolders || !Take('*'))
        {
            _tokens.Add(new PathPattern.AnyCharactersToken(CrossesFolders: false));
            return;
        }

        var atStart = _position == 2;
        var slash = Take('/');
        if (AtEnd)
            _tokens.Add(new PathPattern.AnyCharactersToken(CrossesFolders: true));
        else if (atStart && !slash && IsLiteral(_position))
            // "**.tmp" matches everything that ends with ".tmp".
            _tokens.Add(new PathPattern.AnyCharactersToken(CrossesFolders: true));
        else
            _tokens.Add(new PathPattern.AnyFoldersToken());
    }

    private bool IsLiteral(int start) =>
        !_pattern.AsSpan(start).ContainsAny([new Rune('*'), new Rune('?'), new Rune('['), new Rune(']'), new Rune('\\')]);

    private bool ReadClass()
    {
        var negated = Take('^');
        var ranges = new List<(Rune, Rune)>();
        while (ranges.Count == 0 || !Take(']'))
        {
            if (!TryReadClassCharacter(out var low))
                return false;
            var high = low;
            if (Take('-') && !TryReadClassCharacter(out high))
                return false;
            ranges.Add((low, high));
        }

        _tokens.Add(new PathPattern.ClassToken(negated, ranges));
        return true;
    }

    private bool TryReadClassCharacter(out Rune character)
    {
        character = default;
        if (AtEnd || _pattern[_position].Value is '-' or ']')
            return false;
        if (Take('\\') && AtEnd)
            return false;
        character = _pattern[_position++];
        return true;
    }

    private bool Take(char character)
    {
        if (AtEnd || _pattern[_position].Value != character)
            return false;
        _position++;
        return true;
    }
}
