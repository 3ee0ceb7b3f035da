using Gantry.Differences;
using Gantry.Display.Reports;
using Gantry.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Registries;
using Gantry.Nuke.Reporting;
using Gantry.Nuke.Signing;
using Gantry.Oci;
using Gantry.Status;

namespace Gantry.Nuke.Promoting;

/// <summary>Writes the page about all environments, or serves it on this machine.</summary>
/// <param name="registries">The registries of the build.</param>
/// <param name="keys">Its keys.</param>
/// <param name="images">The names of the images.</param>
internal sealed class ReportRun(RegistrySettings registries, SigningKeys keys, IReadOnlyList<string> images)
{
    private const int SecondsOfDay = 86400;

    /// <summary>The folder with the policies for cosign, relative to the root; null when the build generates none.</summary>
    public string? PolicyFolder { get; init; }

    /// <summary>Finds what else the status has: base images that have moved on. Nothing by default.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<IStatusSource>>> FindSourcesAsync { get; init; } =
        _ => Task.FromResult<IReadOnlyList<IStatusSource>>([]);

    private AbsolutePath Root => registries.Build.RootDirectory;

    /// <summary>Writes the page into a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public async Task WriteAsync(AbsolutePath folder, CancellationToken cancellationToken)
    {
        var report = await ReadAsync(cancellationToken);
        var path = await PageOf(report).WriteFileAsync(folder, cancellationToken);
        BuildOutput.Information(StatusSentence.Of(report.Status));
        BuildOutput.Information($"Wrote {path}");
        RunReport.Current.WritePage(report.Status, path);
    }

    /// <summary>Serves the page, and reads again at an interval, until it is cancelled. It returns then: a page has no other end.</summary>
    /// <param name="port">The port; 0 for one that is free.</param>
    /// <param name="seconds">The time between two reads.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the server.</param>
    public async Task WatchAsync(int port, int seconds, TimeProvider time, CancellationToken cancellationToken)
    {
        if (port is < 0 or > ushort.MaxValue)
            throw PromoteErrors.UnusableReportParameter("port", port, "a number up to 65535, or none for a port that is free");
        if (seconds is < 1 or > SecondsOfDay)
            throw PromoteErrors.UnusableReportParameter("interval", seconds, "the seconds between two reads, up to a day");
        var interval = TimeSpan.FromSeconds(seconds);
        using var server = new ReportServer(port, time);
        server.Show(PageOf(await ReadAsync(cancellationToken)));
        BuildOutput.Information(
            $"The page is at {server.Address} and is read again every {Format.Duration(interval)}. Ctrl-C ends it.");
        try
        {
            await Task.WhenAll(server.RunAsync(cancellationToken), ReadAgainAsync(server, interval, time, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            BuildOutput.Information("The page is no longer served");
        }
    }

    private async Task ReadAgainAsync(ReportServer server, TimeSpan interval, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(interval, time, cancellationToken);
            try
            {
                server.Show(PageOf(await ReadAsync(cancellationToken)));
            }
            catch (GantryException error)
            {
                // The page says how old it is. The next read may succeed.
                RunReport.Current.Warn(BuildOutput.Secrets.Apply(error));
            }
        }
    }

    private static ReportPage PageOf(FleetReport report) => new(report) { Secrets = BuildOutput.Secrets };

    private async Task<FleetReport> ReadAsync(CancellationToken cancellationToken)
    {
        var policy = await new Verifications(registries, keys, images).PolicyAsync(cancellationToken);
        return await new FleetReportReader(CachedRegistries.Of(registries), policy, TimeProvider.System)
        {
            Name = Root.Name,
            ClientOf = environment => CachedRegistries.Of(registries, environment),
            Subjects = new GitCommitSubjects(Root),
            Commits = new GitCommitLog(Root),
            Sources = await FindSourcesAsync(cancellationToken),
            PolicyFiles = PolicyFilesOf(policy.Targets),
        }.ReadAsync(cancellationToken);
    }

    private Dictionary<string, string> PolicyFilesOf(IReadOnlyList<PromotionTarget> targets) => PolicyFolder is not { } folder
        ? []
        : (from target in targets
           where target.Address is HostAddress
           from image in images
           let repository = target.Address.Describe(image)
           let file = $"{folder}/{target.Environment.Name}/cosign/{repository.Replace(':', '_')}.rego"
           where (Root / file).FileExists()
           select (Place: target.ResourceUriOf(image), file))
            .DistinctBy(pair => pair.Place)
            .ToDictionary(pair => pair.Place, pair => pair.file);
}
