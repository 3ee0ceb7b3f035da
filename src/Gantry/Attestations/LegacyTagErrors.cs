namespace Gantry.Attestations;

/// <summary>Errors of tags with attestations: GAN4242.</summary>
internal static class LegacyTagErrors
{
    public static GantryException NotExtensible(string origin, string reason, Exception? inner = null) =>
        new(
            "GAN4242",
            $"an attestation cannot be added to {origin}: {reason}",
            "find out who wrote it, and delete that tag if it is not needed; nothing was changed",
            inner);
}
