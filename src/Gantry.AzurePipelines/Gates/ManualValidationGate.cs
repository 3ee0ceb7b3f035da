namespace Gantry.AzurePipelines.Gates;

/// <summary>
/// Makes the pipeline wait for a person before the deployment job. In Azure Pipelines: an agentless job with <c>ManualValidation@1</c>,
/// which needs no administration of the environment.
/// </summary>
/// <param name="Instructions">The instructions that the person reads.</param>
/// <param name="Notify">The users or groups that get an e-mail; empty notifies no one.</param>
public sealed record ManualValidationGate(string Instructions, IReadOnlyList<string> Notify) : AzureDevOpsGate
{
    /// <summary>The users or groups that may answer; when empty, every user who may queue the pipeline.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>True when the person who started the run may answer.</summary>
    public bool RequesterMayApprove { get; init; }

    /// <summary>True when the run continues after the timeout; otherwise it ends.</summary>
    public bool ResumeOnTimeout { get; init; }

    /// <inheritdoc/>
    public override string Description =>
        Approvers.Count == 0 ? "manual validation" : $"manual validation by {string.Join(", ", Approvers)}";

    /// <inheritdoc/>
    protected override string? Validate()
    {
        if (string.IsNullOrWhiteSpace(Instructions))
            return "it has no instructions";
        return Notify.Concat(Approvers).FirstOrDefault(name => name.Contains(',', StringComparison.Ordinal)) is { } name
            ? $"the name '{name}' has a comma, which separates names for the service"
            : null;
    }
}
