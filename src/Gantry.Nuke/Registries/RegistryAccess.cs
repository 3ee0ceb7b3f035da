using Gantry.Azure.Registries;
using Gantry.Azure.SignIn;
using Gantry.Environments;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;
using Gantry.Pruning;
using Gantry.Registries;

namespace Gantry.Nuke.Registries;

/// <summary>Access to registries, with shared connections and tokens.</summary>
/// <param name="Client">Opens repositories.</param>
/// <param name="Credentials">The credentials: also used for the pulls of a Docker engine.</param>
/// <param name="Locks">Locks tags, with a client of its own: only Azure registries have locks.</param>
/// <param name="Catalog">Lists what Azure registries have, and what is locked there.</param>
internal sealed record RegistryAccess(
    IRegistryClient Client, ICredentialSource Credentials, IImageLocks Locks, IRegistryCatalog Catalog)
{
    /// <summary>
    /// A client for what is shown to people: what has a digest never changes, so what an earlier run has read is not read again.
    /// </summary>
    public IRegistryClient Reading => CachedRegistryClient.OfUser(Client);

    /// <summary>Returns the access of the build.</summary>
    public static RegistryAccess Of(RegistrySettings registries) => registries.Build.Once(() =>
        Create(registries, RegistryPasswords.Of(registries, null), AzureRegistries.Identities(registries, null)));

    /// <summary>
    /// Returns the access for a promotion: that of the build, unless an environment has its own credential. Two environments may share a
    /// registry and have different credentials.
    /// </summary>
    public static RegistryAccess Of(RegistrySettings registries, PromotionEnvironment environment)
    {
        var passwords = RegistryPasswords.Of(registries, environment);
        var identities = AzureRegistries.Identities(registries, environment);
        return identities.SequenceEqual(AzureRegistries.Identities(registries, null))
            && passwords.Parameters.ToHashSet().SetEquals(RegistryPasswords.Of(registries, null).Parameters)
                ? Of(registries)
                : registries.Build.Once(() => Create(registries, passwords, identities), $"access of {environment.Name}");
    }

    private static RegistryAccess Create(
        RegistrySettings registries, RegistryPasswords passwords, IReadOnlyDictionary<string, AzureIdentity> identities)
    {
        // Those in variables of the registry, those stored by `docker login`, those of clouds' helpers, the Azure sign-in.
        var credentials = new FirstCredential(registries.Credentials(
        [
            passwords,
            .. MachineCredentials.Create(TimeProvider.System),
            new AcrCredentialSource(AzureSessions.Of(registries.Build)) { IdentityOf = identities.GetValueOrDefault },
        ]));
        var session = new RegistrySession(RegistryEnvironment.Apply(new RegistrySessionOptions
        {
            RootFolder = registries.Build.RootDirectory,
            Credentials = [credentials],
            Secrets = BuildOutput.Secrets,
            Log = VerboseLog.Write,
            Notice = line => BuildOutput.Information(line),
            Warn = warning => BuildOutput.Warning(warning.Message),
        }));
        return new RegistryAccess(registries.Client(session), credentials, new AcrLocks(session), new AcrCatalog(session));
    }
}
