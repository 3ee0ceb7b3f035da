namespace Gantry.AzurePipelines.Gates;

/// <summary>Allows one promotion at a time. In Azure DevOps: the Exclusive Lock check and the stage's <c>lockBehavior</c>.</summary>
/// <param name="Behavior">The handling of promotions that wait.</param>
public sealed record ExclusiveLockGate(LockBehavior Behavior) : AzureDevOpsGate
{
    /// <inheritdoc/>
    public override string Description => Behavior == LockBehavior.Sequential ? "exclusive lock" : "exclusive lock, latest only";

    /// <inheritdoc/>
    protected override TimeSpan DefaultTimeout => MaximumTimeout;

    /// <inheritdoc/>
    protected override string? Validate() => Enum.IsDefined(Behavior) ? null : "its behaviour is not known";
}
