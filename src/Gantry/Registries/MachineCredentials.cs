namespace Gantry.Registries;

/// <summary>The credential sources that every machine has, in the order in which a build and the command line ask them.</summary>
public static class MachineCredentials
{
    /// <summary>
    /// Creates the sources: Docker's configuration, then the credential helpers of clouds. Those that need a library of a cloud come after
    /// them.
    /// </summary>
    /// <param name="timeProvider">The clock for the time limits of credential helpers.</param>
    public static IReadOnlyList<ICredentialSource> Create(TimeProvider? timeProvider = null) =>
        [new DockerConfigCredentials(timeProvider), new CloudCredentialHelpers(timeProvider)];
}
