namespace Gantry.Environments;

/// <summary>
/// The environment variables from which a build reads the passwords of encrypted signing keys, named after the parameter of the key:
/// <c>ProdSigningKeyPassword</c> for <c>ProdSigningKey</c>. They are no parameters: a command line and a file would show the password.
/// </summary>
public static class SigningKeyVariables
{
    /// <summary>Gets the name of the variable for the password.</summary>
    /// <param name="parameter">The parameter of the key.</param>
    public static string PasswordOf(string parameter) => parameter + "Password";
}
