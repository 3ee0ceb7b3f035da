using Gantry.Promotion;

namespace Gantry.Nuke.Promoting;

/// <summary>
/// Obtains the decision on the gates of a plan: from the service that runs the promotion and held it until the gates had passed, from the
/// command line, or from a person at the terminal. A plan without changes needs no decision.
/// </summary>
internal sealed class GateKeeper(IConfirmationPrompt question)
{
    /// <summary>The service that evaluates the gates, when one runs the promotion and confirmed that it does.</summary>
    public string? Service { get; init; }

    /// <summary>The reason of an approval given in advance.</summary>
    public string? Approval { get; init; }

    /// <summary>The error when this process claims to be run by a service that did not confirm it; null without such a claim.</summary>
    public GantryException? Unconfirmed { get; init; }

    /// <summary>
    /// Returns the plan with the decision. Throws <c>GAN5005</c> when there is no terminal to ask at, and <c>GAN5006</c> when the answer is
    /// no.
    /// </summary>
    public async Task<PromotionPlan> DecideAsync(PromotionPlan plan, CancellationToken cancellationToken)
    {
        plan = DecideInAdvance(plan);
        if (!plan.AwaitsDecision)
            return plan;

        var release = plan.Request.Release.Version;
        var environment = plan.Request.Environment.DisplayName;
        if (!question.IsInteractive)
            throw Unconfirmed ?? PromoteErrors.NoTerminal(release, environment);
        var replaced = plan.ReplacedByApproval.Select(what => $"Your answer alone replaces {what}.").ToList();
        return await question.ConfirmAsync(replaced, $"Promote {release} to {environment}?", cancellationToken)
            ? plan.Approve("said yes at the terminal")
            : throw PromoteErrors.Refused(release, environment);
    }

    /// <summary>Returns the plan with the decisions that need no question.</summary>
    public PromotionPlan DecideInAdvance(PromotionPlan plan)
    {
        if (plan.AwaitsDecision && Service is { } service)
            plan = plan.DelegateGatesTo(service);
        return plan.AwaitsDecision && Approval is { } reason ? plan.Approve(reason) : plan;
    }
}
