using Gantry.AzurePipelines.Reporting;
using Gantry.Promotion;
using Gantry.Releases;
using Serilog;

namespace Gantry.Nuke.Reporting;

/// <summary>
/// Tells Azure Pipelines what it should know of a run, by logging commands and summaries; anywhere else it says nothing that people have
/// not read already. Groups, and an issue for every warning and error that is logged, are NUKE's own.
/// </summary>
/// <param name="output">Where commands go: the standard output of the step.</param>
/// <param name="isAzurePipelines">Whether an agent reads them.</param>
/// <param name="folder">Where summaries are kept until the step has ended.</param>
internal sealed class RunReport(TextWriter output, bool isAzurePipelines, string folder)
{
    /// <summary>The report of this run.</summary>
    public static RunReport Current => new(Console.Out, AzurePipelinesHost.Instance is not null, NukeBuild.TemporaryDirectory / "summaries");

    /// <summary>A release was published or found: its version is the number of the run, its digests are tags and outputs.</summary>
    public void WriteRelease(Release release)
    {
        foreach (var command in ReleaseCommands.Of(release))
            Send(command);
        Summarize("Release", RunSummary.Of(release));
    }

    /// <summary>A promotion is over, whatever became of it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="outcome">What became of it; null when nothing moved.</param>
    public void WritePromotion(PromotionPlan plan, PromotionOutcome? outcome)
    {
        var regions = plan.Request.Regions.Count == plan.Request.Environment.Regions.Count ? [] : plan.Request.Regions;
        Summarize(string.Join('-', regions.Prepend("Promote" + plan.Request.Environment.Identifier)), RunSummary.Of(plan, outcome));
    }

    /// <summary>What is where was shown.</summary>
    public void WriteEnvironments(IReadOnlyList<EnvironmentStatus> environments, DateTimeOffset now) => Summarize("Environments", RunSummary.Of(environments, now));

    /// <summary>How far a long copy is.</summary>
    public void WriteProgress(string line, int percent) => Send(LoggingCommand.Progress(percent, line));

    /// <summary>A target failed. NUKE says which one, this says why.</summary>
    public void Fail(GantryException error) => Send(LoggingCommand.Error(LoggingCommand.Harmless(error.Message), error.Code));

    /// <summary>Something that people should know, with its code.</summary>
    public void Warn(GantryException warning)
    {
        // A warning in the log would become an issue too, and without the code.
        if (isAzurePipelines)
            Send(LoggingCommand.Warning(LoggingCommand.Harmless(warning.Message), warning.Code));
        else
            Log.Warning("{Message:l}", warning.Message);
    }

    private void Summarize(string name, string markdown)
    {
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
