using Gantry.Environments;
using Gantry.Holds;

namespace Gantry.Promotion;

/// <summary>The changes of the hold of one target that belong to a promotion.</summary>
/// <param name="plan">The plan.</param>
/// <param name="target">The target.</param>
/// <param name="time">The clock.</param>
internal sealed class PlannedHolds(PromotionPlan plan, PromotionTarget target, TimeProvider time)
{
    private readonly PromotionRequest _request = plan.Request;
    private readonly IReadOnlyList<string> _images = [.. plan.Request.Release.Images.Select(image => image.Name)];

    /// <summary>
    /// Sets the hold of a return. Otherwise ensures that no hold was set since the plan was made; throws <c>GAN4602</c> when one was.
    /// </summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (plan.HeldTargets.Contains(target))
        {
            var cause = _request.ReturnCause is null ? HoldCause.Rollback : HoldCause.AutomaticReturn;
            await Writer.SetAsync(
                target, _images, Decide(cause, _request.GoBackReason!), _request.Signer, cancellationToken);
            return;
        }

        if (_request.Returns || plan.WritesNothing)
            return;
        var state = await new HoldReader(plan.Registries, time).ReadAsync(target, _images, cancellationToken);
        if (state.KeepsOut(_request.Release.Version) && plan.Holds.All(hold => hold.Open != state.Open))
            throw HoldErrors.HeldSince(_request.Release.Version, state);
    }

    /// <summary>Ends the hold at the target, when the promotion was planned to.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (plan.EndedHolds.All(hold => hold.Target != target))
            return;
        await Writer.ReleaseAsync(
            target, _images, Decide(HoldCause.Promotion, $"{_request.Release.Version} was named and promoted"), _request.Signer,
            cancellationToken);
    }

    private HoldWriter Writer => new(plan.Registries, time);

    private HoldDecision Decide(HoldCause cause, string reason) => new()
    {
        By = _request.By.ToString(),
        RunUrl = _request.By.RunUrl,
        Reason = reason,
        Cause = cause,
        Version = _request.Release.Version,
    };
}
