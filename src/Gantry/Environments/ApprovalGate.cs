namespace Gantry.Environments;

/// <summary>Requires the approval of people. In Azure DevOps: the Approval check of the environment.</summary>
/// <param name="Approvers">Users or groups: <c>user@contoso.com</c>, <c>[Contoso]\Release</c>.</param>
public sealed record ApprovalGate(IReadOnlyList<string> Approvers) : Gate
{
    /// <summary>The number of approvers who have to approve. Azure DevOps counts a group as one, however many members approve.</summary>
    public int Minimum { get; init; } = 1;

    /// <summary>True when the person who started the promotion may approve it.</summary>
    public bool RequesterMayApprove { get; init; }

    /// <summary>True when the approvers are asked one after the other, in their order.</summary>
    public bool InSequence { get; init; }

    /// <summary>The instructions that approvers read.</summary>
    public string? Instructions { get; init; }

    /// <inheritdoc/>
    public override string Description => $"approval by {string.Join(", ", Approvers)}{(Minimum > 1 ? $" ({Minimum})" : "")}";

    /// <inheritdoc/>
    public override bool IsEvaluatedByPromotion => false;

    /// <inheritdoc/>
    protected override TimeSpan DefaultTimeout => MaximumTimeout;

    /// <inheritdoc/>
    protected override string? Validate() =>
        Approvers.Count == 0 || Approvers.Any(string.IsNullOrWhiteSpace) ? "an approver has no name"
        : Minimum < 1 ? $"it asks for {Format.Count(Minimum, "approval")}"
        : null;
}
