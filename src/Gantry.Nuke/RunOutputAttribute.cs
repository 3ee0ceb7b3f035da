using Gantry.Nuke.Execution;
using Gantry.Nuke.Reporting;

namespace Gantry.Nuke;

/// <summary>
/// Prints the targets of a run: a line before each, and a table at the end. A refused run ends with its sentence alone, and a run that did
/// not begin with the sentence that says why. With <c>--verbosity quiet</c> only warnings, errors and results are printed.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RunOutputAttribute : BuildExtensionAttributeBase, IOnBuildCreated, IOnBuildInitialized, IOnTargetRunning,
    IOnBuildFinished
{
    // A log has no width. Lines of this length fit on the pages of build servers.
    private const int WidthOfLog = 120;

    private FailureSink? _failures;

    /// <summary>Runs after the values of parameters were injected, and before the first line is printed.</summary>
    public override float Priority { get; set; } = 40;

    private static bool IsQuiet => NukeBuild.Verbosity == Verbosity.Quiet;

    private static bool IsOnServer => AzurePipelinesHost.Instance is not null || GitHubActionsHost.Instance is not null;

    /// <inheritdoc/>
    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        if (!IsQuiet)
            return;

        // The build system leaves warnings out, too.
        Logging.Level = LogLevel.Warning;
        if (Build is NukeBuild build)
            build.NoLogo = true;
    }

    /// <inheritdoc/>
    public void OnBuildInitialized(
        IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan) =>
        _failures = FailureSink.Install(() => IsOnServer);

    /// <inheritdoc/>
    public void OnTargetRunning(ExecutableTarget target)
    {
        if (IsQuiet || IsOnServer)
            return;
        BuildOutput.Out.WriteLine();
        BuildOutput.Out.WriteLine($"--- {target.Name} ---");
    }

    /// <inheritdoc/>
    public void OnBuildFinished()
    {
        var rows = Build.ExecutionPlan.Where(target => target.Status != ExecutionStatus.Collective).Select(RowOf).ToList();
        if (IsQuiet || Refusal.IsNoted(Build) || !rows.Exists(row => row.HasRun))
            return;

        var output = BuildOutput.Out;
        output.WriteLine();
        foreach (var line in TargetTable.Lines(rows, output.Columns ?? WidthOfLog))
            output.WriteLine(line);
        output.WriteLine();
        if (_failures is { Warnings: { Count: > 0 } warnings })
        {
            output.WriteLine($"{Format.Count(warnings.Count, "warning")}:");
            foreach (var warning in warnings)
                output.WriteLine($"  {warning}");
            output.WriteLine();
        }

        output.WriteLine($"Build {Outcome()}.");
    }

    private string Outcome() => Build.IsSucceeding ? "succeeded" : Interruption.ExitCode is null ? "failed" : "interrupted";

    private static TargetRow RowOf(ExecutableTarget target)
    {
        // The error of a failed target is in the log, above.
        var hasFailed = target.Status == ExecutionStatus.Failed;
        var remarks = hasFailed ? [] : target.SummaryInformation.Select(pair => $"{pair.Key}: {pair.Value}");
        var status = hasFailed && Interruption.ExitCode is not null ? "Interrupted" : target.Status.ToString();
        return new(target.Name, status, target.Duration, string.Join(", ", remarks) is { Length: > 0 } remark ? remark : null);
    }
}
