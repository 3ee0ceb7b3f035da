using Gantry.Promotion;

namespace Gantry.Gates;

/// <summary>GAN5xxx: what must hold before a promotion.</summary>
internal static class GateErrors
{
    public static GantryException UnsoundGate(string gate, string environment, string fault) =>
        new("GAN5001", $"the gate '{gate}' of the environment '{environment}' cannot hold: {fault}", "correct the gate in the declaration of the environment");

    public static GantryException SoakNotOver(string version, PromotionEnvironment environment, string before, TimeSpan duration, DateTimeOffset since, DateTimeOffset due) =>
        new("GAN5002",
            $"the release '{version}' cannot go to {environment} yet: it is in {before} since {PromotionText.FormatTime(since)}, and its soak time of {PromotionText.FormatDuration(duration)} is over at {PromotionText.FormatTime(due)}",
            "run the promotion again after that, or say why it cannot wait with --override-soak \"reason\"");

    public static GantryException SoakUnknown(string version, PromotionEnvironment environment, string reason, Exception? inner = null) =>
        new("GAN5003",
            $"whether the release '{version}' was in {environment.After?.Name ?? "the environment before"} long enough for {environment} cannot be told: {reason}",
            "let whoever promotes read that registry, or say why it cannot wait with --override-soak \"reason\"; a missing record is written by promoting the release there again",
            inner);

    public static GantryException GatesUndecided(string version, PromotionEnvironment environment) =>
        new("GAN5004", $"nobody has answered for the gates of {environment}, which the release '{version}' has to pass", "approve the plan, or let the service that holds the gates run it");
}
