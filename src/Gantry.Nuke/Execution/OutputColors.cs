namespace Gantry.Nuke.Execution;

/// <summary>
/// Limits colours to terminals. The build system decides by the name of the terminal, and would also colour output to a file or another
/// program.
/// </summary>
internal static class OutputColors
{
    /// <summary>
    /// Turns colours off when the output is redirected, and with <c>NO_COLOR</c>. Call it before the build system logs its first line,
    /// because it chooses its theme then. The themes of build servers are not affected.
    /// </summary>
    /// <seealso href="https://no-color.org/">NO_COLOR</seealso>
    public static void Adapt()
    {
        if (Console.IsOutputRedirected)
            Environment.SetEnvironmentVariable("TERM", "dumb");

        // A terminal that draws, and has no colours.
        else if (Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } && Environment.GetEnvironmentVariable("TERM") != "dumb")
            Environment.SetEnvironmentVariable("TERM", "vt100");
    }
}
