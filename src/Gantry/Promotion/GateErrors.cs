using Gantry.Environments;

namespace Gantry.Promotion;

/// <summary>Errors of gates that a promotion has to pass: GAN5002 to GAN5004.</summary>
internal static class GateErrors
{
    public static GantryException SoakNotOver(
        string version, PromotionEnvironment environment, string before, TimeSpan duration, DateTimeOffset since, DateTimeOffset? end) =>
        new("GAN5002",
            $"the release '{version}' cannot go to {environment} yet: it has been in {before} since {Format.Time(since)}, "
                + (end is { } date
                    ? $"and its soak time of {Format.Duration(duration)} ends at {Format.Time(date)}"
                    : $"and the end of its soak time of {Format.Duration(duration)} is out of range"),
            "run the promotion again after that, or say why it cannot wait")
        {
            Actions = [RemedyAction.OverrideSoak],
            Kind = ErrorKind.HeldByGate,
        };

    public static GantryException Withdrawn(
        string version, PromotionEnvironment environment, PromotionEnvironment before, TimeSpan duration, RecordedPromotion by) =>
        new("GAN5002",
            $"the release '{version}' cannot go to {environment} yet: {before} went back from it to {by.Version} at "
                + $"{Format.Time(by.Promoted)}, so its soak time of {Format.Duration(duration)} has not begun",
            $"promote it to {before} again, or say why it cannot wait")
        {
            Actions = [RemedyAction.OverrideSoak],
            Kind = ErrorKind.HeldByGate,
        };

    public static GantryException SoakUnknown(string version, PromotionEnvironment environment, string reason, Exception? inner = null) =>
        new("GAN5003",
            $"it is unknown whether the release '{version}' was in {environment.After?.Name ?? "the previous environment"} long enough for "
                + $"{environment}: {reason}",
            "let the identity that promotes read that registry, promote the release there again if its record is missing, "
                + "or say why it cannot wait",
            inner) { Actions = [RemedyAction.OverrideSoak], Kind = ErrorKind.HeldByGate };

    public static GantryException GatesUndecided(string version, PromotionEnvironment environment) =>
        new(
            "GAN5004",
            $"the gates of {environment}, which the release '{version}' has to pass, are not decided",
            "approve the plan, add the evaluators of its own gates, or let the service run it that enforces the gates")
        {
            Kind = ErrorKind.HeldByGate,
        };
}
