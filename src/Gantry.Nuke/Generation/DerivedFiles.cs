using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Generation;

/// <summary>The files that a build writes into the working copy and that are derived from the sources.</summary>
internal static class DerivedFiles
{
    /// <summary>
    /// Gets the paths of these files, relative to the root: the parameter schema, the temporary folder, the artifacts, and the output of
    /// the generators of the build class. Writing one of them does not count as a source change.
    /// </summary>
    public static IReadOnlyList<string> Of(INukeBuild build)
    {
        var generated = KnownTargets.Find(build) is { } targets
            ? GenerationRun.GeneratorsOf(build)
                .SelectMany(generator => generator.CreateFiles(build, targets).Files)
                .Select(file => file.Path)
            : [];
        AbsolutePath[] written =
        [
            BuildSystem.FolderOf(build) / "build.schema.json",
            build.TemporaryDirectory,
            .. build is IHazArtifacts { ArtifactsDirectory: var artifacts } ? new[] { artifacts } : [],
        ];
        return [.. written.Select(path => (string)build.RootDirectory.GetUnixRelativePathTo(path)).Where(IsBelowRoot), .. generated];
    }

    private static bool IsBelowRoot(string path) => path is not ("" or ".") && !path.StartsWith("..", StringComparison.Ordinal);
}
