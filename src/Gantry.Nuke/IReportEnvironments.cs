using Gantry.Environments;
using Gantry.Nuke.Promoting;

namespace Gantry.Nuke;

/// <summary>
/// Writes a page about all environments: what runs where, the way of each release, what happened, what is wrong, and how to verify it. One
/// file that loads nothing.
/// </summary>
public interface IReportEnvironments : IPromote
{
    /// <summary>True to serve the page on this machine, and to read the registries again and again until Ctrl-C.</summary>
    [Parameter("Serves the page on this machine and updates it at an interval, until Ctrl-C")]
    bool Watch => TryGetValue<bool?>(() => Watch) ?? false;

    /// <summary>The port of the page with <see cref="Watch"/>; 0 for one that is free.</summary>
    [Parameter("Port on 127.0.0.1 for the page with --watch. Default is a free port")]
    int ReportPort => TryGetValue<int?>(() => ReportPort) ?? 0;

    /// <summary>The seconds between two reads with <see cref="Watch"/>.</summary>
    [Parameter("Seconds between two reads with --watch. Default is 60")]
    int ReportInterval => TryGetValue<int?>(() => ReportInterval) ?? 60;

    /// <summary>
    /// Writes the page to <c>artifacts/report/index.html</c>. In a pipeline it is an artifact of the run, and its first two parts are in
    /// the summary of the run. Throws <c>GAN4431</c> for a port or an interval that cannot be.
    /// </summary>
    Target Report => _ => _
        .Description("Writes a page about all environments to artifacts/report/index.html; with --watch, serves it on this machine")
        .Uses(new(nameof(Hosts), nameof(Watch), nameof(ReportPort), nameof(ReportInterval)) { Registries = true })
        .ExecutesAsync(this, cancellationToken =>
        {
            var run = new ReportRun(RegistrySettings, Keys, ImageNames)
            {
                PolicyFolder = AdmissionDeclarations.FolderOf(this),
                FindSourcesAsync = async token =>
                    this is IMaintainBaseImages build ? [.. HostSources, await build.FindStatusSourceAsync(token)] : HostSources,
            };
            return Watch
                ? run.WatchAsync(ReportPort, ReportInterval, TimeProvider.System, cancellationToken)
                : run.WriteAsync(ArtifactsDirectory / "report", cancellationToken);
        }, endsBySignal: () => Watch);
}
