namespace Gantry.Nuke;

/// <summary>The log file of the build, which a run keeps open: two runs in one folder would also compile into the same folders.</summary>
internal static class BuildLog
{
    /// <summary>
    /// Refuses to go on while another run has the file open, <c>GAN7048</c>, and when it may not be written, <c>GAN7052</c>.
    /// </summary>
    public static void EnsureUnused(AbsolutePath log)
    {
        // A process that only generates files has no log of its own.
        if (BuildServerConfigurationGeneration.IsActive)
            return;

        try
        {
            // As the build system opens it a moment later.
            if (File.Exists(log))
                File.OpenWrite(log).Dispose();
        }
        catch (IOException)
        {
            throw BuildErrors.AnotherRun(log);
        }
        catch (UnauthorizedAccessException)
        {
            throw BuildErrors.LogNotWritable(log);
        }
    }
}
