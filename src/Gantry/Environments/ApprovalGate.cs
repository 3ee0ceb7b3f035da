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

    private protected override TimeSpan DefaultTimeout => MaximumTimeout;

    private protected override string? Validate() =>
        Approvers.Count == 0 || Approvers.Any(string.IsNullOrWhiteSpace) ? "an approver has no name"
        : Minimum < 1 ? $"it asks for {Minimum} approvals"
        : null;
}

/// <summary>
/// Makes the pipeline wait for a person before the deployment job. In Azure Pipelines: an agentless job with <c>ManualValidation@1</c>,
/// which needs no administration of the environment.
/// </summary>
/// <param name="Instructions">The instructions that the person reads.</param>
/// <param name="Notify">The users or groups that get an e-mail; empty notifies no one.</param>
public sealed record ManualValidationGate(string Instructions, IReadOnlyList<string> Notify) : Gate
{
    /// <summary>The users or groups that may answer; when empty, every user who may queue the pipeline.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>True when the person who started the run may answer.</summary>
    public bool RequesterMayApprove { get; init; }

    /// <summary>True when the run continues after the timeout; otherwise it ends.</summary>
    public bool ResumeOnTimeout { get; init; }

    /// <inheritdoc/>
    public override string Description => Approvers.Count == 0 ? "manual validation" : $"manual validation by {string.Join(", ", Approvers)}";

    private protected override string? Validate() => string.IsNullOrWhiteSpace(Instructions) ? "it has no instructions" : null;
}
