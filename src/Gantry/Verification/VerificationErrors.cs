using Gantry.Oci;

namespace Gantry.Verification;

/// <summary>What is wrong with the chain of a release: GAN4212 to GAN4215.</summary>
internal static class VerificationErrors
{
    public static GantryException Gap(string place, string image, Digest previous) =>
        new(
            "GAN4212",
            $"the history of {image} in {place} has a gap: a promotion names {previous} as the one before it, which is not there",
            "find out who deleted it; after a clean-up of old releases, promote the current one again");

    public static GantryException OutOfOrder(string place, string image, string reason) =>
        new(
            "GAN4213",
            $"{image} came to {place} out of order: {reason}",
            "find out how it came there, and promote the release through the environments before");

    public static GantryException Bypassed(string place, string image, string bypass) =>
        new(
            "GAN4214",
            $"{image} came to {place} with skipped checks: {bypass}",
            "promote the release normally, which ends this report");

    public static GantryException Unsigned(string place, string image) =>
        new(
            "GAN4211",
            $"nothing is signed for {image} in {place}: there is no key for it",
            "name a signing key of the environment, and add its public key to the trusted ones");

    public static GantryException MalformedPolicy(string origin, string reason, Exception? inner = null) =>
        new(
            "GAN4215",
            $"the policy {origin} cannot be read: {reason}",
            "write it again with the target ExportEnvironments of the build",
            inner);
}
