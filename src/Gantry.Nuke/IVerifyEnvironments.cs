using Gantry.Drift;
using Gantry.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Promoting;

namespace Gantry.Nuke;

/// <summary>Verifies that registries and hosts are as they were promoted, and reports it where they are not.</summary>
public interface IVerifyEnvironments : IPromote, IHazAzureDevOps
{
    /// <summary>
    /// The place that drift is reported to: <c>DriftAlert.WorkItem("Bug")</c>, <c>DriftAlert.Webhook("$(DRIFT_WEBHOOK)")</c>; null when it
    /// is only shown.
    /// </summary>
    DriftAlert? DriftAlert => null;

    /// <summary>The file for the report as JSON.</summary>
    AbsolutePath DriftFile => ArtifactsDirectory / "drift.json";

    /// <summary>Compares registries with attestations, and hosts with what was promoted.</summary>
    Target VerifyEnvironments => _ => _
        .Description("Verifies that registries and hosts are as they were promoted, and writes artifacts/drift.json")
        .Produces(DriftFile)
        .Uses(new(nameof(Format), nameof(Output)) { Registries = true })
        .ExecutesAsync(this, async cancellationToken =>
        {
            DriftFile.DeleteFile();
            Drift.Report = await Drift.ReadAsync(cancellationToken);
            await DriftRun.WriteAsync(Drift.Report, CheckWriter, DriftFile, cancellationToken);
            Drift.ThrowIfNotSettled(Drift.Report);
        });

    /// <summary>Reports what <see cref="VerifyEnvironments"/> has found. A failure of that target does not keep it from running.</summary>
    Target ReportDrift => _ => _
        .Description("Reports drift as DriftAlert declares: opens, updates or closes the work item, or calls the webhook")
        .DependsOn(VerifyEnvironments)
        .AssuredAfterFailure()
        .Uses(new(nameof(AzureDevopsOrganization), nameof(AzureDevopsProject), nameof(AzureDevopsToken)) { WritesAlways = true })
        .ExecutesAsync(this, cancellationToken => Drift.AlertAsync(DriftAlert, RepositoryUrl, OpenAzureDevOps, cancellationToken));

    private DriftRun Drift => this.Once(() => new DriftRun(
        RegistrySettings,
        Keys,
        ImageNames,
        DeployerSettings(BuiltInDeployers.Of(this))));
}
