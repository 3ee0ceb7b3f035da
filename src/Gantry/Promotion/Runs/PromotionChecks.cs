using Gantry.Checks;

namespace Gantry.Promotion.Runs;

/// <summary>Makes checks of promotions: each gate, image and host is one.</summary>
public static class PromotionChecks
{
    /// <summary>Returns the checks.</summary>
    /// <param name="promotions">The plans, each with its outcome; null when nothing was applied.</param>
    /// <param name="file">The file with the declaration of the environments; null when it is not known.</param>
    public static CheckReport Of(IReadOnlyList<(PromotionPlan Plan, PromotionOutcome? Outcome)> promotions, string? file = null) => new(
        $"promotion of {promotions[0].Plan.Request.Release.Version}",
        [.. promotions.SelectMany(promotion => ChecksOf(promotion.Plan, promotion.Outcome))])
    {
        File = file,
    };

    private static IEnumerable<Check> ChecksOf(PromotionPlan plan, PromotionOutcome? outcome)
    {
        var environment = plan.Request.Environment.DisplayName;
        foreach (var hold in plan.IsHeld ? plan.Holds : [])
            yield return Check.Of(environment, "hold", hold.Refuse(plan.Request.Release.Version), CheckState.Open);
        foreach (var gate in plan.Gates)
            yield return Of(gate, environment);
        foreach (var image in plan.Images)
            yield return Of(image, outcome);
        foreach (var (step, number) in plan.Deployment.Steps.Select((step, number) => (step, number)))
        {
            var place = step.Target?.DisplayName ?? environment;
            var done = outcome?.Deployment.Steps[number];
            yield return done?.Error is { } error
                ? Check.Of(place, step.Description, error)
                : new(place, step.Description, step.SkippedReason is null && done is { Done: null } ? CheckState.Open : CheckState.Passed)
                {
                    Message = step.SkippedReason ?? done?.Done ?? "to be done",
                };
        }
    }

    private static Check Of(PlannedGate gate, string environment) => new(
        environment,
        $"gate: {gate.Gate.Description}",
        gate switch
        {
            { Verdict: GateVerdict.Overridden } => CheckState.Warning,
            { Verdict: not null } => CheckState.Passed,
            { DoesNotHold: true } => CheckState.Failed,
            _ => CheckState.Open,
        })
    {
        Code = gate switch
        {
            { Verdict: GateVerdict.Overridden } => RunErrors.OverriddenCode,
            { Verdict: null, DoesNotHold: true } => RunErrors.DoesNotHoldCode,
            _ => null,
        },
        Message = string.Join(": ", new[] { gate.Reason, gate.Finding }.OfType<string>()) is { Length: > 0 } found ? found : null,
    };

    private static Check Of(PlannedImage image, PromotionOutcome? outcome)
    {
        var place = image.PromotionTarget.DisplayName;
        if (outcome?.At(image.PromotionTarget).Error is { } error)
            return Check.Of(place, $"image: {image.Image.Name}", error);
        return new(place, $"image: {image.Image.Name}", CheckState.Passed)
        {
            Message = image.NothingMoves ? $"{image.Target} has {image.Image.Digest}"
                : outcome is null ? $"{image.Target} would get {image.Image.Digest}, {Format.Bytes(image.BytesToMove)}"
                : $"{image.Target} got {image.Image.Digest}",
        };
    }
}
