using Gantry.Signing;

namespace Gantry.Nuke.Signing;

/// <summary>Errors of the keys of a build: GAN7070, GAN7071.</summary>
internal static class SigningKeyErrors
{
    public static GantryException NoTrustedKey(string name, ISigner signer, string folder) =>
        new(
            "GAN7070",
            $"{signer.Description} signs for {name}, and no public key is trusted there: {folder} has no *{KeyFiles.Extension}",
            "run FetchKeys, which writes the public key there, and commit the file");

    public static GantryException NoSigner() =>
        new(
            "GAN7071",
            "releases in the base registry are signed, and this run has no key to sign with",
            "name the signing key of the build (--base-signing-key), or let a run publish that has it");
}
