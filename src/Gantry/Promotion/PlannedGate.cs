using Gantry.Environments;

namespace Gantry.Promotion;

/// <summary>A gate in a plan: whether it holds, as far as that is known.</summary>
/// <param name="Gate">The gate.</param>
public sealed record PlannedGate(Gate Gate)
{
    /// <summary>How it came to hold; null as long as nobody has answered for it.</summary>
    public GateVerdict? Verdict { get; init; }

    /// <summary>What was found out about it: <c>in test since 2026-01-02 03:04 UTC</c>.</summary>
    public string? Finding { get; init; }

    /// <summary>Why a person answered for it or went past it.</summary>
    public string? Reason { get; init; }

    internal RecordedGate ToRecord() => new()
    {
        Gate = Gate.Description,
        Verdict = Verdict ?? throw new InvalidOperationException($"Nobody has answered for the gate '{Gate.Description}'."),
        Finding = Finding,
        Reason = Reason,
    };
}
