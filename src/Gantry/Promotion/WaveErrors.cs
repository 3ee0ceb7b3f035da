using Gantry.Environments;

namespace Gantry.Promotion;

/// <summary>Errors of promotions in waves: GAN4621 to GAN4623.</summary>
internal static class WaveErrors
{
    public static GantryException NotInEarlierWave(string version, PromotionTarget later, PromotionTarget earlier, string found) =>
        new(
            "GAN4621",
            $"the release '{version}' cannot go to {later.DisplayName} before it is in the earlier waves: "
                + $"{earlier.DisplayName} {found}",
            "promote it to the earlier waves, or to all regions")
        {
            Actions = [RemedyAction.BreakGlass],
        };

    public static GantryException Stopped(PromotionOutcome outcome, GantryException cause)
    {
        var request = outcome.Plan.Request;
        var (version, environment) = (request.Release.Version, request.Environment.DisplayName);
        var stopped = outcome.StoppedIn is { } wave
            ? $"the promotion of '{version}' to {environment} stopped in {wave.DisplayName}"
            : $"the promotion of '{version}' to {environment} stopped before its first wave";
        var kept = outcome.NotBegun.SelectMany(later => later.Targets).Select(target => target.Region!).ToList();
        var state = kept.Count == 0 ? "" : $"; {Format.List(kept)} {(kept.Count == 1 ? "keeps what it has" : "keep what they have")}";
        return new(
            "GAN4622",
            $"{stopped}: {cause.Code}: {cause.Problem}{state}",
            outcome.StoppedIn is null
                ? $"{cause.Remedy}; then run the same again"
                : $"{cause.Remedy}; then run the same again to continue there, or go back to undo the waves that are done",
            cause)
        {
            Actions = outcome.StoppedIn is null ? cause.Actions : [.. cause.Actions, RemedyAction.Return],
        };
    }

    public static GantryException NotBegun(PromotionTarget target, PlannedWave? stoppedIn) =>
        new(
            "GAN4623",
            stoppedIn is null
                ? $"nothing was tagged in {target.DisplayName}, because the images are not in place in all regions"
                : $"{target.DisplayName} was not begun, because {stoppedIn.DisplayName} has failed",
            "run the promotion again when the cause is gone");
}
