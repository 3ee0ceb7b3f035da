using Gantry.Oci;
using Gantry.Registries.Layout;

namespace Gantry.Pruning;

/// <summary>The result of a deletion.</summary>
public sealed record PruningOutcome
{
    /// <summary>The list that was applied.</summary>
    public required PruningPlan Plan { get; init; }

    /// <summary>The items that were deleted completely.</summary>
    public required IReadOnlyList<PruningItem> Deleted { get; init; }

    /// <summary>The items that were kept in the end, each with the reason.</summary>
    public required IReadOnlyList<(PruningItem Item, string Reason)> Kept { get; init; }

    /// <summary>The registries where deletion is switched off or not allowed, each with the refusal.</summary>
    public required IReadOnlyDictionary<string, GantryException> SwitchedOff { get; init; }

    /// <summary>What was refused for single images, and what could not be written again.</summary>
    public required IReadOnlyList<GantryException> Problems { get; init; }

    /// <summary>The bytes of files that were removed from folders.</summary>
    public long BytesRemoved { get; init; }

    /// <summary>True when everything in the list was deleted, or was kept because it is needed again.</summary>
    public bool Succeeded => SwitchedOff.Count == 0 && Problems.Count == 0;
}

/// <summary>Collects the result of a deletion.</summary>
internal sealed class OutcomeBuilder(PruningPlan plan)
{
    private readonly List<PruningItem> _deleted = [];
    private readonly List<(PruningItem, string)> _kept = [];
    private readonly Dictionary<string, GantryException> _off = new(StringComparer.Ordinal);
    private readonly List<GantryException> _problems = [];
    private readonly HashSet<(string Location, Digest Digest)> _manifests = [];
    private readonly List<PruningItem> _needed = [];
    private long _bytes;

    public bool IsOff(string registry) => _off.ContainsKey(registry);

    public bool IsDeleted(string location, Digest digest) => _manifests.Contains((location, digest));

    public void SwitchOff(string registry, GantryException refused) => _off.TryAdd(registry, refused);

    public void Keep(IEnumerable<PruningItem> items, string reason) => _kept.AddRange(items.Select(item => (item, reason)));

    /// <summary>Notes that an image is kept because it is needed again or locked: those before it keep it, too.</summary>
    public void Need(PruningItem item) => _needed.Add(item);

    /// <summary>Returns where an image of the list is kept because it is needed again or locked; null for nowhere.</summary>
    public string? FindNeed(PruningItem item) =>
        _needed.Find(needed => needed.Image == item.Image && needed.Digest == item.Digest && needed.Location != item.Location)?.Location;

    public void Delete(PruningItem item)
    {
        _deleted.Add(item);
        _manifests.UnionWith(item.Manifests.Select(digest => (item.Location, digest)));
    }

    public void Report(GantryException problem) => _problems.Add(problem);

    public void Collect(UnusedFiles removed) => _bytes += removed.Bytes;

    public PruningOutcome Build() => new()
    {
        Plan = plan,
        Deleted = _deleted,
        Kept = _kept,
        SwitchedOff = _off,
        Problems = _problems,
        BytesRemoved = _bytes,
    };
}
