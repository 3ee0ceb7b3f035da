using Gantry.AzurePipelines.Model;
using Gantry.Environments;

namespace Gantry.AzurePipelines;

/// <summary>
/// The way in which jobs sign in to a registry, where the Azure Resource Manager service connection of the job does not:
/// <c>RegistryLogin.Docker("contoso-harbor")</c>.
/// </summary>
public abstract record RegistryLogin
{
    private protected RegistryLogin()
    {
    }

    /// <summary>Gets access without a credential, also for what would need one to push.</summary>
    public static RegistryLogin Anonymous { get; } = new NoRegistryLogin("anonymous");

    /// <summary>Gets the login of agents that have a credential already, in the Docker configuration of their account.</summary>
    public static RegistryLogin OfAgent { get; } = new NoRegistryLogin("of the agent");

    /// <summary>Signs in with a Docker Registry service connection, by <c>Docker@2</c>, and signs out after the build.</summary>
    /// <param name="serviceConnection">The name of the service connection.</param>
    public static DockerRegistryLogin Docker(string serviceConnection) => new(serviceConnection);

    /// <summary>Gives the build a user name and a password in its environment, and no other step.</summary>
    /// <param name="user">The user name; null when it is in a variable, <c>DevRegistryUser</c> for <c>DevRegistry</c>.</param>
    /// <param name="passwordVariable">
    /// The secret variable of the password or token; null for <c>DevRegistryPassword</c>, after the parameter of the registry.
    /// </param>
    public static PasswordRegistryLogin Password(string? user = null, string? passwordVariable = null) =>
        new() { User = user, PasswordVariable = passwordVariable };

    /// <summary>Signs in with steps of a team's own, which leave a credential in the Docker configuration of the job.</summary>
    /// <param name="logIn">The steps before the build.</param>
    public static OwnRegistryLogin Steps(params IReadOnlyList<Step> logIn) => new(logIn);
}

/// <summary>Signs in with a Docker Registry service connection.</summary>
/// <param name="ServiceConnection">The name of the service connection.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/tasks/reference/docker-v2">Docker@2</seealso>
public sealed record DockerRegistryLogin(string ServiceConnection) : RegistryLogin;

/// <summary>Gives the build a user name and a password in its environment.</summary>
/// <seealso cref="RegistryVariables"/>
public sealed record PasswordRegistryLogin : RegistryLogin
{
    /// <summary>The user name; null when it is in a variable that is named after the parameter of the registry.</summary>
    public string? User { get; init; }

    /// <summary>The secret variable of the password; null for the one that is named after the parameter of the registry.</summary>
    public string? PasswordVariable { get; init; }

    internal string PasswordVariableOf(PipelineRegistry registry) => PasswordVariable ?? RegistryVariables.PasswordOf(registry.Parameter);

    internal IReadOnlyList<KeyValuePair<string, string>> EnvironmentFor(PipelineRegistry registry)
    {
        var (user, password) = (RegistryVariables.UserOf(registry.Parameter), RegistryVariables.PasswordOf(registry.Parameter));
        return [new(user, User ?? $"$({user})"), new(password, $"$({PasswordVariableOf(registry)})")];
    }
}

/// <summary>Signs in with steps of a team's own.</summary>
/// <param name="LogIn">The steps before the build.</param>
public sealed record OwnRegistryLogin(IReadOnlyList<Step> LogIn) : RegistryLogin
{
    /// <summary>The steps after the build, whatever its result was unless they have a condition.</summary>
    public IReadOnlyList<Step> LogOut { get; init; } = [];
}

/// <summary>Signs in nowhere.</summary>
internal sealed record NoRegistryLogin(string Kind) : RegistryLogin;
