using Gantry.Images;

namespace Gantry.Docker.Tests.Fixtures;

/// <summary>A log that records messages.</summary>
internal sealed class RecordingBuildLog : IBuildLog
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public void Information(string message) => Add(message);

    public void Warning(string message) => Add("warning: " + message);

    private void Add(string line)
    {
        lock (_lines)
            _lines.Add(line);
    }
}
