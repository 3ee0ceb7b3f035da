namespace Gantry.Nuke.Execution;

/// <summary>The log of requests, retries, tokens and blobs, with <c>--verbosity verbose</c>.</summary>
internal static class VerboseLog
{
    /// <summary>Receives one line; null when the build is less verbose, so that no line is formatted for nothing.</summary>
    public static Action<string>? Write => NukeBuild.Verbosity == Verbosity.Verbose ? WriteLine : null;

    /// <summary>Writes the technical causes of an error.</summary>
    public static void WriteCauses(Exception error)
    {
        if (Write is not { } write)
            return;
        foreach (var cause in Format.Causes(error))
            write(cause);
    }

    private static void WriteLine(string line) => BuildOutput.Verbose(line);
}
