using Gantry.Images;

namespace Gantry.Docker.Tests.Fixtures;

/// <summary>Passes the messages of a builder to an action.</summary>
internal sealed class CallbackLog(Action<string> act) : IBuildLog
{
    public void Information(string message) => act(message);

    public void Warning(string message) => act(message);
}
