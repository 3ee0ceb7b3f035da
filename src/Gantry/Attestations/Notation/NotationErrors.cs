namespace Gantry.Attestations.Notation;

/// <summary>Errors of signatures for Notation: GAN4243 to GAN4246.</summary>
internal static class NotationErrors
{
    public const string MalformedCode = "GAN4246";

    public static GantryException UnusableChain(string origin, string reason, Exception? inner = null) =>
        new(
            "GAN4243",
            $"{origin} cannot be used for signatures of Notation: {reason}",
            "write the certificate of the signing key, those of its issuers in their order and the root as PEM blocks CERTIFICATE; the "
                + "first one is for digitalSignature and codeSigning only",
            inner);

    public static GantryException OtherKey(CertificateChain chain, string signer, string keyId) =>
        new(
            "GAN4244",
            $"{signer} has the key {keyId}, and {chain.Origin} is for {chain.Key.ShortId}",
            "name the certificate of the signing key, or the key of the certificate");

    public static GantryException NotValidAt(CertificateChain chain, DateTimeOffset time) =>
        new(
            "GAN4245",
            $"{chain.Origin} is valid from {Format.Time(chain.NotBefore)} until {Format.Time(chain.NotAfter)}, "
                + $"and not at {Format.Time(time)}",
            "renew it, or correct the clock of this machine");

    public static GantryException Malformed(string origin, string reason, Exception? inner = null) =>
        new(
            MalformedCode,
            $"the signature {origin} cannot be read: {reason}",
            "find out who wrote it, and delete that manifest if it is not needed",
            inner);
}
