using Gantry.Environments;
using Gantry.Holds;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;

namespace Gantry.Status;

/// <summary>
/// Reads the holds of an environment that concern an image: those that name a release of it, those that were set or ended while it was the
/// current one, and the ends of both.
/// </summary>
/// <param name="client">The client that opens the registry.</param>
/// <param name="target">The registry of the environment.</param>
/// <param name="image">The name of the image.</param>
/// <param name="time">The clock.</param>
internal sealed class HoldAuditor(IRegistryClient client, PromotionTarget target, string image, TimeProvider time)
{
    /// <summary>
    /// Reads the holds. Where there is none, that is one list of referrers; otherwise the promotions of all releases are listed, which say
    /// when the image was there.
    /// </summary>
    /// <param name="versions">The versions of the releases that have the image.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<(IReadOnlyList<AuditEntry> Entries, IReadOnlyList<AuditProblem> Problems)> ReadAsync(
        IReadOnlySet<string> versions, CancellationToken cancellationToken)
    {
        try
        {
            var (holds, _) = await new HoldReader(client, time).FindAsync(target, [image], cancellationToken);
            if (holds.Count == 0 || versions.Count == 0)
                return ([], []);
            var history = await new EnvironmentReader(client, time).ReadHistoryAsync(
                target, [image], RecordScope.Of(target, time.GetUtcNow()), wanted: null, cancellationToken);
            return (
                Select(holds, versions, history),
                [.. history.Problems.Select(problem => new AuditProblem(target.DisplayName, problem))]);
        }
        catch (GantryException problem)
        {
            return ([], [new AuditProblem(target.DisplayName, problem)]);
        }
    }

    private List<AuditEntry> Select(IReadOnlyList<FoundHold> holds, IReadOnlySet<string> versions, PromotionHistory history)
    {
        var entries = new List<AuditEntry>();
        var isOpen = false;
        foreach (var hold in holds.Reverse())
        {
            var statement = hold.Statement;
            var current = history.Promotions.FirstOrDefault(promotion => promotion.Promoted <= statement.Time)?.Version;
            var concerns = ((string?[])[statement.Version, current]).OfType<string>().Any(versions.Contains) || (isOpen && !statement.Held);
            if (concerns)
                entries.Add(Describe(hold));
            isOpen = statement.Held && concerns;
        }

        return entries;
    }

    private AuditEntry Describe(FoundHold hold) => new()
    {
        Kind = hold.Statement.Held ? AuditKind.Hold : AuditKind.HoldReleased,
        Time = hold.Statement.Time,
        Place = target.DisplayName,
        Text = TextOf(hold.Statement),
        Version = hold.Statement.Version,
        By = hold.Statement.By,
        State = hold.Key is null ? AuditState.Unsigned : AuditState.Verified,
        Key = hold.Key?.Name,
        Document = hold.Document,
    };

    private string TextOf(HoldStatement statement)
    {
        var what = statement switch
        {
            { Held: true, Version: { } version } => $"{target.DisplayName} held at {version}",
            { Held: true } => $"{target.DisplayName} held",
            { Version: { } version } => $"the hold of {target.DisplayName} ended by the promotion of {version}",
            _ => $"the hold of {target.DisplayName} ended",
        };
        return $"{what}, because: {statement.Reason}";
    }
}
