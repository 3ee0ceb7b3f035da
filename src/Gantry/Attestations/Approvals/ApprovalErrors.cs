using Gantry.Oci;

namespace Gantry.Attestations.Approvals;

/// <summary>Errors of signed approvals: GAN5025 to GAN5027.</summary>
internal static class ApprovalErrors
{
    public static GantryException ImageMissing(string location, Digest image) =>
        new(
            "GAN5025",
            $"{location} does not have {image}, so nothing can be approved there",
            "publish the release, and approve what the base registry has");

    public static GantryException Malformed(string origin, string reason, Exception? inner = null) =>
        new(
            "GAN5026",
            $"the approval {origin} cannot be read: {reason}",
            "find out who wrote it, and approve again with this version of Gantry",
            inner);

    public static GantryException Incomplete(string reason) =>
        new("GAN5027", $"the approval cannot be signed: {reason}", "name the environment, the person and the reason");
}
