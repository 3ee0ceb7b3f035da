using Gantry.Azure;
using Gantry.Registries;
using Nuke.Common;

namespace Gantry.Nuke;

/// <summary>Opens registries with the credentials that a developer's machine and an Azure Pipelines agent have.</summary>
internal static class RegistrySessions
{
    public static IImageRepositories Create(INukeBuild build) =>
        new RegistrySession(new RegistrySessionOptions { RootFolder = build.RootDirectory, Credentials = Sources(build) });

    /// <summary>The same credentials for the registries that a Docker engine pulls base images from.</summary>
    public static ICredentialSource Credentials(INukeBuild build) => Sources(build)[0];

    private static ICredentialSource[] Sources(INukeBuild build) =>
        build.Once(() => new ICredentialSource[] { new AcrCredentialSource(TimeProvider.System) });
}
