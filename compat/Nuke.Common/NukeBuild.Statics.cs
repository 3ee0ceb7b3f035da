using System.Reflection;
using Nuke.Common.CI;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Utilities;

namespace Nuke.Common;

public abstract partial class NukeBuild
{
    // Each is found when it is asked for, so that what is wrong with one is told like any other error.
    private static readonly Lazy<AbsolutePath> s_rootDirectory = new(FindRootDirectory);
    private static readonly Lazy<AbsolutePath> s_temporaryDirectory = new(CreateTemporaryDirectory);
    private static readonly Lazy<AbsolutePath> s_buildAssemblyFile = new(FindBuildAssemblyFile);
    private static readonly Lazy<AbsolutePath> s_buildProjectFile = new(FindBuildProjectFile);
    private static readonly Lazy<string[]> s_profiles = new(() =>
        ParameterService.GetParameter<string[]>(Constants.ProfilesParameterName) ?? []);
    private static Host s_host;

    [Parameter("Root directory during build execution", Name = Constants.RootDirectoryParameterName)]
    public static AbsolutePath RootDirectory => s_rootDirectory.Value;

    public static AbsolutePath TemporaryDirectory => s_temporaryDirectory.Value;

    public static AbsolutePath BuildAssemblyFile => s_buildAssemblyFile.Value;
    public static AbsolutePath BuildAssemblyDirectory => BuildAssemblyFile?.Parent;
    public static AbsolutePath BuildProjectFile => s_buildProjectFile.Value;
    public static AbsolutePath BuildProjectDirectory => BuildProjectFile?.Parent;

    [Parameter("Logging verbosity during build execution. Default is 'Normal'")]
    public static Verbosity Verbosity
    {
        get => (Verbosity)Logging.Level;
        set => Logging.Level = (LogLevel)value;
    }

    [Parameter("Host for execution. Default is 'automatic'")]
    public static Host Host
    {
        get => s_host ??= ParameterService.GetParameter<Host>(nameof(Host)) ?? Host.Default;
        set => s_host = value;
    }

    [Parameter("Defines the profiles to load", Name = Constants.ProfilesParameterName)]
    public static string[] LoadedLocalProfiles => s_profiles.Value;

    public static bool IsLocalBuild => !IsServerBuild;
    public static bool IsServerBuild => Host is IBuildServer;

    AbsolutePath INukeBuild.RootDirectory => RootDirectory;
    AbsolutePath INukeBuild.TemporaryDirectory => TemporaryDirectory;
    AbsolutePath INukeBuild.BuildAssemblyFile => BuildAssemblyFile;
    AbsolutePath INukeBuild.BuildAssemblyDirectory => BuildAssemblyDirectory;
    AbsolutePath INukeBuild.BuildProjectDirectory => BuildProjectDirectory;
    AbsolutePath INukeBuild.BuildProjectFile => BuildProjectFile;
    Verbosity INukeBuild.Verbosity => Verbosity;
    Host INukeBuild.Host => Host;
    bool INukeBuild.IsLocalBuild => IsLocalBuild;
    bool INukeBuild.IsServerBuild => IsServerBuild;

    private static AbsolutePath FindRootDirectory()
    {
        if (ParameterService.GetParameter<AbsolutePath>(Constants.RootDirectoryParameterName) is { } given)
            return given;
        // '--root' without a path is the working directory.
        if (EnvironmentInfo.HasArgument(Constants.RootDirectoryParameterName))
            return EnvironmentInfo.WorkingDirectory;

        var userProfile = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        for (var directory = EnvironmentInfo.WorkingDirectory; directory != null; directory = directory.Parent)
        {
            // The one in the home directory has what belongs to no repository.
            if (Constants.DirectoryOf(directory).DirectoryExists() && directory != userProfile)
                return directory;
        }

        Assert.Fail($"Could not locate '{Product.DirectoryNames[0]}' directory while walking up " +
                    $"from '{EnvironmentInfo.WorkingDirectory}'; create one to mark the root directory, "
                    + "or add '--root [path]' to the invocation.");
        return null;
    }

    private static AbsolutePath CreateTemporaryDirectory() => (Constants.DirectoryOf(RootDirectory) / "temp").CreateDirectory();

    // A test host that loads a build has none of its own.
    private static AbsolutePath FindBuildAssemblyFile()
    {
        var assembly = Assembly.GetEntryAssembly();
        return assembly != null && assembly.GetTypes().Any(x => x.IsSubclassOf(typeof(NukeBuild)))
            ? assembly.Location.ToNullIfEmpty()
            : null;
    }

    private static AbsolutePath FindBuildProjectFile()
    {
        for (var directory = BuildAssemblyDirectory; directory != null; directory = directory.Parent)
        {
            var projects = Directory.GetFiles(directory, "*.csproj");
            Assert.True(projects.Length <= 1, $"Found multiple project files in '{directory}'.");
            if (projects.Length == 1)
                return projects[0];
        }

        return null;
    }
}
