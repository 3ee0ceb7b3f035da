namespace Gantry.PipelineAgent;

/// <summary>
/// Files that a job leaves to later ones, as an agent leaves them that is used again: of those that git ignores, what the test names. They
/// are found where they were, relative to the sources; whether they are still good is for the build in the job to decide.
/// </summary>
internal static class KeptFiles
{
    /// <summary>Keeps the files of a job, when they are all there and no job before had them.</summary>
    public static void Keep(AgentOptions options, string workspace)
    {
        var sources = SourcesIn(workspace);
        if (options.KeptPaths.Count == 0 || Directory.Exists(FolderOf(options)) || !options.KeptPaths.All(path => Path.Exists(Path.Combine(sources, path))))
            return;
        Copy(options, sources, FolderOf(options));
        File.WriteAllText(OriginOf(options), workspace);
    }

    /// <summary>Brings the kept files into a workspace that was just checked out.</summary>
    public static void Bring(AgentOptions options, string workspace)
    {
        if (!File.Exists(OriginOf(options)))
            return;
        var sources = SourcesIn(workspace);
        Copy(options, FolderOf(options), sources);

        // What the tools of .NET write down of other folders is about the workspace that it is in.
        var origin = File.ReadAllText(OriginOf(options));
        foreach (var file in options.KeptPaths.SelectMany(path => FilesOf(Path.Combine(sources, path))).Where(file => Path.GetExtension(file) == ".json"))
            File.WriteAllText(file, File.ReadAllText(file).Replace(origin + "/", workspace + "/", StringComparison.Ordinal));
    }

    private static void Copy(AgentOptions options, string from, string to)
    {
        foreach (var file in options.KeptPaths.SelectMany(path => FilesOf(Path.Combine(from, path))))
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
