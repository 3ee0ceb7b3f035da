using System.Text.Json.Nodes;

namespace Gantry.Display;

/// <summary>
/// An output for people, and whether it is a terminal that can draw. What others wrote in a line cannot act there: there is no way to write
/// text that is not neutralized.
/// </summary>
/// <param name="writer">Receives the text.</param>
/// <param name="isTerminal">True for a terminal with bars, colours and a width.</param>
public sealed class TerminalOutput(TextWriter writer, bool isTerminal)
{
    /// <summary>Masks the credentials of a session in everything that is written; null to mask nothing.</summary>
    public SecretMask? Secrets { get; init; }

    /// <summary>The width in characters; null for that of the terminal, and for a log, which has none.</summary>
    public int? Width { get; init; }

    /// <summary>True for a terminal with bars, colours and a width.</summary>
    public bool IsTerminal => isTerminal;

    /// <summary>The width in characters that text has to fit into; null where lines can have any length.</summary>
    public int? Columns => Width ?? (IsScreen && Console.WindowWidth > 0 ? Console.WindowWidth : null);

    /// <summary>True when a person reads it on a screen, whether or not that can draw.</summary>
    public bool IsScreen { get; init; }

    /// <summary>
    /// True for a terminal whose font may lack signs outside of ASCII; those that are used here are then spelled in ASCII.
    /// </summary>
    public bool IsAscii { get; init; }

    /// <summary>The standard output.</summary>
    public static TerminalOutput Out => Of(Console.Out, Console.IsOutputRedirected);

    /// <summary>The standard error.</summary>
    public static TerminalOutput Error => Of(Console.Error, Console.IsErrorRedirected);

    /// <summary>Receives what draws on the terminal. Its texts are neutralized one by one.</summary>
    internal TextWriter Writer => writer;

    /// <summary>Returns the same output, which masks the credentials of a session.</summary>
    public TerminalOutput Masking(SecretMask secrets) => new(writer, isTerminal)
    {
        Secrets = secrets,
        Width = Width,
        IsAscii = IsAscii,
        IsScreen = IsScreen,
    };

    /// <summary>Writes a line.</summary>
    public void WriteLine(DisplayText line) => writer.WriteLine(Spell(line.ToString(Secrets)));

    /// <summary>Writes a line of two fields with a tab between them, for a program.</summary>
    public void WriteTabbed(DisplayText first, DisplayText second) =>
        writer.WriteLine($"{first.ToString(Secrets)}\t{second.ToString(Secrets)}");

    /// <summary>Ends a line, or writes an empty one.</summary>
    public void WriteLine() => writer.WriteLine();

    /// <summary>Writes text without ending the line.</summary>
    public void Write(DisplayText text) => writer.Write(Spell(text.ToString(Secrets)));

    /// <summary>
    /// Writes a document for a program as JSON. Its values are complete; in its text, everything that could act is an escape of JSON.
    /// </summary>
    public void WriteJson(JsonNode document) => writer.WriteLine(JsonText.Format(document, Secrets));

    /// <summary>Writes content exactly as it is stored, for a program or a file: nothing in it is neutralized.</summary>
    public void WriteStored(ReadOnlyMemory<byte> content) => writer.Write(System.Text.Encoding.UTF8.GetString(content.Span));

    /// <summary>Returns a text that was neutralized as this terminal can show it.</summary>
    internal string Spell(string text) => IsAscii ? TerminalFont.ToAscii(text) : text;

    // A file gets the signs themselves: the font matters on a screen only.
    private static TerminalOutput Of(TextWriter writer, bool isRedirected) => new(writer, IsDrawable(isRedirected))
    {
        IsScreen = !isRedirected,
        IsAscii = !isRedirected
            && !TerminalFont.IsUnicode(Environment.GetEnvironmentVariable, Console.OutputEncoding, OperatingSystem.IsWindows()),
    };

    private static bool IsDrawable(bool isRedirected) =>
        !isRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb"
        && Environment.GetEnvironmentVariable("TF_BUILD") is null && Environment.GetEnvironmentVariable("CI") is null;
}
