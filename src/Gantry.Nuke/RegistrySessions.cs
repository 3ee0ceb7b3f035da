using Gantry.Azure.Registries;
using Gantry.Azure.SignIn;
using Gantry.Environments;
using Gantry.Registries;
using Gantry.Registries.Remote;

namespace Gantry.Nuke;

/// <summary>Opens registries with the credentials that a developer's machine and an Azure Pipelines agent have.</summary>
internal static class RegistrySessions
{
    /// <summary>Returns the session of the build.</summary>
    public static RegistrySession Of(IHazRegistries build) => build.Once(() => Create(build, Credentials(build)));

    /// <summary>
    /// Returns the session for a promotion: that of the build, unless an environment has its own identity. Two environments may share a
    /// registry and have different identities.
    /// </summary>
    public static RegistrySession Of(IHazRegistries build, PromotionEnvironment environment)
    {
        var identities = AzureRun.Identities(build, environment);
        return identities.SequenceEqual(AzureRun.Identities(build, null))
            ? Of(build)
            : build.Once(() => Create(build, Credentials(build, identities)), $"session of {environment.Name}");
    }

    /// <summary>
    /// Returns the credentials: those stored by <c>docker login</c>, then the Azure sign-in. Also used for the pulls of a Docker engine.
    /// </summary>
    public static ICredentialSource Credentials(IHazRegistries build) => build.Once(() => Credentials(build, AzureRun.Identities(build, null)));

    private static FirstOf Credentials(INukeBuild build, IReadOnlyDictionary<string, AzureIdentity> identities) => new(
        [new DockerConfigCredentials(TimeProvider.System), new AcrCredentialSource(AzureRun.Session(build)) { IdentityOf = identities.GetValueOrDefault }]);

    private static RegistrySession Create(INukeBuild build, ICredentialSource credentials) =>
        new(RegistryEnvironment.Apply(new RegistrySessionOptions { RootFolder = build.RootDirectory, Credentials = [credentials] }));

    private sealed class FirstOf(IReadOnlyList<ICredentialSource> sources) : ICredentialSource
    {
        public async ValueTask<RegistryCredential?> FindAsync(string host, CancellationToken cancellationToken)
        {
            foreach (var source in sources)
            {
                if (await source.FindAsync(host, cancellationToken) is { } credential)
                    return credential;
            }

            return null;
        }

        public void OnRefused(string host)
        {
            foreach (var source in sources)
                source.OnRefused(host);
        }

        public string? Advise(string host, string scopes) => sources.Select(source => source.Advise(host, scopes)).FirstOrDefault(advice => advice is not null);
    }
}
