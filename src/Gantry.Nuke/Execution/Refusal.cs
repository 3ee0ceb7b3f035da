namespace Gantry.Nuke.Execution;

/// <summary>A run that a gate or a person has refused. It is no failure of the program, and has an exit code of its own.</summary>
internal static class Refusal
{
    /// <summary>The exit code of a refused run.</summary>
    public const int ExitCode = 9;

    /// <summary>Sets the exit code when the error is a refusal.</summary>
    public static void Note(INukeBuild build, GantryException error)
    {
        if (error.Kind == ErrorKind.HeldByGate)
            build.ExitCode = ExitCode;
    }

    /// <summary>True when the run was refused.</summary>
    public static bool IsNoted(INukeBuild build) => build.ExitCode == ExitCode;
}
