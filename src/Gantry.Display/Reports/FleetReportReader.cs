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
    /// <summary>The name of what is promoted; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>The client for each environment, when one has an identity of its own; the one of this reader by default.</summary>
    public Func<PromotionEnvironment, IRegistryClient>? ClientOf { get; init; }

    /// <summary>Finds the subjects of commits; null when there is no clone.</summary>
    public ICommitSubjects? Subjects { get; init; }

    /// <summary>The history of the sources; null when there is no clone, so that differences have no commits.</summary>
    public ICommitLog? Commits { get; init; }

    /// <summary>What else is read: hosts, holds, base images.</summary>
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
            Sources = Sources,
        }.ReadAsync(version: null, cancellationToken);
        var report = new FleetReport
        {
            Name = Name,
            Status = status,
            PolicyFiles = PolicyFiles,
        };
        return await new ReportDifferences(repositories, policy, time, Commits).AddToAsync(report, cancellationToken);
    }
}
