using Gantry.AzurePipelines.Reporting;
using Gantry.Drift;
using Gantry.Formatting;
using Gantry.GitHubActions.Reporting;
using Gantry.Nuke.Execution;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Status;

namespace Gantry.Nuke.Reporting;

/// <summary>
/// Reports a run to Azure Pipelines with logging commands and summaries, and to GitHub Actions with annotations, outputs and summaries;
/// elsewhere it adds nothing to what the log already shows. Groups, and issues for logged warnings and errors, come from NUKE itself.
/// </summary>
/// <param name="output">Receives the commands: the standard output of the step.</param>
/// <param name="isAzurePipelines">True when an agent reads the commands.</param>
/// <param name="folder">The folder in which summaries are kept until the step has ended.</param>
/// <param name="runner">The files of the runner of GitHub Actions that reads the report; null for none.</param>
internal sealed class RunReport(TextWriter output, bool isAzurePipelines, string folder, RunnerFiles? runner = null)
{
    /// <summary>Creates the report of this run.</summary>
    public static RunReport Current => new(
        BuildOutput.Commands,
        AzurePipelinesHost.Instance is not null,
        NukeBuild.TemporaryDirectory / "summaries",
        GitHubActionsHost.Instance is null ? null : new RunnerFiles(EnvironmentInfo.Variables));

    /// <summary>
    /// Reports a published or found release: its version becomes the number of the run, its digests become tags and output variables.
    /// </summary>
    /// <param name="release">The release.</param>
    /// <param name="attempt">The attempt of the build that recorded it; null when the release was found elsewhere.</param>
    public void WriteRelease(Release release, int? attempt = null)
    {
        foreach (var command in ReleaseCommands.Of(release, attempt))
            Send(command);
        runner?.AppendOutputs(ReleaseCommands.OutputsOf(release));
        Summarize("Release", RunSummary.Of(release));
    }

    /// <summary>Reports a promotion that has ended, successful or not.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="outcome">The outcome; null when nothing changed.</param>
    public void WritePromotion(PromotionPlan plan, PromotionOutcome? outcome)
    {
        var targets = plan.Request.Targets;
        var regions = targets.Count == plan.Request.Environment.Regions.Count
            ? []
            : targets.Select(target => target.Region).OfType<string>();
        var verb = plan.Request switch
        {
            { Returns: true } => "Rollback",
            { Slice: not null } => "Place",
            _ => "Promote",
        };
        Summarize(string.Join('-', regions.Prepend(verb + plan.Request.Environment.Identifier)), RunSummary.Of(plan, outcome));
    }

    /// <summary>Reports the status of all environments.</summary>
    public void WriteEnvironments(FleetStatus status) => Summarize("Environments", RunSummary.Of(status));

    /// <summary>
    /// Reports the page about all environments: the file becomes an artifact of the run, and its sentence and matrix are in the summary.
    /// </summary>
    /// <param name="status">The status that the page shows.</param>
    /// <param name="file">The full path of the page.</param>
    public void WritePage(FleetStatus status, string file)
    {
        Summarize("Report", PageSummary.Of(status));

        // The service never replaces an artifact: each attempt of each stage has its own.
        var variables = EnvironmentInfo.Variables;
        var stage = variables.GetValueOrDefault("SYSTEM_STAGENAME") is { Length: > 0 } name && name != "__default" ? $"-{name}" : "";
        var attempt = variables.GetValueOrDefault("SYSTEM_STAGEATTEMPT") is { Length: > 0 } number ? $"-{number}" : "";
        Send(LoggingCommand.UploadArtifact($"report{stage}{attempt}", file));
    }

    /// <summary>Reports what a target has read.</summary>
    public void Write(TextReport report) => Summarize(report.Title.Replace(' ', '-'), ReportMarkdown.Write(report));

    /// <summary>Reports what has drifted.</summary>
    public void WriteDrift(DriftReport report) => Summarize("Drift", RunSummary.Of(report));

    /// <summary>Reports the progress of a copy.</summary>
    public void WriteProgress(string line, int percent) => Send(LoggingCommand.Progress(percent, line));

    /// <summary>Reports the error of a failed target. NUKE only reports which target failed.</summary>
    public void Fail(GantryException error)
    {
        var message = BuildOutput.Secrets.Apply(error.Message);
        Send(LoggingCommand.Error(message, error.Code));
        if (runner is not null)
            output.WriteLine(WorkflowCommand.Error(message, error.Code));
    }

    /// <summary>Reports a warning with its code.</summary>
    public void Warn(GantryException warning)
    {
        // A logged warning would also become an issue, without the code.
        if (isAzurePipelines)
            Send(LoggingCommand.Warning(BuildOutput.Secrets.Apply(warning.Message), warning.Code));
        else if (runner is not null)
            output.WriteLine(WorkflowCommand.Warning(BuildOutput.Secrets.Apply(warning.Message), warning.Code));
        else
            BuildOutput.Warning(warning.Message);
    }

    private void Summarize(string name, string markdown)
    {
        runner?.AppendSummary(markdown);
        if (!isAzurePipelines)
            return;
        Directory.CreateDirectory(folder);
        var file = Path.GetFullPath(Path.Combine(folder, name + ".md"));
        File.WriteAllText(file, markdown);
        Send(LoggingCommand.UploadSummary(file));
    }

    private void Send(LoggingCommand command)
    {
        if (isAzurePipelines)
            output.WriteLine(command);
    }
}
