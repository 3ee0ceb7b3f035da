using Gantry.Images;
using Serilog;

namespace Gantry.Nuke.Building;

/// <summary>Forwards the messages of an image builder to the log of the build.</summary>
internal sealed class SerilogBuildLog : IBuildLog
{
    public void Information(string message) => Log.Information("{Message:l}", message);

    public void Warning(string message) => Log.Warning("{Message:l}", message);
}
