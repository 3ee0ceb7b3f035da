using Gantry.Environments;

namespace Gantry.Promotion;

/// <summary>A gate in a plan, with its verdict as far as it is known.</summary>
/// <param name="Gate">The gate.</param>
public sealed record PlannedGate(Gate Gate)
{
    /// <summary>The verdict; null until the gate is evaluated or approved.</summary>
    public GateVerdict? Verdict { get; init; }

    /// <summary>The details of the evaluation: <c>in test since 2026-01-02 03:04 UTC</c>.</summary>
    public string? Finding { get; init; }

    /// <summary>The reason why a person approved or overrode the gate.</summary>
    public string? Reason { get; init; }

    /// <summary>The approvals that the service has recorded for the gate; empty when none are known.</summary>
    public IReadOnlyList<RecordedApproval> Approvals { get; init; } = [];

    /// <summary>True when an evaluation found that the gate does not hold. Only a person with a reason lets the release pass.</summary>
    public bool DoesNotHold { get; init; }

    internal bool IsOpen => Verdict is null;

    /// <summary>True when a service that runs the promotion may answer for the gate.</summary>
    internal bool IsDelegable => IsOpen && !DoesNotHold && !Gate.IsEvaluatedByPromotion;

    /// <summary>What a person replaces who lets the release pass.</summary>
    internal string Replaced => Gate is ApprovalGate approval ? Describe(approval) : $"the gate '{Gate.Description}'";

    /// <summary>Returns the gate with what is known of it, as one sentence without a full stop.</summary>
    internal string Describe() => Finding is null ? Gate.Description : $"{Gate.Description}: {Finding}";

    /// <summary>Returns the gate with the answer that a person or a service gave when the same release was promoted before.</summary>
    internal PlannedGate AnsweredAs(IEnumerable<RecordedGate> before) =>
        before.FirstOrDefault(gate => gate.Gate == Gate.Description) is { Verdict: GateVerdict.Approved or GateVerdict.Service } answer
            ? this with
            {
                Verdict = answer.Verdict,
                Finding = answer.Finding,
                Reason = answer.Reason,
                Approvals = answer.Approvals ?? [],
            }
            : this;

    internal RecordedGate ToRecord() => new()
    {
        Gate = Gate.Description,
        Verdict = Verdict ?? throw new InvalidOperationException($"There is no verdict for the gate '{Gate.Description}'."),
        Finding = Finding,
        Reason = Reason,
        Approvals = Approvals.Count == 0 ? null : Approvals,
    };

    /// <summary>Returns the gate with the approvals of the service; the gate itself when the service was not asked to approve.</summary>
    internal PlannedGate With(ServiceApprovals approvals) => this is { Verdict: GateVerdict.Service, Gate: ApprovalGate, Approvals: [] }
        ? this with
        {
            Approvals = approvals.Given,
            Finding = approvals.Problem is { } problem ? $"{Finding}; {problem}" : Finding,
        }
        : this;

    private static string Describe(ApprovalGate gate)
    {
        var approvers = string.Join(gate.Minimum == gate.Approvers.Count ? " and " : " or ", gate.Approvers);
        return gate.Minimum == 1 ? $"an approval of {approvers}" : $"{Format.Count(gate.Minimum, "approval")} of {approvers}";
    }
}
