namespace Gantry.WorkflowRunner;

/// <summary>
/// Copies ignored files from one job to later ones, like a runner that is used again. The build in the job decides whether they are up to
/// date.
/// </summary>
internal static class ReusedFiles
{
    public static void Save(RunContext run, string workspace)
    {
        if (run.Options.ReusedPaths.Count == 0 || Directory.Exists(FolderOf(run))
            || !run.Options.ReusedPaths.All(path => Path.Exists(Path.Combine(workspace, path))))
            return;
        Copy(run, workspace, FolderOf(run));
        File.WriteAllText(FolderOf(run) + ".origin", workspace);
    }

    public static void Restore(RunContext run, string workspace)
    {
        if (!File.Exists(FolderOf(run) + ".origin"))
            return;
        Copy(run, FolderOf(run), workspace);

        // Paths that the .NET tools record refer to the workspace of the job.
        var origin = File.ReadAllText(FolderOf(run) + ".origin");
        foreach (var file in run.Options.ReusedPaths
            .SelectMany(path => FilesOf(Path.Combine(workspace, path)))
            .Where(file => Path.GetExtension(file) == ".json"))
            File.WriteAllText(file, File.ReadAllText(file).Replace(origin + "/", workspace + "/", StringComparison.Ordinal));
    }

    private static void Copy(RunContext run, string from, string to)
    {
        foreach (var file in run.Options.ReusedPaths.SelectMany(path => FilesOf(Path.Combine(from, path))))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    private static IEnumerable<string> FilesOf(string path) =>
        File.Exists(path) ? [path] : Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories) : [];

    private static string FolderOf(RunContext run) => Path.Combine(run.Options.WorkFolder, "kept");
}
