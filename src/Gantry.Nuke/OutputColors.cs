namespace Gantry.Nuke;

/// <summary>
/// Colours for terminals only. The build system goes by the name of the terminal, and would also colour what goes to a file or a program.
/// </summary>
internal static class OutputColors
{
    /// <summary>
    /// Turns colours off where the output is redirected. Call it before the build system is used, which chooses its theme with the first
    /// line that it logs. The theme of a build server is another one, and is not affected.
    /// </summary>
    public static void Adapt()
    {
        if (Console.IsOutputRedirected)
            Environment.SetEnvironmentVariable("TERM", "dumb");
    }
}
