namespace Gantry.Display;

/// <summary>An output, and whether it is a terminal that can draw.</summary>
/// <param name="Writer">Receives the text.</param>
/// <param name="IsTerminal">True for a terminal with bars, colours and a width.</param>
public sealed record TerminalOutput(TextWriter Writer, bool IsTerminal)
{
    /// <summary>The standard output.</summary>
    public static TerminalOutput Out => new(Console.Out, IsDrawable(Console.IsOutputRedirected));

    /// <summary>The standard error.</summary>
    public static TerminalOutput Error => new(Console.Error, IsDrawable(Console.IsErrorRedirected));

    private static bool IsDrawable(bool isRedirected) =>
        !isRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb"
        && Environment.GetEnvironmentVariable("TF_BUILD") is null && Environment.GetEnvironmentVariable("CI") is null;
}
