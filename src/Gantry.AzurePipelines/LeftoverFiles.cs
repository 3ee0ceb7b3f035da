namespace Gantry.AzurePipelines;

/// <summary>A folder with a file for each of something, where files may be left of what is gone.</summary>
/// <param name="Folder">The folder, from the root of the repository.</param>
/// <param name="Pattern">The names of such files.</param>
/// <param name="IsGenerated">Whether a file of this content is generated; all others are somebody's own.</param>
internal sealed record LeftoverFiles(string Folder, string Pattern, Func<string, bool> IsGenerated)
{
    /// <summary>The files that are generated and not among those that there should be, from the root.</summary>
    public IReadOnlyList<string> Find(string root, IReadOnlyList<GeneratedFile> files)
    {
        var folder = Path.Combine(root, Folder);
        if (!Directory.Exists(folder))
            return [];

        return
        [
            .. Directory.EnumerateFiles(folder, Pattern)
                .Select(path => (Path: path, Name: $"{Folder}/{Path.GetFileName(path)}"))
                .Where(found => files.All(file => file.Path != found.Name) && IsGenerated(File.ReadAllText(found.Path)))
                .Select(found => found.Name)
                .Order(StringComparer.Ordinal),
        ];
    }
}
