using Gantry.Images;

namespace Gantry.Docker.Tests.Fixtures;

/// <summary>A log that calls an action for each message.</summary>
internal sealed class CallbackBuildLog(Action<string> act) : IBuildLog
{
    public void Information(string message) => act(message);

    public void Warning(string message) => act(message);
}
