namespace Gantry.Notifications;

/// <summary>GAN4171, GAN4172: messages that were not delivered. They are warnings.</summary>
internal static class NotificationErrors
{
    public static GantryException Unreachable(string channel, string reason, Exception? inner) =>
        new("GAN4171", $"{channel} was not notified: {reason}", "check the address in the variable, and the network", inner);

    public static GantryException Refused(string channel, int status) =>
        new(
            "GAN4172",
            $"{channel} was not notified: it answers with status {status}",
            "check that the webhook or workflow exists and is switched on, and make a new one if its address was revoked");
}
