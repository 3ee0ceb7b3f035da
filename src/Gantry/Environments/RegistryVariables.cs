namespace Gantry.Environments;

/// <summary>
/// The environment variables from which a build reads the user name and the password for a registry. They are named after the parameter of
/// its address: <c>DevRegistryUser</c> and <c>DevRegistryPassword</c> for <c>DevRegistry</c>.
/// </summary>
public static class RegistryVariables
{
    /// <summary>Gets the name of the variable for the user name.</summary>
    /// <param name="parameter">The parameter of the address: <c>DevRegistry</c>.</param>
    public static string UserOf(string parameter) => parameter + "User";

    /// <summary>Gets the name of the variable for the password, which may be a token.</summary>
    /// <param name="parameter">The parameter of the address: <c>DevRegistry</c>.</param>
    public static string PasswordOf(string parameter) => parameter + "Password";
}
