using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Versioning;

/// <summary>The GitVersion program from the package that the build project downloads.</summary>
internal static class GitVersionProgram
{
    /// <summary>Gets the version of what is checked out, or throws <c>GAN7008</c>.</summary>
    /// <remarks>
    /// GitVersion is run here and not injected by <c>[GitVersion]</c>, because that attribute also inspects the remote of the clone, and
    /// logs a stack trace when the remote is a folder.
    /// </remarks>
    public static GitVersion Run(AbsolutePath root)
    {
        try
        {
            // An agent has variables of its own that GitVersion reads, and a run there asks once.
            return NukeBuild.IsLocalBuild
                ? new VersionCache(NukeBuild.TemporaryDirectory / "version.json", new Git(root), PackagesFile)
                    .GetOrAdd(() => Calculate(root))
                : Calculate(root);
        }
        catch (ProcessException exception)
        {
            // The exception has what GitVersion wrote, on several lines.
            BuildOutput.Warning(exception.Message);
            throw VersionErrors.GitVersionFailed("the warning above has what it wrote");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The build system throws exceptions of any type where the package is missing, and where the output is no version.
            BuildOutput.Verbose(exception.ToString());
            throw exception.Message.Contains("package", StringComparison.OrdinalIgnoreCase)
                ? VersionErrors.GitVersionMissing()
                : VersionErrors.GitVersionFailed(exception.Message.Split('\n')[0].Trim().TrimEnd('.', ':'));
        }
    }

    // What NuGet has restored for the project of the build.
    private static string PackagesFile => NukeBuild.BuildProjectDirectory is { } folder ? folder / "obj" / "project.assets.json" : "";

    private static GitVersion Calculate(AbsolutePath root) => GitVersionTasks.GitVersion(_ => _
        .SetFramework("net8.0")
        .EnableNoFetch()
        .EnableNoCache()
        .SetProcessWorkingDirectory(root)
        .DisableProcessOutputLogging()).Result;
}
