namespace Gantry.PipelineAgent;

/// <summary>
/// Copies files from one job to later ones, like an agent that is used again: of the ignored files, those that the test names. They keep
/// their paths relative to the sources; the build in the job decides whether they are up to date.
/// </summary>
internal static class ReusedFiles
{
    /// <summary>Saves the files of a job, when all exist and no earlier job saved them.</summary>
    public static void Save(AgentOptions options, string workspace)
    {
        var sources = SourcesIn(workspace);
        if (options.ReusedPaths.Count == 0
            || Directory.Exists(FolderOf(options))
            || !options.ReusedPaths.All(path => Path.Exists(Path.Combine(sources, path))))
            return;
        Copy(options, sources, FolderOf(options));
        File.WriteAllText(OriginOf(options), workspace);
    }

    /// <summary>Restores the saved files into a new workspace.</summary>
    public static void Restore(AgentOptions options, string workspace)
    {
        if (!File.Exists(OriginOf(options)))
            return;
        var sources = SourcesIn(workspace);
        Copy(options, FolderOf(options), sources);

        // Paths that the .NET tools record refer to the workspace of the job.
        var origin = File.ReadAllText(OriginOf(options));
        foreach (var file in options.ReusedPaths
            .SelectMany(path => FilesOf(Path.Combine(sources, path)))
            .Where(file => Path.GetExtension(file) == ".json"))
            File.WriteAllText(file, File.ReadAllText(file).Replace(origin + "/", workspace + "/", StringComparison.Ordinal));
    }

    private static void Copy(AgentOptions options, string from, string to)
    {
        foreach (var file in options.ReusedPaths.SelectMany(path => FilesOf(Path.Combine(from, path))))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static IEnumerable<string> FilesOf(string path) =>
        File.Exists(path) ? [path] : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories);

    private static string SourcesIn(string workspace) => Path.Combine(workspace, "s");

    private static string FolderOf(AgentOptions options) => Path.Combine(options.WorkFolder, "kept");

    private static string OriginOf(AgentOptions options) => Path.Combine(options.WorkFolder, "kept.origin");
}
