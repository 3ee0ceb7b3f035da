using Gantry.Azure;
using Nuke.Common;
using Serilog;

namespace Gantry.Nuke;

/// <summary>Azure, as this build speaks to it.</summary>
internal static class AzureRun
{
    /// <summary>Who is signed in, each identity once, told in one line of the log.</summary>
    public static AzureSession Session(INukeBuild build) =>
        build.Once(() => new AzureSession(new AzureSessionOptions { Notice = line => Log.Information("{Line:l}", line) }));
}
