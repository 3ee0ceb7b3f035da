using Gantry.Environments;

namespace Gantry.Promotion.Runs;

/// <summary>
/// GAN4047, GAN4048, GAN4131, GAN4132, GAN4615, GAN4624, GAN5005 to GAN5007, GAN5009: what stops or changes the run of a promotion.
/// </summary>
internal static class RunErrors
{
    /// <summary>The code of a gate that is overridden.</summary>
    public const string OverriddenCode = "GAN5007";

    /// <summary>The code of gates that do not hold.</summary>
    public const string DoesNotHoldCode = "GAN5009";

    public static GantryException UnknownRegion(string environment, string region, IEnumerable<string> known) =>
        new(
            "GAN4047",
            $"the environment '{environment}' has no region {Format.Refused(region)}",
            Format.Choice(known, "leave the region out"));

    public static GantryException UnknownWave(PromotionEnvironment environment, int wave, string? region) =>
        new(
            "GAN4624",
            region is null || wave < 1 || wave > environment.Waves.Count
                ? $"the environment '{environment}' has no wave {wave}"
                : $"the wave {wave} of the environment '{environment}' has no region {Format.Refused(region)}",
            environment.Waves.Count == 0
                ? "leave --wave out"
                : $"use a number from 1 to {environment.Waves.Count}, or leave the wave or the region out");

    public static GantryException NoRegions(string environment, string region) =>
        new(
            "GAN4048",
            $"the environment '{environment}' has no regions, so none can be called {Format.Refused(region)}",
            "leave --region out");

    public static GantryException NoTerminal(string version, string environment) =>
        new(
            "GAN5005",
            $"the release '{version}' has to pass the gates of {environment}, and there is no terminal to ask at",
            "say why it may pass with --approve \"reason\", or run it at a terminal")
        {
            Kind = ErrorKind.HeldByGate,
        };

    public static GantryException Refused(string version, string environment) =>
        new(
            "GAN5006",
            $"the release '{version}' was not approved for {environment}; nothing was written there",
            "run it again and answer 'yes' when it may go on")
        {
            Kind = ErrorKind.HeldByGate,
        };

    public static GantryException GateOverridden(string version, PlannedGate gate, string environment) =>
        new(
            OverriddenCode,
            $"the release '{version}' overrides the gate '{gate.Gate.Description}' of {environment}: {gate.Reason} ({gate.Finding})",
            "monitor the release: this is in the promotion record");

    public static GantryException GatesDoNotHold(string version, IEnumerable<PlannedGate> gates, string environment) =>
        new(
            DoesNotHoldCode,
            $"the release '{version}' cannot go to {environment}: "
                + string.Join("; ", gates.Select(gate => $"the gate '{gate.Gate.Description}' {gate.Finding}")),
            "promote when it holds, or say why the release may pass with --approve \"reason\"")
        {
            Kind = ErrorKind.HeldByGate,
        };

    public static GantryException Returned(GantryException cause, string environment, ReturnOutcome returned)
    {
        var version = returned.Version is { } found ? $" to '{found}'" : "";
        return returned.Error is null
            ? new(cause.Code, $"{cause.Problem} ({environment} has returned{version}, and is held there)", cause.Remedy)
            : new(
                "GAN4615",
                $"{cause.Problem} ({cause.Code}); {environment} could not return{version}: {returned.Error.Message.TrimEnd('.')}",
                "check the hosts, and go back by hand, or promote a repaired release",
                returned.Error);
    }

    public static GantryException UnaskableGate(Gate gate, PromotionEnvironment environment) =>
        new(
            "GAN4131",
            $"the gate '{gate.Description}' of {environment.DisplayName} cannot be asked without the build, which has its code",
            $"promote with the target Promote{environment.Identifier} of the build");

    public static GantryException UnreachableHost(Deployment deployment, PromotionEnvironment environment) =>
        new(
            "GAN4132",
            $"the deployment '{deployment.Description}' of {environment.DisplayName} cannot be done without the build, which has its code",
            $"promote with the target Promote{environment.Identifier} of the build");
}
