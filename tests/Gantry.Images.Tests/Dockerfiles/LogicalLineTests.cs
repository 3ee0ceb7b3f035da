using CsCheck;
using Gantry.Images.Dockerfiles;

namespace Gantry.Images.Tests.Dockerfiles;

public sealed class LogicalLineTests
{
    [Theory]
    [InlineData("two lines", "A b\nC d", "1:A b|2:C d")]
    [InlineData("Windows line ends", "A b \\\r\n c\r\nD\r\n", "1:A b  c|3:D")]
    [InlineData("a byte order mark", "\uFEFFA b", "1:A b")]
    [InlineData("blanks before an instruction", "  \tA b", "1:A b")]
    [InlineData("a continued line keeps its indentation", "A b\\\n  c", "1:A b  c")]
    [InlineData("a blank after the continuation character", "A b \\  \n c", "1:A b  c")]
    [InlineData("a comment between continued lines", "A \\\n# no\n  # neither\nb", "1:A b")]
    [InlineData("an empty line between continued lines", "A \\\n\n   \nb", "1:A b")]
    [InlineData("a comment does not continue", "# A \\\nB", "2:B")]
    [InlineData("an escaped escape character does not continue", "A \\\\\nB", "1:A \\\\|2:B")]
    [InlineData("a continuation that the file ends in", "A \\", "1:A")]
    [InlineData("a continuation character alone on its line", "A\\\n\\\n b", "1:A b")]
    [InlineData("a hash amid a line is no comment", "A # b", "1:A # b")]
    [InlineData("a backtick as escape character", "# escape=`\nA `\nb\\\nC", "2:A b\\|4:C")]
    [InlineData("a directive after a comment is a comment", "# hello\n# escape=`\nA \\\nb", "3:A b")]
    [InlineData("an unknown directive does not end directives", "# foo=bar\n# escape=`\nA `\nb", "3:A b")]
    [InlineData("a directive after an empty line is a comment", "\n# escape=`\nA \\\nb", "3:A b")]
    public void Lines_are_joined_as_by_Docker(string name, string text, string expected)
    {
        Assert.NotEmpty(name);
        var (_, lines) = LogicalLineReader.Read("Dockerfile", text);
        Assert.Equal(expected, string.Join('|', lines.Select(line => $"{line.Location.Line}:{line.Text}")));
    }

    [Fact]
    public void An_instruction_can_be_continued_at_any_character() =>
        Gen.Select(
            Gen.Char["abc =/\"'$"].Array[1, 20],
            Gen.Int[0, 20],
            Gen.OneOf(Gen.Const("\n"), Gen.Const("\r\n"), Gen.Const("  \n"), Gen.Const("\n\n"), Gen.Const("\n# comment\n")))
            .Sample((characters, position, end) =>
            {
                var text = "X" + new string(characters) + "Y";
                var cut = 1 + (position % (text.Length - 1));
                var (_, lines) = LogicalLineReader.Read("Dockerfile", string.Concat(text.AsSpan(0, cut), "\\", end, text.AsSpan(cut)));

                // A part that is blank or looks like a comment is one, and does not continue the instruction.
                return string.IsNullOrWhiteSpace(text[cut..])
                    || text[cut..].TrimStart().StartsWith('#')
                    || Assert.Single(lines).Text == text;
            });
}
