namespace Gantry.Nuke.Execution;

/// <summary>
/// The names that the build system uses for its files and variables: those of NUKE or of Fallout. They are determined at run time, because
/// the same sources are compiled for both (docs/adr/0013-build-systems.md).
/// </summary>
internal static class BuildSystem
{
    // Fallout also reads the variables of NUKE, for builds that were migrated.
    private const string OlderPrefix = "NUKE";

    // Its namespaces begin with its name.
    private static readonly string Name = typeof(INukeBuild).Namespace!.Split('.')[0];

    // In Fallout, the solution types are in a namespace beside the others.
    private static readonly string[] OwnNamespaces = [typeof(INukeBuild).Namespace!, typeof(Solution).Namespace!];

    /// <summary>The name of the folder that marks a root, for use before a build object exists.</summary>
    public static string FolderName { get; } = "." + Name.ToLowerInvariant();

    /// <summary>The file with the parameters of every run, relative to the root.</summary>
    public static string ParametersFile =>
        NukeBuild.RootDirectory.GetUnixRelativePathTo(NukeBuild.TemporaryDirectory.Parent / "parameters.json");

    /// <summary>Gets the prefixes of environment variables for the build, without underscores. The first one takes precedence.</summary>
    public static IReadOnlyList<string> VariablePrefixes { get; } = [.. new[] { Name.ToUpperInvariant(), OlderPrefix }.Distinct()];

    /// <summary>True for a type of the build system itself, which the build system converts in its own way.</summary>
    public static bool Owns(Type type) =>
        OwnNamespaces.Any(name => type.Namespace == name || type.Namespace?.StartsWith(name + ".", StringComparison.Ordinal) == true);

    /// <summary>Returns the folder with the parameters and temporary files of a build.</summary>
    public static AbsolutePath FolderOf(INukeBuild build) => build.TemporaryDirectory.Parent;
}
