using Gantry.Registries;
using Gantry.Azure.SignIn;
using Gantry.Azure;
using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Environments;

/// <summary>The Azure session of a build.</summary>
internal static class AzureSessions
{
    /// <summary>Returns the session. Each sign-in is logged once, in one line.</summary>
    public static AzureSession Of(INukeBuild build) =>
        build.Once(() =>
            new AzureSession(new AzureSessionOptions
            {
                NoProgressTimeout = RegistryEnvironment.ReadNoProgressTimeout(),
                Notice = line => BuildOutput.Information(line),
                Log = VerboseLog.Write,
                Secrets = BuildOutput.Secrets,
            }));
}
