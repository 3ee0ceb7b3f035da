namespace Gantry.Environments;

/// <summary>
/// As whom the registries and services of an environment are spoken to. What that takes is known where the service is: of Azure, an
/// <c>AzureIdentity</c>.
/// </summary>
public abstract record EnvironmentIdentity
{
    /// <summary>Checks what can be checked without asking anybody; throws a coded error.</summary>
    /// <param name="owner">Whose identity it is, for the message: <c>the environment 'prod'</c>.</param>
    public abstract void Check(string owner);
}
