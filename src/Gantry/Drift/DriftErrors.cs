using Gantry.Environments;

namespace Gantry.Drift;

/// <summary>GAN4500 to GAN4511, without GAN4507: hosts that run something else than what was promoted, and reports of it.</summary>
internal static class DriftErrors
{
    public static GantryException OtherImage(string host, string place, string found, string expected) =>
        new(
            "GAN4500",
            $"{host} runs {found} instead of {expected}, which was promoted to {place}",
            "find out who changed the host, and promote the release again, which sets it");

    public static GantryException OtherRegistry(string host, string place, string found, string expected) =>
        new(
            "GAN4501",
            $"{host} has the right digest from another registry, {found}, and {place} has it at {expected}",
            "promote the release again, which sets the host to the registry of its environment");

    public static GantryException TagOnly(string host, string place, string found, string expected) =>
        new(
            "GAN4502",
            $"{host} is set to {found}, where a tag decides what runs, instead of {expected}, which was promoted to {place}",
            "promote the release again, which sets the host to the digest");

    public static GantryException NoImage(string host, string place, string expected) =>
        new(
            "GAN4503",
            $"{host} runs no image instead of {expected}, which was promoted to {place}",
            "look at the log of the host, and promote the release again, which sets it");

    public static GantryException ChangeFailed(string host, string place, string reason) =>
        new(
            "GAN4504",
            $"{host} in {place} has not come to the end of a change: {reason}",
            "look at the log of the host and correct the cause, then promote the release again");

    public static GantryException OtherVersion(string check, string place, string found, string expected) =>
        new(
            "GAN4505",
            $"the {check} reports {found}, and {expected} was promoted to {place}",
            "find out who changed the host, and promote the release again, which sets it");

    public static GantryException NoVersion(string check, string place, string seen) =>
        new(
            "GAN4506",
            $"the {check} does not say which version runs in {place}: the answer was {seen}",
            "look at the host, and check the address and the place of the version in the declaration");

    public static GantryException UnusableAlert(string alert, string fault) =>
        new("GAN4508", $"drift cannot be reported as {alert}: {fault}", "correct DriftAlert in the build class");

    public static GantryException WebhookUnreachable(string webhook, string reason, Exception? inner) =>
        new(
            "GAN4509",
            $"the {webhook} for drift cannot be reached ({reason}, in every attempt)",
            "check its address and the network; the next run reports the same again",
            inner);

    public static GantryException WebhookRefused(string webhook, int status) =>
        new(
            "GAN4510",
            $"the {webhook} for drift answers with status {status}",
            "check its address, its credential and what the receiver says in its log; the next run reports the same again");

    public static GantryException UnknownImage(string host, string place, string found) =>
        new(
            "GAN4511",
            $"{host} of {place} runs {Format.Refused(found)}, which names no image by a digest or a tag",
            "set the host to the digest of its release: promote the release again");
}
