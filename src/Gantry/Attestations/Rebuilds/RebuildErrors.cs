namespace Gantry.Attestations.Rebuilds;

/// <summary>Errors of attestations of what was built again: GAN5028.</summary>
internal static class RebuildErrors
{
    public static GantryException Malformed(string origin, string reason, Exception? inner = null) =>
        new(
            "GAN5028",
            $"the attestation {origin} of what was built again cannot be read: {reason}",
            "find out who wrote it, and build again with this version of Gantry",
            inner);
}
