using Gantry.Azure;
using Gantry.Registries;
using Nuke.Common;

namespace Gantry.Nuke;

/// <summary>Opens registries with the credentials that a developer's machine and an Azure Pipelines agent have.</summary>
internal static class RegistrySessions
{
    public static IImageRepositories Create(INukeBuild build) =>
        new RegistrySession(new RegistrySessionOptions { RootFolder = build.RootDirectory, Credentials = [Credentials(build)] });

    /// <summary>What <c>docker login</c> stored, then whoever is signed in to Azure. Also for what a Docker engine pulls.</summary>
    public static ICredentialSource Credentials(INukeBuild build) => build.Once(() => new FirstOf(
        [new DockerConfigCredentials(TimeProvider.System), new AcrCredentialSource(AzureRun.Session(build))]));

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

        public string? Advise(string host, string scopes) => sources.Select(source => source.Advise(host, scopes)).FirstOrDefault(advice => advice is not null);
    }
}
