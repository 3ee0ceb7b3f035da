using Gantry.Environments;
using Gantry.Nuke;
using Gantry.Registries;

/// <summary>
/// Signs in to registries with secrets that are mounted as files, as Kubernetes does for an agent in a pod:
/// <c>secrets/registry.contoso.com/username</c> and <c>password</c>.
/// </summary>
class Build : GantryBuild, IPromote
{
    public static int Main() => Execute<Build>(x => ((IPushBase)x).PushBase);

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    // The mounted secrets are asked first, then what `docker login` has stored and the Azure sign-in.
    public Configure<IReadOnlyList<ICredentialSource>> CredentialSettings => _ => [new MountedSecrets(RootDirectory / "secrets"), .. _];
}

/// <summary>Finds credentials in a folder that has a folder for each registry.</summary>
class MountedSecrets(AbsolutePath folder) : ICredentialSource
{
    public async ValueTask<RegistryCredential?> FindAsync(string host, CancellationToken cancellationToken)
    {
        // A host may have a port, and not every file system allows a colon in a name.
        var secret = folder / host.Replace(':', '_');
        if (!secret.DirectoryExists())
            return null;

        var user = await File.ReadAllTextAsync(secret / "username", cancellationToken);
        var password = await File.ReadAllTextAsync(secret / "password", cancellationToken);
        return new PasswordCredential(user.Trim(), password.Trim());
    }
}
