using Serilog;

namespace Gantry.Nuke.Versioning;

/// <summary>The program GitVersion, of the package that the build project downloads.</summary>
internal static class GitVersionProgram
{
    /// <summary>Gets the version of what is checked out, or throws <c>GAN7008</c>.</summary>
    /// <remarks>
    /// It is called here and not injected by <c>[GitVersion]</c>, as that attribute also looks at the remote of the clone, and logs a stack
    /// trace where the remote is a folder.
    /// </remarks>
    public static GitVersion Run(AbsolutePath root)
    {
        try
        {
            return GitVersionTasks.GitVersion(_ => _
                .SetFramework("net8.0")
                .EnableNoFetch()
                .EnableNoCache()
                .SetProcessWorkingDirectory(root)
                .DisableProcessOutputLogging()).Result;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The build system throws exceptions of any type: no package, a program that fails, an output that is no version.
            Log.Warning("{Message:l}", exception.Message);
            throw BuildErrors.GitVersionFailed("it printed no version (the warning above says more)");
        }
    }
}
