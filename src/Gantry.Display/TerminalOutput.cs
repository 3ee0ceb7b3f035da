namespace Gantry.Display;

/// <summary>An output, and whether it is a terminal that can draw.</summary>
/// <param name="writer">Receives the text.</param>
/// <param name="isTerminal">True for a terminal with bars, colours and a width.</param>
public sealed class TerminalOutput(TextWriter writer, bool isTerminal)
{
    /// <summary>Receives the text.</summary>
    public TextWriter Writer => writer;

    /// <summary>True for a terminal with bars, colours and a width.</summary>
    public bool IsTerminal => isTerminal;

    /// <summary>The standard output.</summary>
    public static TerminalOutput Out => new(Console.Out, IsDrawable(Console.IsOutputRedirected));

    /// <summary>The standard error.</summary>
    public static TerminalOutput Error => new(Console.Error, IsDrawable(Console.IsErrorRedirected));

    private static bool IsDrawable(bool isRedirected) =>
        !isRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb"
        && Environment.GetEnvironmentVariable("TF_BUILD") is null && Environment.GetEnvironmentVariable("CI") is null;
}
