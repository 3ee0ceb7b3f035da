using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Nuke.Registries;
using Gantry.Nuke.Reporting;
using Gantry.Nuke.Signing;
using Gantry.Registries;
using Gantry.Status;

namespace Gantry.Nuke.Promoting;

/// <summary>Reads what runs where, for the targets that show it.</summary>
/// <param name="registries">The registries of the build.</param>
/// <param name="keys">Its keys.</param>
/// <param name="images">The names of the images.</param>
internal sealed class EnvironmentOverview(RegistrySettings registries, SigningKeys keys, IReadOnlyList<string> images)
{
    /// <summary>What is read besides the registries and their holds: hosts.</summary>
    public IReadOnlyList<IStatusSource> Sources { get; init; } = [];

    /// <summary>
    /// Reads the registries and shows the status. Throws the first error after that: an environment that could not be read, or that is not
    /// as it was promoted, must not look like success to a script.
    /// </summary>
    /// <param name="version">The version to look for, or null.</param>
    /// <param name="writer">Writes the report.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public async Task ShowAsync(string? version, ReportWriter writer, CancellationToken cancellationToken)
    {
        var status = await ReadAsync(version, cancellationToken);
        writer.Write(StatusFormatter.Describe(status), FleetStatusDocument.Of(status));
        RunReport.Current.WriteEnvironments(status);
        ThrowIfWrong(status);
    }

    /// <summary>Reads what runs where.</summary>
    /// <param name="version">The version to look for, or null.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public async Task<FleetStatus> ReadAsync(string? version, CancellationToken cancellationToken)
    {
        var policy = await new Verifications(registries, keys, images).PolicyAsync(cancellationToken);
        return await new StatusReader(CachedRegistries.Of(registries), policy, TimeProvider.System)
        {
            ClientOf = ClientOf,
            Subjects = new GitCommitSubjects(registries.Build.RootDirectory),
            Sources = [new HoldSource(CachedRegistries.Of(registries), TimeProvider.System) { ClientOf = ClientOf }, .. Sources],
        }.ReadAsync(version, cancellationToken);
    }

    private IRegistryClient ClientOf(PromotionEnvironment environment) => CachedRegistries.Of(registries, environment);

    private static void ThrowIfWrong(FleetStatus status)
    {
        var errors = status.Marks.Select(mark => mark.Error).OfType<GantryException>().ToList();
        if (errors is [var first, ..])
            throw errors.Count == 1 ? first : PromoteErrors.SeveralProblems(first, errors.Count - 1);
    }
}
