using Gantry.Environments;

namespace Gantry.Holds;

/// <summary>Errors of holds: GAN4601 to GAN4607.</summary>
internal static class HoldErrors
{
    public const string UnreadableCode = "GAN4604";

    public static GantryException Held(string version, HoldState state) =>
        new(
            "GAN4601",
            $"the release '{version}' does not go to {state.Target.DisplayName}, {state.Describe()}",
            "end the hold with a reason, or promote a release that you name")
        {
            Actions = [RemedyAction.EndHold],
        };

    public static GantryException HeldSince(string version, HoldState state) =>
        new(
            "GAN4602",
            $"after the plan for the release '{version}' was made, a hold was set: {state.Target.DisplayName}, {state.Describe()}",
            "find out why, and run the promotion again if it may go on");

    public static GantryException HeldBefore(string version, PromotionEnvironment environment, HoldState before) =>
        new(
            "GAN4603",
            $"the release '{version}' does not go to {environment.DisplayName}: it is not in {before.Target.DisplayName}, "
                + before.Describe(),
            "end that hold with a reason, or promote a release that you name")
        {
            Actions = [RemedyAction.EndHold],
        };

    public static GantryException Unreadable(string origin, string reason, Exception? inner = null) =>
        new(
            UnreadableCode,
            $"the hold {origin} cannot be read, so it is not known whether the environment is held: {reason}",
            "use a version of Gantry that reads it, or find out who wrote it, and delete that manifest",
            inner);

    public static GantryException Incomplete(PromotionTarget target, string reason) =>
        new("GAN4605", $"the hold of {target.DisplayName} cannot be written: {reason}", "say why, with a reason");

    public static GantryException NoSigner(PromotionTarget target) =>
        new(
            "GAN4606",
            $"holds of {target.DisplayName} are signed, and this run has no key to sign with",
            "name the signing key of the environment, or let a run set or end the hold that has it")
        {
            Actions = [RemedyAction.NameSigningKey],
        };

    public static GantryException NoKey(PromotionTarget target) =>
        new(
            "GAN4606",
            $"{target.DisplayName} must be signed, and there is no trusted key for it, so no hold of it would count",
            "name its signing key, and add the public key to the trusted ones")
        {
            Actions = [RemedyAction.NameSigningKey],
        };

    public static GantryException Unsigned(string origin, PromotionTarget target) =>
        new(
            "GAN4607",
            $"the hold {origin} does not count: it is not signed, and {target.DisplayName} has a key",
            "set or end the hold again, which signs it");

    public static GantryException OfOtherPlace(string origin, HoldStatement statement, PromotionTarget target) =>
        new(
            "GAN4607",
            $"the hold {origin} does not count: it is of {Format.Refused(statement.Environment)} at {Format.Refused(statement.Place)}, "
                + $"and not of {target.DisplayName}",
            "find out who wrote it, and delete that manifest if it is not needed");
}
