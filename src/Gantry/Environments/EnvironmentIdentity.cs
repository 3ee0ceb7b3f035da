namespace Gantry.Environments;

/// <summary>
/// The identity for requests to the registries and services of an environment. Derived types belong to the service: for Azure, an
/// <c>AzureIdentity</c>.
/// </summary>
public abstract record EnvironmentIdentity
{
    /// <summary>Validates the identity without any request; throws a coded error.</summary>
    /// <param name="owner">The owner of the identity, for the message: <c>the environment 'prod'</c>.</param>
    public abstract void Check(string owner);
}
