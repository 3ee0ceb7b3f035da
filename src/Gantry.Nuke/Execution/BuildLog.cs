namespace Gantry.Nuke.Execution;

/// <summary>
/// The log file of the build. A run keeps it open, because two runs in one folder would also compile into the same folders.
/// </summary>
internal static class BuildLog
{
    /// <summary>Throws <c>GAN7048</c> when another run has the file open, and <c>GAN7052</c> when it is not writable.</summary>
    public static void EnsureUnused(AbsolutePath log)
    {
        // A process that only generates files has no log of its own.
        if (BuildServerConfigurationGeneration.IsActive)
            return;

        try
        {
            // In the same way as the build system opens it a moment later.
            if (File.Exists(log))
                File.OpenWrite(log).Dispose();
        }
        catch (IOException)
        {
            throw ExecutionErrors.AnotherRun(log);
        }
        catch (UnauthorizedAccessException)
        {
            throw ExecutionErrors.LogNotWritable(log);
        }
    }
}
