using Gantry.Differences;
using Gantry.Environments;
using Gantry.Releases;
using Gantry.Status;

namespace Gantry.Display.Reports;

/// <summary>Everything that the page about all environments shows, as it was read at one time.</summary>
public sealed record FleetReport
{
    /// <summary>The name of what is promoted, for the head of the page: that of the repository. Null for none.</summary>
    public string? Name { get; init; }

    /// <summary>What runs where.</summary>
    public required FleetStatus Status { get; init; }

    /// <summary>What happened in each registry. A registry without a history shows none.</summary>
    public IReadOnlyList<EnvironmentHistory> Histories { get; init; } = [];

    /// <summary>What the next promotion would bring to environments that are behind.</summary>
    public IReadOnlyList<PendingChange> Pending { get; init; } = [];

    /// <summary>The records of releases in the base registry: the beginning of their way.</summary>
    public IReadOnlyList<Release> Releases { get; init; } = [];

    /// <summary>
    /// The files with which <c>cosign verify-attestation --policy</c> compares the place, by the URI of the place
    /// (<see cref="PromotionTarget.ResourceUriOf"/>). Without one, the command compares the key and the type only, and the page says so.
    /// </summary>
    public IReadOnlyDictionary<string, string> PolicyFiles { get; init; } = new Dictionary<string, string>();
}

/// <summary>What would change at a target if it got the release of the previous environment.</summary>
/// <param name="Target">The target.</param>
/// <param name="Difference">What differs, from the release that is there to the one that would come.</param>
public sealed record PendingChange(PromotionTarget Target, ReleaseDifference Difference);
