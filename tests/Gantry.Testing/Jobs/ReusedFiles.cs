namespace Gantry.Testing.Jobs;

/// <summary>
/// Copies files from one job to later ones, like an agent that is used again: of the ignored files, those that the test names. They keep
/// their paths relative to the sources; the build in the job decides whether they are up to date.
/// </summary>
/// <param name="folder">The folder that keeps them between jobs.</param>
/// <param name="paths">The files and folders, relative to the sources.</param>
public sealed class ReusedFiles(string folder, IReadOnlyList<string> paths)
{
    private string OriginFile => folder + ".origin";

    /// <summary>Saves the files of a job, when all exist and no earlier job saved them.</summary>
    /// <param name="workspace">The folder of the job.</param>
    /// <param name="sources">The folder of the sources, which is the workspace or in it.</param>
    public void Save(string workspace, string sources)
    {
        if (paths.Count == 0 || Directory.Exists(folder) || !paths.All(path => Path.Exists(Path.Combine(sources, path))))
            return;
        Copy(sources, folder);
        File.WriteAllText(OriginFile, workspace);
    }

    /// <summary>Restores the saved files into a new workspace.</summary>
    /// <param name="workspace">The folder of the job.</param>
    /// <param name="sources">The folder of the sources, which is the workspace or in it.</param>
    public void Restore(string workspace, string sources)
    {
        if (!File.Exists(OriginFile))
            return;
        Copy(folder, sources);

        // Paths that the .NET tools record refer to the workspace of the job.
        var origin = File.ReadAllText(OriginFile);
        foreach (var file in FilesIn(sources).Where(file => Path.GetExtension(file) == ".json"))
            File.WriteAllText(file, File.ReadAllText(file).Replace(origin + "/", workspace + "/", StringComparison.Ordinal));
    }

    private void Copy(string from, string to)
    {
        foreach (var file in FilesIn(from))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private IEnumerable<string> FilesIn(string root) =>
        from path in paths
        let full = Path.Combine(root, path)
        from file in File.Exists(full) ? [full] : Directory.EnumerateFiles(full, "*", SearchOption.AllDirectories)
        select file;
}
