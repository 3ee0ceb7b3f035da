using Docker.DotNet.Models;

namespace Gantry.Docker;

/// <summary>Thins out what an engine says while it pulls or pushes: what a log should keep, not every kilobyte.</summary>
internal static class PullProgress
{
    /// <summary>A line for the log, or null for progress that only a terminal could show.</summary>
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
