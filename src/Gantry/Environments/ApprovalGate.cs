namespace Gantry.Environments;

/// <summary>People have to approve. In Azure DevOps: the Approval check of the environment.</summary>
/// <param name="Approvers">Users or groups: <c>user@contoso.com</c>, <c>[Contoso]\Release</c>.</param>
public sealed record ApprovalGate(IReadOnlyList<string> Approvers) : Gate
{
    /// <summary>How many of the approvers have to approve. Azure DevOps counts a group as one, however many people are in it.</summary>
    public int Minimum { get; init; } = 1;

    /// <summary>Whether who started the promotion may approve it.</summary>
    public bool RequesterMayApprove { get; init; }

    /// <summary>Whether the approvers are asked one after the other, in their order.</summary>
    public bool InSequence { get; init; }

    /// <summary>What approvers read.</summary>
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
/// The pipeline itself waits for a person, before the deployment job. In Azure Pipelines: an agentless job with
/// <c>ManualValidation@1</c>, which nobody has to administer.
/// </summary>
/// <param name="Instructions">What the person reads.</param>
/// <param name="Notify">Users or groups that get an e-mail; none: nobody is told.</param>
public sealed record ManualValidationGate(string Instructions, IReadOnlyList<string> Notify) : Gate
{
    /// <summary>Users or groups that may answer; none: everybody who may queue the pipeline.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>Whether who started the run may answer.</summary>
    public bool RequesterMayApprove { get; init; }

    /// <summary>Whether the run goes on when nobody answered in time; otherwise it ends.</summary>
    public bool ResumeOnTimeout { get; init; }

    /// <inheritdoc/>
    public override string Description => Approvers.Count == 0 ? "manual validation" : $"manual validation by {string.Join(", ", Approvers)}";

    private protected override string? Validate() => string.IsNullOrWhiteSpace(Instructions) ? "it has no instructions" : null;
}
