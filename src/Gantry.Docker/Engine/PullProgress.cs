using Docker.DotNet.Models;

namespace Gantry.Docker.Engine;

/// <summary>Reduces the progress messages of pulls and pushes to the lines that belong in a log.</summary>
internal static class PullProgress
{
    /// <summary>Returns a line for the log, or null for progress that only a terminal can show.</summary>
    public static string? Describe(JSONMessage message)
    {
        if (message.Status is not { Length: > 0 } status)
            return null;
        if (string.IsNullOrEmpty(message.ID))
            return status;
        return status.StartsWith("Pulling from ", StringComparison.Ordinal) ? $"{status}, {message.ID}"
            : status is "Pull complete" or "Pushed" or "Layer already exists" ? $"{message.ID}: {status}"
            : null;
    }
}
