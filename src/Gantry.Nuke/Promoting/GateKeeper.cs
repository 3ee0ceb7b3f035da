using Gantry.Promotion;

namespace Gantry.Nuke.Promoting;

/// <summary>
/// Has somebody answer for the gates of a plan: the service that runs the promotion and held it until they were passed, or a person, who is
/// asked or has said so on the command line. Where nothing changes, nobody is asked.
/// </summary>
internal sealed class GateKeeper(IConfirmationPrompt question)
{
    /// <summary>The service that holds the gates, when one runs the promotion: <c>Azure Pipelines, environment prod</c>.</summary>
    public string? Service { get; init; }

    /// <summary>The person's yes, given beforehand: why the release may go on.</summary>
    public string? Approval { get; init; }

    /// <summary>The plan with an answer, or <c>GAN5005</c> when nobody can be asked, <c>GAN5006</c> when the answer is no.</summary>
    public async Task<PromotionPlan> DecideAsync(PromotionPlan plan, CancellationToken cancellationToken)
    {
        if (!plan.AwaitsDecision)
            return plan;
        if (Service is { } service)
            return plan.DelegateGatesTo(service);
        if (Approval is { } reason)
            return plan.Approve(reason);

        var release = plan.Request.Release.Version;
        var environment = plan.Request.Environment.DisplayName;
        if (!question.IsInteractive)
            throw PromoteErrors.NoTerminal(release, environment);
        return await question.ConfirmAsync($"Promote {release} to {environment}?", cancellationToken)
            ? plan.Approve("said yes at the terminal")
            : throw PromoteErrors.Refused(release, environment);
    }
}
