using Gantry.Signing;

namespace Gantry.Nuke.Signing;

/// <summary>Errors of the keys of a build: GAN7070 to GAN7074.</summary>
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
            "name the signing key of the build (--base-signing-key), or publish in a run that has it");

    public static GantryException NoPersonalKey(string parameter) =>
        new(
            "GAN7072",
            "a statement of a person needs the key of this person, and none is named",
            $"name it (--{Format.Dashed(parameter)}): a PEM file, a key of Azure Key Vault, or command:PROGRAM");

    public static GantryException NoneNamed() =>
        new(
            "GAN7073",
            "no signing key is named, so there is no public key to fetch",
            "name the signing keys (--signing-key, or in the build class), with {environment} in the place of the environment");

    public static GantryException NoEnvironment() =>
        new("GAN7074", "an approval is for one environment, and none is named", "name it, as in --to prod");
}
