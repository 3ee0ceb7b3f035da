namespace Gantry.Nuke.Execution;

/// <summary>
/// Limits colours to terminals. The build system decides by the name of the terminal, and would also colour output to a file or another
/// program.
/// </summary>
internal static class OutputColors
{
    /// <summary>
    /// Turns colours off when the output is redirected. Call it before the build system logs its first line, because it chooses its theme
    /// then. The themes of build servers are not affected.
    /// </summary>
    public static void Adapt()
    {
        if (Console.IsOutputRedirected)
            Environment.SetEnvironmentVariable("TERM", "dumb");
    }
}
