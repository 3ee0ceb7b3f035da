namespace Gantry.Signing;

/// <summary>Errors of keys and signers: GAN4221 to GAN4227, GAN4240 and GAN4241.</summary>
internal static class SigningErrors
{
    public static GantryException NotAPublicKey(string origin, string reason, Exception? inner = null) =>
        new(
            "GAN4221",
            $"{origin} is not a public key: {reason}",
            "write it in PEM as one block PUBLIC KEY, as in: openssl pkey -in key.pem -pubout",
            inner);

    public static GantryException OtherCurve(string origin) =>
        new(
            "GAN4221",
            $"{origin} is a key of another kind than ECDSA with the curve P-256",
            "make one, as in: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem");

    public static GantryException MalformedKeyFile(string name, string reason) =>
        new(
            "GAN4222",
            $"the key file {name} cannot be read: {reason}",
            "correct it: lines 'From: date', 'Until: date' and 'Revoked: reason', then the PEM block PUBLIC KEY");

    public static GantryException NotAPrivateKey(string what, string reason, Exception? inner = null) =>
        new(
            "GAN4223",
            $"{what} cannot sign: {reason}",
            "name a PEM file with a private key, as in: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem",
            inner);

    public static GantryException CosignKey(string what) =>
        new(
            "GAN4223",
            $"{what} cannot sign: it has cosign's own encryption, which nothing else reads",
            "keep the key as PKCS#8 (openssl genpkey), and give cosign its own copy with: cosign import-key-pair --key key.pem");

    public static GantryException PasswordMissing(string what) =>
        new(
            "GAN4224",
            $"{what} is encrypted, and its password is missing",
            "set the password in the environment variable GANTRY_KEY_PASSWORD");

    public static GantryException WrongPassword(string what, Exception inner) =>
        new(
            "GAN4224",
            $"{what} cannot be decrypted with its password",
            "correct the password in the environment variable GANTRY_KEY_PASSWORD, or the file",
            inner);

    public static GantryException NoDevelopmentKey(string file, string reason, Exception? inner = null) =>
        new(
            "GAN4225",
            $"the development key {file}, which signs what stays on this machine, cannot be made or read: {reason}",
            "give the user a writable profile (HOME, or XDG_DATA_HOME), or name a signing key",
            inner);

    public static GantryException ExposedDevelopmentKey(string file) =>
        new(
            "GAN4225",
            $"other users of this machine can read or write the development key {file}",
            "delete it, and promote again what it signed; Gantry makes a new key");

    public static GantryException CommandFailed(string what, string action, string reason) =>
        new(
            "GAN4226",
            $"{what} fails with the argument '{action}': {reason}",
            "run it in a terminal to find out why; the reason is the last line that it writes to standard error");

    public static GantryException DoesNotSign(string what, string keyId) =>
        new(
            "GAN4227",
            $"{what} does not sign with the key {keyId} that it names as its own: the signature does not verify",
            "find out which key signs there; nothing was written");

    // The text can be a key that was put there by mistake.
    public static GantryException NotAReference(string? text, string reason) =>
        new(
            "GAN4240",
            $"{Format.Refused(text)} names no signing key: {reason}",
            "name a PEM file (keys/prod.pem), a key in Azure Key Vault (https://contoso.vault.azure.net/keys/prod) or a program "
                + "(command:sign-with-hsm --slot 1)");

    public static GantryException NotForEnvironment(string text, string name) =>
        new(
            "GAN4241",
            $"the signing key {text} cannot be the one of the environment '{name}': the name has other characters than letters, digits, "
                + "'.', '_' and '-'",
            $"name the key of this environment without {SigningKeyReference.EnvironmentPlaceholder}");
}
