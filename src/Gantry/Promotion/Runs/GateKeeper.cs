using Gantry.Environments;

namespace Gantry.Promotion.Runs;

/// <summary>
/// Obtains the decision on the gates of a plan: from the service that runs the promotion and held it until the gates had passed, from the
/// command line, or from a person at the terminal. A plan without changes needs no decision.
/// </summary>
public sealed class GateKeeper(IConfirmationPrompt question)
{
    /// <summary>The service that evaluates the gates, when one runs the promotion and confirmed that it does.</summary>
    public string? Service { get; init; }

    /// <summary>Returns true for a gate that the service holds; null when it holds all.</summary>
    public Func<Gate, bool>? Holds { get; init; }

    /// <summary>The approvals that the service has recorded; null when they were not asked for.</summary>
    public ServiceApprovals? Approvals { get; init; }

    /// <summary>The reason of an approval given in advance.</summary>
    public string? Approval { get; init; }

    /// <summary>The error when this process claims to be run by a service that did not confirm it; null without such a claim.</summary>
    public GantryException? Unconfirmed { get; init; }

    /// <summary>
    /// Returns the plan with the decision. Without a terminal to ask at, throws <c>GAN5009</c> for gates that do not hold, and
    /// <c>GAN5005</c> for others; <c>GAN5006</c> when the answer is no.
    /// </summary>
    public async Task<PromotionPlan> DecideAsync(PromotionPlan plan, CancellationToken cancellationToken)
    {
        plan = DecideInAdvance(plan);
        if (!plan.AwaitsDecision)
            return plan;

        var release = plan.Request.Release.Version;
        var environment = plan.Request.Environment.DisplayName;
        if (!question.IsInteractive)
            throw Unconfirmed ?? FindRefusal(plan) ?? RunErrors.NoTerminal(release, environment);
        var replaced = plan.ReplacedByApproval.Select(what => $"Your answer alone replaces {what}.").ToList();
        return await question.ConfirmAsync(replaced, $"Promote {release} to {environment}?", cancellationToken)
            ? plan.Approve("said yes at the terminal")
            : throw RunErrors.Refused(release, environment);
    }

    /// <summary>Returns <c>GAN5009</c> when gates were found not to hold, and no reason lets the release pass; null otherwise.</summary>
    public static GantryException? FindRefusal(PromotionPlan plan)
    {
        var failed = plan.AwaitsDecision ? plan.Gates.Where(gate => gate is { DoesNotHold: true, Verdict: null }).ToList() : [];
        return failed.Count == 0
            ? null
            : RunErrors.GatesDoNotHold(plan.Request.Release.Version, failed, plan.Request.Environment.DisplayName);
    }

    /// <summary>Returns the plan with the decisions that need no question.</summary>
    public PromotionPlan DecideInAdvance(PromotionPlan plan)
    {
        if (plan.AwaitsDecision && Service is { } service)
        {
            plan = plan.DelegateGatesTo(service, Holds);
            plan = Approvals is { } given ? plan.WithApprovals(given) : plan;
        }

        plan = plan.SkipOpenGates();
        return plan.AwaitsDecision && Approval is { } reason ? plan.Approve(reason) : plan;
    }
}
