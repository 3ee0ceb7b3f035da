using Gantry.Differences;
using Gantry.Environments;
using Gantry.Registries;
using Gantry.Status;
using Gantry.Verification;

namespace Gantry.Display.Reports;

/// <summary>
/// Reads everything that the page shows from the registries, and the commits from a clone. What cannot be read is on the page as such, or
/// not on it; it is no error.
/// </summary>
/// <param name="repositories">
/// The client that opens registries. With one that caches contents (<see cref="CachedRegistryClient"/>), each manifest and record is read
/// once, also by later runs.
/// </param>
/// <param name="policy">The environments, their registries and keys, and the images.</param>
/// <param name="time">The clock.</param>
public sealed class FleetReportReader(IRegistryClient repositories, VerificationPolicy policy, TimeProvider time)
{
    private const int RegistriesAtOnce = 8;

    /// <summary>The name of what is promoted; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>The client for each environment, when one has an identity of its own; the one of this reader by default.</summary>
    public Func<PromotionEnvironment, IRegistryClient>? ClientOf { get; init; }

    /// <summary>Finds the subjects of commits; null when there is no clone.</summary>
    public ICommitSubjects? Subjects { get; init; }

    /// <summary>The history of the sources; null when there is no clone, so that differences have no commits.</summary>
    public ICommitLog? Commits { get; init; }

    /// <summary>What is read besides the registries and their holds: hosts, base images.</summary>
    public IReadOnlyList<IStatusSource> Sources { get; init; } = [];

    /// <summary>The files for <c>cosign verify-attestation --policy</c>, by the URI of the place.</summary>
    public IReadOnlyDictionary<string, string> PolicyFiles { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads a report.</summary>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<FleetReport> ReadAsync(CancellationToken cancellationToken)
    {
        var status = await new StatusReader(repositories, policy, time)
        {
            ClientOf = ClientOf,
            Subjects = Subjects,
            Sources = [new HoldSource(repositories, time) { ClientOf = ClientOf }, .. Sources],
        }.ReadAsync(version: null, cancellationToken);
        var report = new FleetReport
        {
            Name = Name,
            Status = status,
            Histories = await ReadHistoriesAsync(status, cancellationToken),
            PolicyFiles = PolicyFiles,
        };
        return await new ReportDifferences(repositories, policy, time, Commits).AddToAsync(report, cancellationToken);
    }

    // Of each registry only what the page has room for.
    private async Task<IReadOnlyList<EnvironmentHistory>> ReadHistoriesAsync(FleetStatus status, CancellationToken cancellationToken)
    {
        var versions = ReportLimits.For(new FleetReport { Status = status }).Events;
        var histories = new EnvironmentHistory[status.Targets.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, histories.Length),
            new ParallelOptions { MaxDegreeOfParallelism = RegistriesAtOnce, CancellationToken = cancellationToken },
            async (at, token) =>
            {
                var target = status.Targets[at];
                var reader = new EnvironmentHistoryReader(ClientOf?.Invoke(target.Environment) ?? repositories, time)
                {
                    MaximumVersions = versions,
                };
                histories[at] = await reader.ReadAsync(target, policy.Images, token);
            });
        return histories;
    }
}
