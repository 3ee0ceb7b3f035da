using System.Text;

namespace Gantry.Images.Dockerfiles;

/// <summary>
/// Expands quotes, escapes and variables in one word as Docker does: <c>$X</c>, <c>${X}</c>, and <c>${X}</c> with <c>:-</c>, <c>-</c>,
/// <c>:+</c>, <c>+</c>, <c>:?</c>, <c>?</c>.
/// </summary>
/// <seealso href="https://docs.docker.com/reference/dockerfile/#environment-replacement">
/// Dockerfile reference, environment replacement
/// </seealso>
internal sealed class WordExpander
{
    private const char End = '\0';

    private readonly string _text;
    private readonly char _escape;
    private readonly SourceLine _location;
    private readonly Func<string, string?> _lookup;
    private int _position;
    private int _length;
    private int _depth;

    private WordExpander(string text, char escape, SourceLine location, Func<string, string?> lookup)
    {
        _text = text;
        _escape = escape;
        _location = location;
        _lookup = lookup;
    }

    /// <summary>Expands the word to one string.</summary>
    /// <param name="text">The word.</param>
    /// <param name="escape">The escape character of the file.</param>
    /// <param name="location">The position of the word, for errors.</param>
    /// <param name="lookup">Returns the value of a variable, or null when it is not set.</param>
    public static string Expand(string text, char escape, SourceLine location, Func<string, string?> lookup)
    {
        var words = new WordCollector();
        new WordExpander(text, escape, location, lookup).ReadUntil(stop: null, words);
        return words.Whole;
    }

    /// <summary>Expands the word to several, split at blanks in the values of unquoted variables: for EXPOSE.</summary>
    public static IReadOnlyList<string> ExpandToWords(string text, char escape, SourceLine location, Func<string, string?> lookup)
    {
        var words = new WordCollector();
        new WordExpander(text, escape, location, lookup).ReadUntil(stop: null, words);
        return words.Words;
    }

    private bool AtEnd => _position >= _text.Length;

    private char Peek() => AtEnd ? End : _text[_position];

    private void ReadUntil(char? stop, WordCollector into)
    {
        while (!AtEnd)
        {
            var character = _text[_position++];
            if (character == stop)
                return;

            switch (character)
            {
                case '\'':
                    into.AppendQuoted(ReadSingleQuoted());
                    break;
                case '"':
                    into.AppendQuoted(ReadDoubleQuoted());
                    break;
                case '$':
                    into.AppendUnquoted(ReadVariable());
                    break;
                case var _ when character == _escape:
                    if (!AtEnd)
                        into.AppendQuoted(_text[_position++].ToString());
                    break;
                default:
                    into.AppendUnquoted(character.ToString());
                    break;
            }
        }

        if (stop is not null)
            throw Error($"'{stop}' is missing");
    }

    private string ReadSingleQuoted()
    {
        var end = _text.IndexOf('\'', _position);
        if (end < 0)
            throw Error("a single quote is not closed");
        var content = _text[_position..end];
        _position = end + 1;
        return content;
    }

    private string ReadDoubleQuoted()
    {
        var content = new StringBuilder();
        while (!AtEnd)
        {
            var character = _text[_position++];
            if (character == '"')
                return content.ToString();

            if (character == '$')
            {
                content.Append(ReadVariable());
            }
            else if (character == _escape)
            {
                // Only these can be escaped here; before anything else the escape character is literal.
                if (AtEnd)
                    continue;
                var next = Peek();
                if (next == '"' || next == '$' || next == _escape)
                    _position++;
                content.Append(next == '"' || next == '$' ? next : character);
            }
            else
            {
                content.Append(character);
            }
        }

        throw Error("a double quote is not closed");
    }

    private string ReadVariable() => Count(ReadVariableValue());

    // A value may repeat other ones: it is stopped before it fills the memory.
    private string Count(string value) => (_length += value.Length) <= Limits.DockerfileText
        ? value
        : throw DockerfileErrors.TooLarge(
            _location, $"a value has more than {Limits.DockerfileText} characters", nameof(Limits.DockerfileText));

    private string ReadVariableValue()
    {
        if (Peek() != '{')
        {
            var bare = ReadName();
            return bare.Length == 0 ? "$" : _lookup(bare) ?? "";
        }

        _position++;
        var name = ReadName();
        if (name.Length == 0)
            throw Error("'${' is not followed by the name of a variable");
        if (AtEnd)
            throw Error($"'}}' is missing after '${{{name}'");

        var character = _text[_position++];
        if (character == '}')
            return _lookup(name) ?? "";

        var emptyIsUnset = character == ':';
        if (emptyIsUnset)
            character = AtEnd ? throw Error($"'}}' is missing after '${{{name}:'") : _text[_position++];
        if (character is not ('-' or '+' or '?'))
            throw DockerfileErrors.NeedsEngine(
                _location, $"'${{{name}{(emptyIsUnset ? ":" : "")}{character}…}}' is a substitution that only Docker's own builder knows");

        return Substitute(name, character, emptyIsUnset);
    }

    private string Substitute(string name, char modifier, bool emptyIsUnset)
    {
        if (++_depth > Limits.DockerfileDepth)
            throw DockerfileErrors.TooLarge(
                _location,
                $"there are more than {Format.Count(Limits.DockerfileDepth, "level")} of '${{…}}'",
                nameof(Limits.DockerfileDepth));
        var collector = new WordCollector();
        ReadUntil('}', collector);
        _depth--;
        var word = collector.Whole;

        var value = _lookup(name);
        if (emptyIsUnset && value is { Length: 0 })
            value = null;

        return modifier switch
        {
            '-' => value ?? word,
            '+' => value is null ? "" : word,
            _ => value ?? throw Error($"the variable '{name}' {(word.Length > 0 ? $"is missing: {word}" : "must have a value")}"),
        };
    }

    // A name of letters, digits and '_'; a positional parameter; or one of the shell's special parameters.
    private string ReadName()
    {
        var start = _position;
        if (char.IsDigit(Peek()))
        {
            while (char.IsDigit(Peek()))
                _position++;
        }
        else if (Peek() is '@' or '*' or '#' or '?' or '-' or '$' or '!')
        {
            _position++;
        }
        else
        {
            while (char.IsLetterOrDigit(Peek()) || Peek() == '_')
                _position++;
        }

        return _text[start.._position];
    }

    private GantryException Error(string reason) => DockerfileErrors.DockerfileSyntax(_location, $"{reason} in '{_text}'");

    // Collects the word both whole and split.
    private sealed class WordCollector
    {
        private readonly StringBuilder _whole = new();
        private readonly StringBuilder _current = new();
        private readonly List<string> _words = [];
        private bool _inWord;

        public string Whole => _whole.ToString();

        public IReadOnlyList<string> Words
        {
            get
            {
                EndWord();
                return _words;
            }
        }

        public void AppendQuoted(string text)
        {
            _whole.Append(text);
            _current.Append(text);
            _inWord = true;
        }

        public void AppendUnquoted(string text)
        {
            _whole.Append(text);
            foreach (var character in text)
            {
                if (char.IsWhiteSpace(character))
                {
                    EndWord();
                }
                else
                {
                    _current.Append(character);
                    _inWord = true;
                }
            }
        }

        private void EndWord()
        {
            if (_inWord && _current.Length > 0)
                _words.Add(_current.ToString());
            _current.Clear();
            _inWord = false;
        }
    }
}
