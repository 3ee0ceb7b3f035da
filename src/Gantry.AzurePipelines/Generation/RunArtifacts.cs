using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Generation;

/// <summary>
/// The artifacts of a run. The service never replaces an artifact, so the name of each ends with the attempt of the stage that publishes
/// it: a stage can then be run again. Later stages read the attempt from an output of the job.
/// </summary>
internal static class RunArtifacts
{
    /// <summary>The images as the build stage made and tested them.</summary>
    public const string Built = "built";

    /// <summary>The images in the folder that replaces the base registry.</summary>
    public const string Images = "images";

    /// <summary>The record of the release.</summary>
    public const string Release = "release";

    /// <summary>The step that reports the attempt.</summary>
    private const string AttemptStep = "attempt";

    private const string AttemptOutput = "number";
    private const string Attempt = "$(System.StageAttempt)";

    /// <summary>Returns the name of an artifact that this attempt publishes.</summary>
    public static string OfThisAttempt(string artifact) => $"{artifact}-{Attempt}";

    /// <summary>Returns the name of an artifact of the attempt that a variable has.</summary>
    public static string OfAttemptIn(string variable, string artifact) => $"{artifact}-$({variable})";

    /// <summary>Returns the pattern of the files of an artifact, whatever its attempt.</summary>
    public static string OfAnyAttempt(string artifact, string file) => $"{artifact}-*/{file}";

    /// <summary>Creates the step that reports the attempt to later stages.</summary>
    public static Step ReportAttempt(BuildCommands commands) =>
        new ScriptStep(commands.Shell, $"echo \"##vso[task.setvariable variable={AttemptOutput};isOutput=true]{Attempt}\"")
        {
            Name = AttemptStep,
            DisplayName = "Name the artifacts after the attempt",
        };

    /// <summary>Creates a variable of a job with the attempt that a job of a stage before it reported.</summary>
    public static KeyValuePair<string, string> ReadAttempt(string variable, string stage, string job) =>
        new(variable, Output(stage, job, $"{AttemptStep}.{AttemptOutput}"));

    /// <summary>Reads an output of a job of a stage before: the value of a variable of a job.</summary>
    public static string Output(string stage, string job, string output) => $"$[ stageDependencies.{stage}.{job}.outputs['{output}'] ]";
}
