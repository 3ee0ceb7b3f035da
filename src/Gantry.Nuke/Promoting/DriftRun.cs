using Gantry.AzurePipelines.Boards;
using Gantry.AzurePipelines.Service;
using Gantry.Deployments;
using Gantry.Drift;
using Gantry.Environments;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Registries;
using Gantry.Nuke.Reporting;
using Gantry.Nuke.Signing;
using Gantry.Status;

namespace Gantry.Nuke.Promoting;

/// <summary>Verifies the environments of a build, and reports what it found.</summary>
/// <param name="registries">The registries of the build.</param>
/// <param name="keys">Its keys.</param>
/// <param name="images">The names of its images.</param>
/// <param name="deployers">The deployers, some of which can read their hosts.</param>
internal sealed class DriftRun(
    RegistrySettings registries, SigningKeys keys, IReadOnlyList<string> images, IReadOnlyList<IDeployer> deployers)
{
    /// <summary>The report of this run; null when there is none, because the verification itself failed.</summary>
    public DriftReport? Report { get; set; }

    /// <summary>Reads registries and hosts.</summary>
    public async Task<DriftReport> ReadAsync(CancellationToken cancellationToken)
    {
        var policy = await new Verifications(registries, keys, images).PolicyAsync(cancellationToken);
        var status = await new StatusReader(RegistryAccess.Of(registries).Client, policy, TimeProvider.System)
        {
            ClientOf = environment => RegistryAccess.Of(registries, environment).Client,
        }.ReadAsync(version: null, cancellationToken);
        var hosts = new HostSource(registries, images, deployers);
        return DriftReport.Of(status, await hosts.VerifyAsync(status, cancellationToken));
    }

    /// <summary>Shows a report, and writes it to its file and to the summary of the run.</summary>
    public static async Task WriteAsync(
        DriftReport report, ReportWriter writer, AbsolutePath file, CancellationToken cancellationToken)
    {
        var document = DriftDocument.Of(report);
        file.Parent.CreateDirectory();
        await File.WriteAllTextAsync(file, document.ToJsonString() + "\n", cancellationToken);
        writer.Write(DriftFormatter.Describe(report), document, DriftChecks.Of(report));
        RunReport.Current.WriteDrift(report);
    }

    /// <summary>Ends the run with the exit code of the gravest finding, and throws it.</summary>
    public void ThrowIfNotSettled(DriftReport report)
    {
        if (report.Findings is not [var first, ..])
            return;
        registries.Build.ExitCode = DriftExitCodes.Of(report);
        throw report.Findings.Count == 1 ? first.Error : PromoteErrors.SeveralProblems(first.Error, report.Findings.Count - 1);
    }

    /// <summary>Reports the state to where the build class says.</summary>
    /// <param name="declared">The place that the build class declares; null for none.</param>
    /// <param name="repository">The address of the repository; null when it is not known.</param>
    /// <param name="open">Opens the service with the work items.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task AlertAsync(
        DriftAlert? declared, string? repository, Func<AzureDevOpsClient> open, CancellationToken cancellationToken)
    {
        var channels = (EnvironmentDeclarations.Of(registries.Build) ?? EnvironmentSet.Create([]))
            .Where(environment => environment.Notifications.Count > 0)
            .ToList();
        if (declared is null && channels.Count == 0)
            throw PromoteErrors.NoDriftAlert(registries.Build.GetType().Name);
        declared?.EnsureValid();
        if (Report is not { State: not DriftState.Unknown } report)
        {
            BuildOutput.Information("Nothing is reported: it is not known whether something has drifted");
            return;
        }

        await NotifyAsync(channels, report, cancellationToken);
        if (declared is not { } alert)
            return;
        var marker = DriftAlert.MarkerOf(repository ?? registries.Base.ToString()!);
        BuildOutput.Information(alert switch
        {
            WorkItemAlert item => await ReportAsync(open, item, report, marker, cancellationToken),
            WebhookAlert webhook => await SendAsync(webhook, report, marker, cancellationToken),
            _ => throw PromoteErrors.NoDriftAlert(registries.Build.GetType().Name),
        });
    }

    private static async Task NotifyAsync(
        IEnumerable<PromotionEnvironment> environments, DriftReport report, CancellationToken cancellationToken)
    {
        using var notifier = BuiltInDeployers.Notifier();
        foreach (var environment in environments)
        {
            if (DriftMessages.Find(report, environment, BuildRun.UrlOf(EnvironmentInfo.Variables)) is { } message)
                await notifier.SendAsync(
                    environment, NotificationEvents.Drifted, message, RunReport.Current.Warn, cancellationToken);
        }
    }

    private static async Task<string> ReportAsync(
        Func<AzureDevOpsClient> open, WorkItemAlert alert, DriftReport report, string marker, CancellationToken cancellationToken)
    {
        using var client = open();
        var done = await new DriftWorkItems(client).ReportAsync(
            alert, report, marker, BuildRun.UrlOf(EnvironmentInfo.Variables), cancellationToken);
        return done switch
        {
            { Id: null } => "There is no drift, and no work item about it",
            { Change: WorkItemChange.None } => $"The work item {done.Id} says the same already: {done.Url}",
            _ => $"{done.Change} the work item {done.Id}: {done.Url}",
        };
    }

    private static async Task<string> SendAsync(
        WebhookAlert alert, DriftReport report, string marker, CancellationToken cancellationToken)
    {
        using var webhook = new DriftWebhook(TimeProvider.System, BuiltInDeployers.Variable) { Log = VerboseLog.Write };
        return await webhook.SendAsync(alert, report, marker, BuildRun.UrlOf(EnvironmentInfo.Variables), cancellationToken)
            ?? "Nothing is reported";
    }
}
