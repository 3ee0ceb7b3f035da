using Gantry.Differences;
using Gantry.Environments;
using Gantry.Promotion;

namespace Gantry.Status;

/// <summary>Everything that happened in one registry of an environment, the latest first.</summary>
public sealed record EnvironmentHistory
{
    /// <summary>The registry.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>What happened, the latest first.</summary>
    public required IReadOnlyList<HistoryEvent> Events { get; init; }

    /// <summary>What could not be read.</summary>
    public IReadOnlyList<GantryException> Problems { get; init; } = [];
}

/// <summary>One thing that happened in an environment.</summary>
public sealed record HistoryEvent
{
    /// <summary>The kind.</summary>
    public required HistoryEventKind Kind { get; init; }

    /// <summary>The time, to the second.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The version of the release that came, or that is held; null for a freeze of whatever is there.</summary>
    public string? Version { get; init; }

    /// <summary>The version that was there before; null for the first one.</summary>
    public string? Before { get; init; }

    /// <summary>The person or run.</summary>
    public required string By { get; init; }

    /// <summary>The reason, where one was given.</summary>
    public string? Reason { get; init; }

    /// <summary>The promotion; null for holds.</summary>
    public PromotionRecord? Promotion { get; init; }

    /// <summary>What changed from the release before; null when it was not asked for, or is not known.</summary>
    public ReleaseDifference? Difference { get; init; }
}

/// <summary>The kinds of what happens in an environment.</summary>
public enum HistoryEventKind
{
    /// <summary>A promotion the normal way.</summary>
    Promotion,

    /// <summary>A promotion back to an earlier release.</summary>
    Return,

    /// <summary>A return that followed a failed health check in the same run.</summary>
    AutomaticReturn,

    /// <summary>A promotion that a person has let pass a check.</summary>
    Bypass,

    /// <summary>A hold was set.</summary>
    Hold,

    /// <summary>A hold was ended.</summary>
    HoldReleased,
}
