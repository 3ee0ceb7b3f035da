using Gantry.Environments;

namespace Gantry.Holds;

/// <summary>The decision that an environment is held, or no longer is.</summary>
public sealed record HoldDecision
{
    /// <summary>The person or run.</summary>
    public required string By { get; init; }

    /// <summary>The address of the run, which the service confirmed; null when there is none.</summary>
    public string? RunUrl { get; init; }

    /// <summary>The reason: <c>1.4.2 loses orders</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>What has caused it; a person by default.</summary>
    public HoldCause Cause { get; init; }

    /// <summary>The version that stays, or whose promotion ends the hold; null for whatever is there.</summary>
    public string? Version { get; init; }

    internal HoldStatement ToStatement(PromotionTarget target, string image, bool held, DateTimeOffset time) => new()
    {
        Environment = target.Environment.Name,
        Region = target.Region,
        Place = target.ResourceUriOf(image),
        Held = held,
        Time = time,
        By = By,
        RunUrl = RunUrl,
        Reason = Reason,
        Cause = Cause,
        Version = Version,
    };

    internal void Check(PromotionTarget target)
    {
        if (string.IsNullOrWhiteSpace(By))
            throw HoldErrors.Incomplete(target, "it names no person");
        if (string.IsNullOrWhiteSpace(Reason))
            throw HoldErrors.Incomplete(target, "it has no reason");
    }
}
