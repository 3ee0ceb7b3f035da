using Gantry.Display;
using Serilog;

namespace Gantry.Nuke.Execution;

/// <summary>
/// The output of a build: everything that these components log, print and ask. What others wrote in a line cannot act, and the credentials
/// that this process sent are masked.
/// </summary>
/// <remarks>The log and the console belong to the process, so this class is static. A test finds any other way to write to them.</remarks>
internal static class BuildOutput
{
    /// <summary>The credentials that were sent: the sessions of the build add theirs.</summary>
    public static SecretMask Secrets { get; } = new();

    /// <summary>The standard output.</summary>
    public static TerminalOutput Out => TerminalOutput.Out.Masking(Secrets);

    /// <summary>The standard error.</summary>
    public static TerminalOutput Error => TerminalOutput.Error.Masking(Secrets);

    /// <summary>The standard output for commands to the agent of a pipeline, which escape their values themselves.</summary>
    public static TextWriter Commands => Console.Out;

    /// <summary>Logs what happens.</summary>
    public static void Information(DisplayText line) => Log.Information("{Line:l}", line.ToString(Secrets));

    /// <summary>Logs a warning; NUKE repeats it at the end.</summary>
    public static void Warning(DisplayText line) => Log.Warning("{Line:l}", line.ToString(Secrets));

    /// <summary>Logs a detail, for <c>--verbosity verbose</c>.</summary>
    public static void Verbose(DisplayText line) => Log.Verbose("{Line:l}", line.ToString(Secrets));
}
