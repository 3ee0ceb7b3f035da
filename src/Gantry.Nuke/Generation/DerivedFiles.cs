using Gantry.Nuke.Parameters;

namespace Gantry.Nuke.Generation;

/// <summary>The files that a run of the build writes beside the sources, and that follow from them.</summary>
internal static class DerivedFiles
{
    /// <summary>
    /// Gets their paths below the root: the schema of the parameters, the temporary folder, the artifacts, and what the generators of the
    /// build class write. A run that has just written one has changed no source.
    /// </summary>
    public static IReadOnlyList<string> Of(INukeBuild build)
    {
        var generated = KnownTargets.Find(build) is { } targets
            ? GenerationRun.GeneratorsOf(build).SelectMany(generator => generator.CreateFiles(build, targets).Files).Select(file => file.Path)
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
