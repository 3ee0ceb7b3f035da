using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Gantry;

/// <summary>
/// One line of text for people. What others wrote in it (annotations, answers of servers, names of files, variables) is shown, and cannot
/// act: on a terminal, on an agent that reads commands in its log, or on the eyes of the reader.
/// </summary>
/// <remarks>
/// Messages and outputs take this type instead of <see cref="string"/>. An interpolated string becomes one directly, so that each value in
/// it has a limited length. Any other string becomes one by conversion. There is no way to make one that is not neutralized.
/// </remarks>
[InterpolatedStringHandler]
public sealed class DisplayText
{
    /// <summary>The maximum number of characters of one value; the rest is counted.</summary>
    public const int MaximumValueLength = 1000;

    private readonly List<(string Text, bool IsValue)> _parts = [];

    /// <summary>Begins an interpolated string. The compiler calls this.</summary>
    /// <param name="literalLength">The number of characters outside of the values.</param>
    /// <param name="formattedCount">The number of values.</param>
    public DisplayText(int literalLength, int formattedCount)
    {
        _ = literalLength;
        _parts.EnsureCapacity((2 * formattedCount) + 1);
    }

    /// <summary>Converts a text. Its length is not limited.</summary>
    public static implicit operator DisplayText(string text) => FromString(text);

    /// <summary>Converts a text. Its length is not limited.</summary>
    public static DisplayText FromString(string text)
    {
        var whole = new DisplayText(0, 0);
        whole.AppendLiteral(text);
        return whole;
    }

    /// <summary>
    /// Makes every character visible that could act: control characters, line breaks, bidirectional overrides and invisible characters
    /// become escapes (<c>\n</c>, <c>\x1b</c>, <c>\u202e</c>), and the beginnings of commands to build agents (<c>##vso[</c>,
    /// <c>::error::</c>) get a space in between. Any other text stays the same, and so does a text that was neutralized before.
    /// </summary>
    public static string Neutralize(string text) => TextNeutralizer.Neutralize(text);

    /// <summary>Appends a part that is the same in every message. The compiler calls this.</summary>
    public void AppendLiteral(string literal) => _parts.Add((literal, false));

    /// <summary>Appends a value. The compiler calls this.</summary>
    public void AppendFormatted<T>(T value, int alignment = 0, string? format = null)
    {
        var text = value is IFormattable formattable
            ? formattable.ToString(format, CultureInfo.InvariantCulture)
            : value?.ToString() ?? "";
        _parts.Add((alignment < 0 ? text.PadRight(-alignment) : text.PadLeft(alignment), true));
    }

    /// <summary>Appends a value. The compiler calls this.</summary>
    public void AppendFormatted<T>(T value, string format) => AppendFormatted(value, 0, format);

    /// <summary>Appends another line, whose values are limited already. The compiler calls this.</summary>
    public void AppendFormatted(DisplayText line) => _parts.AddRange(line._parts);

    /// <summary>Returns the neutralized text.</summary>
    public override string ToString() => ToString(secrets: null);

    /// <summary>Returns the neutralized text without the secrets of a session.</summary>
    /// <param name="secrets">Masks the secrets, before the length of a value is limited; null to mask nothing.</param>
    public string ToString(SecretMask? secrets)
    {
        var line = new StringBuilder();
        foreach (var (text, isValue) in _parts)
        {
            var part = secrets?.Apply(text) ?? text;
            line.Append(isValue ? Limit(part) : part);
        }

        return Neutralize(line.ToString());
    }

    private static string Limit(string text) => text.Length <= MaximumValueLength
        ? text
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{text.AsSpan(0, MaximumValueLength)}… ({text.Length - MaximumValueLength} more characters)");
}
