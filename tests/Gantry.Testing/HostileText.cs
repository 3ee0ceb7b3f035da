using System.Text;

namespace Gantry.Testing;

/// <summary>Text that others write to steer a terminal, a build agent or a reader, and what must never come out of it.</summary>
public static class HostileText
{
    /// <summary>The beginnings of commands that agents look for in a log.</summary>
    private static readonly string[] s_commands =
        ["##", "::error", "::warning", "::notice", "::set-output", "::add-mask", "::stop-commands", "::group"];

    /// <summary>The values, by what they do.</summary>
    public static IReadOnlyDictionary<string, string> Values { get; } = new Dictionary<string, string>
    {
        ["line feed"] = "one\nGAN0000: forged",
        ["carriage return"] = "one\rforged",
        ["backspace"] = "one\b\b\btwo",
        ["tab"] = "one\ttwo",
        ["null"] = "one\0two",
        ["clear the screen"] = "\u001b[2J\u001b[H",
        ["move up"] = "\u001b[5A\u001b[2Kapproved",
        ["title of the window"] = "\u001b]0;forged\u0007",
        ["link"] = "\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\",
        ["clipboard"] = "\u001b]52;c;ZXZpbA==\u0007",
        ["delete"] = "one\u007ftwo",
        ["C1 control sequence"] = "\u009b2J",
        ["C1 command"] = "\u009d0;forged\u009c",
        ["next line"] = "one\u0085two",
        ["line separator"] = "one\u2028two",
        ["paragraph separator"] = "one\u2029two",
        ["override"] = "\u202egnp.exe",
        ["isolate"] = "\u2066one\u2069\u2067two\u2069",
        ["marks"] = "\u200eone\u200ftwo\u061c",
        ["zero width"] = "o\u200bn\u200ce\u200d\u2060\ufeff",
        ["soft hyphen"] = "pro\u00add",
        ["filler"] = "\u3164\u115f\u1160\uffa0\u034f",
        ["tags"] = "\U000e0001\U000e0061\U000e007f",
        ["lone surrogate"] = "one\ud800two\udc00",
        ["Azure Pipelines"] = "##vso[task.setvariable variable=release]forged",
        ["Azure Pipelines, within a line"] = "one ##VSO[task.complete result=Succeeded]done",
        ["Azure Pipelines, formatting"] = "##[error]forged",
        ["three signs"] = "###vso[task.setvariable variable=a]b",
        ["TeamCity"] = "##teamcity[buildStatus text='forged']",
        ["GitHub"] = "::error::forged",
        ["GitHub, with properties"] = "  ::set-output name=release::forged",
        ["GitHub, after a break"] = "one\n::stop-commands::token",
        ["markup"] = "[red]forged[/] [link=https://evil.example]one[/]",
    };

    /// <summary>Returns what is wrong with an output; null when nothing in it can act.</summary>
    /// <param name="output">The output.</param>
    /// <param name="lines">The expected number of lines; null for any.</param>
    public static string? FindFault(string output, int? lines = null)
    {
        if (lines is { } expected && output.Count(letter => letter == '\n') is var found && found != expected)
            return $"{found} lines instead of {expected}";
        for (var at = 0; at < output.Length; at++)
        {
            if (!Rune.TryGetRuneAt(output, at, out var rune))
                return $"a lone surrogate at {at}";
            if (rune.Value != '\n' && IsActive(rune))
                return $"U+{rune.Value:X4} at {at}";
            at += rune.Utf16SequenceLength - 1;
        }

        return s_commands.FirstOrDefault(command => output.Contains(command, StringComparison.OrdinalIgnoreCase)) is { } start
            ? $"'{start}'"
            : null;
    }

    // Written again and not by the code under test: control and format characters, separators, fillers, variation selectors.
    private static bool IsActive(Rune rune) =>
        rune.Value is < 0x20 or (>= 0x7F and <= 0x9F) or 0xAD or 0x34F or 0x61C or 0x115F or 0x1160 or 0x180E or 0x3164 or 0xFEFF or 0xFFA0
            or (>= 0x200B and <= 0x200F) or (>= 0x2028 and <= 0x202E) or (>= 0x2060 and <= 0x206F) or (>= 0xFE00 and <= 0xFE0F)
            or (>= 0xFFF0 and <= 0xFFFB) or (>= 0xE0000 and <= 0xE0FFF);
}
