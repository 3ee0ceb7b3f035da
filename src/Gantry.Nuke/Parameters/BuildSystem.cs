namespace Gantry.Nuke.Parameters;

/// <summary>
/// The names that the build system gives to its files and variables: NUKE's or Fallout's. They are asked for, as these sources are the same
/// for both (docs/adr/0013-build-systems.md).
/// </summary>
internal static class BuildSystem
{
    // Fallout reads the variables of builds that came from NUKE, too.
    private const string OlderPrefix = "NUKE";

    // Its namespaces begin with its name.
    private static readonly string Name = typeof(INukeBuild).Namespace!.Split('.')[0];

    // Solutions are in a namespace beside the others in Fallout.
    private static readonly string[] OwnNamespaces = [typeof(INukeBuild).Namespace!, typeof(Solution).Namespace!];

    /// <summary>The name of the folder that marks a root, before any build object exists that knows the folder itself.</summary>
    public static string FolderName { get; } = "." + Name.ToLowerInvariant();

    /// <summary>The file with the parameters of every run, as a path from the root.</summary>
    public static string ParametersFile =>
        NukeBuild.RootDirectory.GetUnixRelativePathTo(NukeBuild.TemporaryDirectory.Parent / "parameters.json");

    /// <summary>Gets the prefixes of environment variables that are meant for the build, without underscores. The first one wins.</summary>
    public static IReadOnlyList<string> VariablePrefixes { get; } = [.. new[] { Name.ToUpperInvariant(), OlderPrefix }.Distinct()];

    /// <summary>True for a type of the build system itself, which reads its values in its own way.</summary>
    public static bool Owns(Type type) =>
        OwnNamespaces.Any(name => type.Namespace == name || type.Namespace?.StartsWith(name + ".", StringComparison.Ordinal) == true);

    /// <summary>The folder of a build with its parameters and its temporary files.</summary>
    public static AbsolutePath FolderOf(INukeBuild build) => build.TemporaryDirectory.Parent;
}
