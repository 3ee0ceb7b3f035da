namespace Gantry.Oci;

/// <summary>GAN1xxx: references, digests and documents.</summary>
internal static class OciErrors
{
    public static GantryException MalformedReference(string text, string reason) =>
        new(
            "GAN1001",
            $"{Format.Refused(text)} is not an image reference: {reason}",
            "write it as registry/repository:tag or registry/repository@sha256:…");

    public static GantryException MalformedDigest(string text) =>
        new("GAN1002", $"{Format.Refused(text)} is not a digest", "write it as sha256: and 64 lower-case hexadecimal characters");

    public static GantryException UnknownDigestAlgorithm(string text) =>
        new("GAN1003", $"the digest {Format.Refused(text)} uses an algorithm that cannot be verified here", "use sha256 or sha512");

    public static GantryException MalformedPlatform(string text) =>
        new(
            "GAN1004",
            $"{Format.Refused(text)} is not a platform",
            "write it as os/architecture, for example linux/amd64 or linux/arm64/v8");

    public static GantryException MalformedDocument(string kind, string origin, string reason, Exception? inner = null) =>
        new(
            "GAN1005",
            $"the {kind} {origin} cannot be read: {reason}",
            "push the image again with a tool that follows the OCI image specification",
            inner);

    public static GantryException MalformedAddress(string text, string reason) =>
        new(
            "GAN1006",
            $"{Format.Refused(text)} is not the address of a registry: {reason}",
            "write it as contoso.azurecr.io, contoso.azurecr.io/team, localhost:5001, oci:folder or oci-archive:file.tar");

    public static GantryException AddressWithCredentials() =>
        new(
            "GAN1006",
            "an address with credentials is not the address of a registry: credentials do not belong in an address",
            "write it as contoso.azurecr.io, and sign in with docker login");

    public static GantryException MalformedTag(string text) =>
        new(
            "GAN1007",
            $"{Format.Refused(text)} is not a tag",
            "use up to 128 letters, digits, '_', '.' and '-', not starting with '.' or '-'");

    public static GantryException MalformedRepository(string text) =>
        new(
            "GAN1008",
            $"{Format.Refused(text)} is not a repository name",
            "use lower-case letters and digits, separated by '.', '_', '-' or '/'");

    public static GantryException DocumentTooLarge(string kind, string origin, long limit) =>
        new(
            "GAN1009",
            $"the {kind} {origin} is larger than {Format.Count(limit, "byte")}",
            "check that this address is a registry and the image was made by a sound tool");

    public static GantryException ReadOnlyTarget(string text) =>
        new(
            "GAN4043",
            $"'{text}' cannot be a target: archives of 'docker save' are only read",
            "write an oci-archive: instead, or push to a registry");
}
