using Gantry.Images;
using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Building;

/// <summary>Forwards the messages of an image builder to the log of the build.</summary>
internal sealed class BuilderLog : IBuildLog
{
    public void Information(string message) => BuildOutput.Information(WithoutTabs(message));

    public void Warning(string message) => BuildOutput.Warning(WithoutTabs(message));

    // Compilers and package managers indent with them.
    private static string WithoutTabs(string message) => message.Replace("\t", "    ", StringComparison.Ordinal);
}
