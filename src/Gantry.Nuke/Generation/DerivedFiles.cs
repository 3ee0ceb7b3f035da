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
        var folder = build.TemporaryDirectory.Parent;
        var generated = KnownTargets.Find(build) is { } targets
            ? GenerationRun.GeneratorsOf(build).SelectMany(generator => generator.CreateFiles(build, targets).Files).Select(file => file.Path)
            : [];
        string[] artifacts = build is IHazArtifacts { ArtifactsDirectory: var directory } && Below(directory) is var path && !path.StartsWith("..", StringComparison.Ordinal) ? [path] : [];
        return [Below(folder / "build.schema.json"), Below(build.TemporaryDirectory), .. artifacts, .. generated];

        string Below(AbsolutePath path) => build.RootDirectory.GetUnixRelativePathTo(path);
    }
}
