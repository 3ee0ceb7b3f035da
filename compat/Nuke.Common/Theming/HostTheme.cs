using Serilog.Sinks.SystemConsole.Themes;

namespace Nuke.Common.Execution.Theming;

/// <summary>How a host shows what is not logged: headings, the summary and the outcome.</summary>
internal abstract class HostTheme
{
    public abstract ConsoleTheme ConsoleTheme { get; }

    public abstract void Write(ConsoleThemeStyle style, string text);
    public abstract void WriteSuccess(string text);

    /// <summary>The text, coloured where that is possible within a line.</summary>
    public abstract string Format(ConsoleThemeStyle style, string text);

    // Some hosts drop empty lines; a space without width is not empty.
    protected static string Visible(string text) => string.IsNullOrWhiteSpace(text) ? "\u200B" : text;
}

internal sealed class AnsiHostTheme(IReadOnlyDictionary<ConsoleThemeStyle, string> styles, string success) : HostTheme
{
    public override ConsoleTheme ConsoleTheme { get; } = new AnsiConsoleTheme(styles);

    public override void Write(ConsoleThemeStyle style, string text) => Console.WriteLine(Format(style, text));

    public override void WriteSuccess(string text) => Console.WriteLine(Coloured(success, text));

    public override string Format(ConsoleThemeStyle style, string text) => Coloured(styles[style], text);

    private static string Coloured(string code, string text) => string.IsNullOrWhiteSpace(text) ? Visible(text) : $"{code}{text}\e[0m";
}

internal sealed class SystemHostTheme(IReadOnlyDictionary<ConsoleThemeStyle, SystemConsoleThemeStyle> styles, ConsoleColor success)
    : HostTheme
{
    public override ConsoleTheme ConsoleTheme { get; } = new SystemConsoleTheme(styles);

    public override void Write(ConsoleThemeStyle style, string text) => Write(styles[style].Foreground, text);

    public override void WriteSuccess(string text) => Write(success, text);

    public override string Format(ConsoleThemeStyle style, string text) => text;

    private static void Write(ConsoleColor? color, string text)
    {
        if (color is { } foreground)
            Console.ForegroundColor = foreground;
        Console.WriteLine(Visible(text));
        if (color is not null)
            Console.ResetColor();
    }
}

internal static class HostThemes
{
    private static readonly Lazy<HostTheme> s_default = new(() => SupportsAnsi ? CreateAnsi() : CreateSystem());

    public static HostTheme Default => s_default.Value;

    private static bool SupportsAnsi
        => Environment.GetEnvironmentVariable("TERM")?.StartsWith("xterm", StringComparison.OrdinalIgnoreCase) == true;

    public static HostTheme CreateAzurePipelines()
        => new AnsiHostTheme(Values("\e[36;1m", "\e[90m", new Dictionary<ConsoleThemeStyle, string>
        {
            [ConsoleThemeStyle.Text] = string.Empty,
            [ConsoleThemeStyle.Name] = "\e[37;1m",
            [ConsoleThemeStyle.Invalid] = "\e[46;1m",
            [ConsoleThemeStyle.LevelVerbose] = "\e[90;1m",
            [ConsoleThemeStyle.LevelDebug] = "\e[97;1m",
            [ConsoleThemeStyle.LevelInformation] = "\e[36;1m",
            [ConsoleThemeStyle.LevelWarning] = "\e[33;1m",
            [ConsoleThemeStyle.LevelError] = "\e[31;1m",
            [ConsoleThemeStyle.LevelFatal] = "\e[41;1m"
        }), "\e[32;1m");

    private static HostTheme CreateAnsi()
        => new AnsiHostTheme(Values("\e[38;5;45;1m", "\e[38;5;247m", new Dictionary<ConsoleThemeStyle, string>
        {
            [ConsoleThemeStyle.Text] = "\e[39m",
            [ConsoleThemeStyle.Name] = "\e[39;1m",
            [ConsoleThemeStyle.Invalid] = "\e[48;5;45;1m",
            [ConsoleThemeStyle.LevelVerbose] = "\e[90;1m",
            [ConsoleThemeStyle.LevelDebug] = "\e[39;1m",
            [ConsoleThemeStyle.LevelInformation] = "\e[38;5;45;1m",
            [ConsoleThemeStyle.LevelWarning] = "\e[38;5;214;1m",
            [ConsoleThemeStyle.LevelError] = "\e[38;5;196;1m",
            [ConsoleThemeStyle.LevelFatal] = "\e[38;5;231;1m\e[48;5;196m"
        }), "\e[32;1m");

    private static HostTheme CreateSystem()
        => new SystemHostTheme(
            Values(Style(ConsoleColor.Magenta), Style(ConsoleColor.Gray), new Dictionary<ConsoleThemeStyle, SystemConsoleThemeStyle>
            {
                [ConsoleThemeStyle.Text] = new(),
                [ConsoleThemeStyle.Name] = Style(ConsoleColor.Blue),
                [ConsoleThemeStyle.Invalid] = Style(ConsoleColor.DarkRed),
                [ConsoleThemeStyle.LevelVerbose] = Style(ConsoleColor.Gray),
                [ConsoleThemeStyle.LevelDebug] = new(),
                [ConsoleThemeStyle.LevelInformation] = Style(ConsoleColor.Cyan),
                [ConsoleThemeStyle.LevelWarning] = Style(ConsoleColor.Yellow),
                [ConsoleThemeStyle.LevelError] = Style(ConsoleColor.Red),
                [ConsoleThemeStyle.LevelFatal] = new() { Foreground = ConsoleColor.White, Background = ConsoleColor.Red }
            }),
            ConsoleColor.Green);

    private static SystemConsoleThemeStyle Style(ConsoleColor color) => new() { Foreground = color };

    // All values that are put into a message look the same, whatever their type.
    private static Dictionary<ConsoleThemeStyle, T> Values<T>(T value, T aside, Dictionary<ConsoleThemeStyle, T> styles)
    {
        styles[ConsoleThemeStyle.Null] = value;
        styles[ConsoleThemeStyle.String] = value;
        styles[ConsoleThemeStyle.Number] = value;
        styles[ConsoleThemeStyle.Boolean] = value;
        styles[ConsoleThemeStyle.Scalar] = value;
        styles[ConsoleThemeStyle.SecondaryText] = aside;
        styles[ConsoleThemeStyle.TertiaryText] = aside;
        return styles;
    }
}
