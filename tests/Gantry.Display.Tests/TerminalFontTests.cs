using System.Text;

namespace Gantry.Display.Tests;

public sealed class TerminalFontTests
{
    [Theory]
    [InlineData(true, false, "LANG=en_US.UTF-8")]
    [InlineData(true, false, "LC_ALL=C.utf8", "LANG=C")]
    [InlineData(false, false, "LC_ALL=C", "LANG=en_US.UTF-8")]
    [InlineData(false, false, "LANG=de_DE")]
    [InlineData(false, false)]
    [InlineData(false, false, "TERM=dumb", "LANG=en_US.UTF-8")]
    [InlineData(false, false, "TERM=linux", "LANG=en_US.UTF-8")]
    [InlineData(false, true, "LANG=en_US.UTF-8")]
    [InlineData(true, true, "WT_SESSION=1")]
    public void Signs_are_shown_where_the_font_has_them(bool expected, bool isWindows, params string[] variables)
    {
        var all = variables.Select(variable => variable.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

        Assert.Equal(expected, TerminalFont.IsUnicode(all.GetValueOrDefault, Encoding.UTF8, isWindows));
        Assert.False(TerminalFont.IsUnicode(all.GetValueOrDefault, Encoding.Latin1, isWindows));
    }

    [Fact]
    public void The_signs_of_this_program_have_a_spelling_in_ASCII()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var terminal = new TerminalOutput(output, isTerminal: true) { IsAscii = true };

        terminal.WriteLine("1 → 2, a – b, cut…");
        terminal.Write("✓ ü");

        Assert.Equal("1 -> 2, a - b, cut...\n+ ü", output.ToString());
    }
}
