using Gantry.Oci;
using Gantry.Signing;

namespace Gantry.Attestations;

/// <summary>The reasons why an attestation does not count: GAN4201 to GAN4212, GAN4228.</summary>
internal static class AttestationErrors
{
    public static GantryException Missing(string what, string location, Digest image, string others, string remedy) =>
        new("GAN4201", $"{location} has no {what} for {image} that counts{others}", remedy);

    public static GantryException OtherImage(string origin, Digest image) =>
        new("GAN4202", $"the attestation {origin} is about another image than {image}", FindOut);

    public static GantryException OtherBuild(string origin, string version, string commit) =>
        new(
            "GAN4202",
            $"the attestation {origin} is about another build than {version} of {commit}",
            "find out who wrote it, and publish the release again");

    public static GantryException OtherPlace(string origin, string named, string expected) =>
        new(
            "GAN4203",
            $"the attestation {origin} is for {named}, and not for {expected}",
            "promote the release there: an attestation that was copied to another place does not count there");

    public static GantryException UnknownKey(string origin, string? hint, IEnumerable<TrustedKey> trusted) =>
        new(
            "GAN4204",
            $"the attestation {origin} is signed with no trusted key (it names {Describe(hint)}; trusted: {Describe(trusted)})",
            "find out who signed it; a new key is trusted when its public key is in the repository");

    public static GantryException OtherVerifier(string origin, string named, string expected) =>
        new(
            "GAN4204",
            $"the attestation {origin} is of the verifier {Format.Refused(named)}, and its key belongs to {expected}",
            "find out who signed it; nothing but the declared verifier signs with that key");

    public static GantryException RevokedKey(string origin, TrustedKey key) =>
        new(
            "GAN4205",
            $"the attestation {origin} is signed with the key {key.Name}, which is revoked: {key.Revoked}",
            "promote or publish it again, which signs with the current key");

    public static GantryException OutsideOfKeyTime(string origin, TrustedKey key, DateTimeOffset time) =>
        new(
            "GAN4206",
            $"the attestation {origin} is of {Format.Time(time)}, when the key {key.Name} did not count ({Describe(key)})",
            "promote or publish it again, which signs with the current key");

    public static GantryException TooOld(string origin, DateTimeOffset time, TimeSpan maximum) =>
        new(
            "GAN4206",
            $"the attestation {origin} is of {Format.Time(time)}, and counts for {Format.Duration(maximum)}",
            "promote it again");

    public static GantryException FromTheFuture(string origin, DateTimeOffset time) =>
        new(
            "GAN4207",
            $"the attestation {origin} is of the future: {Format.Time(time)}",
            "correct the clock of the machine that signed it, or find out who did");

    public static GantryException Withdrawn(string origin, DateTimeOffset time) =>
        new(
            "GAN4208",
            $"the attestation {origin} of {Format.Time(time)} withdraws the promotion",
            "find out why it was withdrawn, and promote another release");

    public static GantryException Malformed(string origin, string reason, Exception? inner = null) =>
        new("GAN4209", $"the attestation {origin} cannot be read: {reason}", FindOut, inner);

    public static GantryException OtherEnvironment(string origin, string named, string expected) =>
        new(
            "GAN4210",
            $"the attestation {origin} is of a promotion to {named}, and not to {expected}",
            $"promote the release to {expected}");

    public static GantryException Unsigned(string origin, string environment) =>
        new(
            "GAN4211",
            $"the promotion record {origin} is not signed, and {environment} has a key",
            "promote the release there again, which signs its promotion");

    public static GantryException TooMany(string location, Digest image, int count) =>
        new(
            "GAN4209",
            $"there are {count} attestations of one kind beside {image} in {location}, and at most {Limits.Attestations} are read "
                + $"(limit {nameof(Limits.Attestations)})",
            "find out who wrote them, and delete those that are not needed");

    public static GantryException SignerNotTrusted(string place, ISigner signer, VerificationKey key, TrustPolicy trust) =>
        new(
            "GAN4228",
            $"{signer.Description} signs with the key {key.ShortId}, which {place} does not trust now (trusted: {Describe(trust.Keys)})",
            "sign with a trusted key, or add the public key to the trusted ones, which is reviewed like code");

    private const string FindOut = "find out who wrote it, and delete that manifest if it is not needed";

    private static string Describe(string? hint) => hint is null ? "none" : Format.Refused(hint);

    private static string Describe(IEnumerable<TrustedKey> keys)
    {
        var names = keys.Select(key => $"{key.Name} {key.Key.ShortId}").ToList();
        return names.Count == 0 ? "none" : string.Join(", ", names);
    }

    private static string Describe(TrustedKey key) =>
        (key.From is { } from ? $"from {Format.Time(from)}" : "")
        + (key is { From: not null, Until: not null } ? " " : "")
        + (key.Until is { } until ? $"until {Format.Time(until)}" : "");
}
