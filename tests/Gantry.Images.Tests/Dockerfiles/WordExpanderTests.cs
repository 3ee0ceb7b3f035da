using CsCheck;
using Gantry.Images.Dockerfiles;

namespace Gantry.Images.Tests.Dockerfiles;

public sealed class WordExpanderTests
{
    private static readonly SourceLine Line = new("Dockerfile", 7);

    private static readonly Dictionary<string, string> Variables = new(StringComparer.Ordinal)
    {
        ["X"] = "value",
        ["EMPTY"] = "",
        ["WORDS"] = "a  b",
        ["X_1"] = "other",
    };

    // Expected values are those of Docker's documentation, or of /bin/sh where it has none.
    public static TheoryData<string, string, string> Cases => new()
    {
        { "plain text", "abc", "abc" },
        { "a variable", "$X", "value" },
        { "a variable in braces", "${X}", "value" },
        { "a variable amid text", "a${X}b$X", "avaluebvalue" },
        { "the longest name counts", "$X_1", "other" },
        { "a name ends at what cannot be in it", "$X/$X-$X.", "value/value-value." },
        { "an unset variable", "a${NONE}b", "ab" },
        { "a lone dollar", "a$ $", "a$ $" },
        { "a dollar before a digit", "$1x", "x" },
        { "an escaped dollar", "\\$X", "$X" },
        { "an escaped brace form", "\\${X}", "${X}" },
        { "an escaped backslash", "\\\\$X", "\\value" },
        { "a backslash at the end", "abc\\", "abc" },
        { "default of an unset variable", "${NONE:-d}", "d" },
        { "default of an empty variable", "${EMPTY:-d}", "d" },
        { "default of a set variable", "${X:-d}", "value" },
        { "default without colon of an empty variable", "${EMPTY-d}", "" },
        { "default without colon of an unset variable", "${NONE-d}", "d" },
        { "alternative of a set variable", "${X:+a}", "a" },
        { "alternative of an empty variable", "${EMPTY:+a}", "" },
        { "alternative of an unset variable", "${NONE:+a}", "" },
        { "alternative without colon of an empty variable", "${EMPTY+a}", "a" },
        { "required and set", "${X:?no}", "value" },
        { "a variable in a default", "${NONE:-${X}}", "value" },
        { "a default in a default", "${NONE:-${NONE:-deep}}", "deep" },
        { "quotes in a default", "${NONE:-'a}b'}", "a}b" },
        { "an empty default", "${NONE:-}", "" },
        { "single quotes take nothing out", "'$X \\ \"'", "$X \\ \"" },
        { "double quotes resolve variables", "\"a $X\"", "a value" },
        { "escapes in double quotes", "\"\\\" \\$ \\\\ \\n\"", "\" $ \\ \\n" },
        { "a single quote in double quotes", "\"it's\"", "it's" },
        { "quotes amid a word", "a'b'\"c\"d", "abcd" },
        { "empty quotes", "''\"\"", "" },
        { "a lone less-than sign", "a<b", "a<b" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Words_are_expanded_as_by_Docker(string name, string word, string expected)
    {
        Assert.NotEmpty(name);
        Assert.Equal(expected, WordExpander.Expand(word, '\\', Line, Variables.GetValueOrDefault));
    }

    [Theory]
    [InlineData("an open brace", "${X", "'}' is missing")]
    [InlineData("an open default", "${X:-abc", "'}' is missing")]
    [InlineData("a modifier that is cut off", "${X:", "'}' is missing")]
    [InlineData("no name", "${}", "name of a variable")]
    [InlineData("a colon instead of a name", "${:-x}", "name of a variable")]
    [InlineData("an open single quote", "a'b", "single quote is not closed")]
    [InlineData("an open double quote", "a\"b", "double quote is not closed")]
    [InlineData("a required variable that is unset", "${NONE:?set it}", "'NONE' is missing: set it")]
    [InlineData("a required variable that is empty", "${EMPTY:?}", "'EMPTY' must have a value")]
    public void A_word_that_cannot_be_expanded_is_an_error_with_its_line(string name, string word, string problem)
    {
        Assert.NotEmpty(name);
        var error = Assert.Throws<GantryException>(() => WordExpander.Expand(word, '\\', Line, Variables.GetValueOrDefault));
        Assert.Equal("GAN3002", error.Code);
        Assert.StartsWith("Dockerfile:7: ", error.Problem, StringComparison.Ordinal);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("${X#v}")]
    [InlineData("${X%%e}")]
    [InlineData("${X/a/b}")]
    public void Substitutions_that_only_Docker_knows_need_an_engine(string word) =>
        Assert.Equal(
            "GAN3003", Assert.Throws<GantryException>(() => WordExpander.Expand(word, '\\', Line, Variables.GetValueOrDefault)).Code);

    [Theory]
    [InlineData("$WORDS", "a|b")]
    [InlineData("\"$WORDS\"", "a  b")]
    [InlineData("1${WORDS}2", "1a|b2")]
    [InlineData("$NONE", "")]
    [InlineData("a\\ b", "a b")]
    public void Unquoted_variables_may_become_several_words(string word, string expected) =>
        Assert.Equal(expected, string.Join('|', WordExpander.ExpandToWords(word, '\\', Line, Variables.GetValueOrDefault)));

    [Fact]
    public void The_escape_character_can_be_a_backtick() =>
        Assert.Equal("C:\\dir$X", WordExpander.Expand("C:\\dir`$X", '`', Line, Variables.GetValueOrDefault));

    [Fact]
    public void Any_text_survives_quoting() =>
        Gen.String.Sample(text =>
        {
            var quoted = "\"" + text
                .Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal)
                .Replace("$", "\\$", StringComparison.Ordinal) + "\"";
            return WordExpander.Expand(quoted, '\\', Line, _ => "wrong") == text;
        });

    [Fact]
    public void Any_text_survives_escaping_of_every_character() =>
        Gen.String.Sample(text =>
            WordExpander.Expand(string.Concat(text.Select(character => $"\\{character}")), '\\', Line, _ => "wrong") == text);

    [Fact]
    public void Any_word_is_expanded_or_is_a_coded_error() =>
        Gen.Char["ab${}:-+?'\"\\ #"].Array[0, 12].Select(characters => new string(characters)).Sample(word =>
        {
            try
            {
                WordExpander.Expand(word, '\\', Line, Variables.GetValueOrDefault);
            }
            catch (GantryException exception)
            {
                Assert.Contains(exception.Code, new[] { "GAN3002", "GAN3003" });
            }
        });
}
