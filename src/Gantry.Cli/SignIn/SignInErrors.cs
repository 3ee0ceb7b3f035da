namespace Gantry.Cli.SignIn;

/// <summary>GAN2054 to GAN2059: signing in to registries and out of them.</summary>
internal static class SignInErrors
{
    public static GantryException PasswordOnCommandLine(string host) =>
        new(
            "GAN2054",
            "a password on the command line can be read by every process of this machine, and stays in the history of the shell",
            $"leave --password out and type it, or pipe it: printenv PASSWORD | gantry login {host} --password-stdin");

    public static GantryException NoUser(string host) =>
        new("GAN2055", $"the user name for {host} is missing", "name it with --username");

    public static GantryException NoPassword(string host) =>
        new(
            "GAN2056",
            $"the password for {host} is missing, and no person can be asked for it here",
            "pipe it into the command with --password-stdin");

    public static GantryException EmptyPassword(string host) =>
        new("GAN2057", $"the password for {host} is empty", "check the variable or the file that it comes from");

    public static GantryException NotARegistry(string text) =>
        new("GAN2058", $"'{text}' is no registry that a credential belongs to", "name a host, for example contoso.azurecr.io");

    public static GantryException UserWithColon(string host) =>
        new("GAN2059", $"the user name for {host} has a colon, which ends a user name", "write the user name without its password");

    public static GantryException Refused(string host, string reason) =>
        new("GAN2060", $"{host} refuses the credential: {reason}", "check user name and password; nothing was stored");
}
