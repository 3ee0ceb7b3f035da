using Gantry.IO;

namespace Gantry.Images.Applications;

/// <summary>
/// Arranges a published application in one folder for each of its layers, each with the tree that belongs into the folder of the
/// application, so that a Dockerfile copies what seldom changes first. docs/images.md describes what belongs where.
/// </summary>
public sealed class ApplicationLayout
{
    private ApplicationLayout(IReadOnlyDictionary<string, ApplicationLayer> files, string? reason) =>
        (Files, OneLayerReason) = (files, reason);

    /// <summary>The names of the folders, in the order in which they are copied.</summary>
    public static IReadOnlyList<string> Folders { get; } = [.. Enum.GetValues<ApplicationLayer>().Select(FolderOf)];

    /// <summary>
    /// The names of the folders whose files come from elsewhere and can have a time that does not depend on the commit. The static files
    /// that a server serves are in none of them.
    /// </summary>
    public static IReadOnlyList<string> FixedTimeFolders { get; } =
        [FolderOf(ApplicationLayer.Frameworks), FolderOf(ApplicationLayer.Packages)];

    /// <summary>The layer of each file and link, by its path in the application.</summary>
    public IReadOnlyDictionary<string, ApplicationLayer> Files { get; }

    /// <summary>The reason why everything is in one layer, as a clause: <c>it has no deps.json file</c>; null when it is not.</summary>
    public string? OneLayerReason { get; }

    /// <summary>Returns the name of the folder of a layer.</summary>
    /// <param name="layer">The layer.</param>
    public static string FolderOf(ApplicationLayer layer) => layer.ToString().ToLowerInvariant();

    /// <summary>
    /// Moves the files of a published application into the folders of their layers, all of which exist afterwards. What the
    /// <c>*.deps.json</c> files at the top list belongs to frameworks, packages or assemblies. Without such a file, as with single files
    /// and native AOT, everything belongs to the assemblies. Throws <c>GAN3027</c> for a file that cannot be moved.
    /// </summary>
    /// <param name="folder">The folder that the application was published to.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<ApplicationLayout> ArrangeAsync(string folder, CancellationToken cancellationToken)
    {
        var entries = PublishedEntry.List(folder);
        var (libraries, reason) = await ApplicationLibraries.ReadAsync(folder, entries, cancellationToken);
        var layers = entries.ToDictionary(entry => entry.Path, entry => libraries.LayerOf(entry.Path), StringComparer.Ordinal);

        // The application may have folders with the names of layers, so that its files leave the folder before layers come into it.
        var staging = Path.Combine(folder, ".layers");
        while (Path.Exists(staging))
            staging += "_";
        foreach (var entry in entries)
            Move(entry, Path.Combine(staging, FolderOf(layers[entry.Path]), entry.Path));
        foreach (var old in Directory.GetDirectories(folder).Where(old => old != staging))
            Directory.Delete(old, recursive: true);
        foreach (var name in Folders)
        {
            Directory.CreateDirectory(Path.Combine(staging, name));
            Directory.Move(Path.Combine(staging, name), Path.Combine(folder, name));
        }

        Directory.Delete(staging, recursive: true);
        return new ApplicationLayout(
            entries
                .Where(entry => entry.Kind != FileKind.Directory)
                .ToDictionary(entry => entry.Path, entry => layers[entry.Path], StringComparer.Ordinal),
            reason);
    }

    private static void Move(PublishedEntry entry, string target)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (entry.Kind == FileKind.Directory)
                Directory.CreateDirectory(target);
            else if (entry.Kind == FileKind.SymbolicLink)
                MoveLink(entry.FullPath, target);
            else
                File.Move(entry.FullPath, target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ResourceLimits.Find(exception, target) ?? ApplicationErrors.CannotArrange(entry.Path, exception.Message, exception);
        }
    }

    // .NET moves no link that leads to a folder or to nothing.
    private static void MoveLink(string path, string target)
    {
        FileSystemInfo link = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        if (link is DirectoryInfo)
            Directory.CreateSymbolicLink(target, link.LinkTarget!);
        else
            File.CreateSymbolicLink(target, link.LinkTarget!);
        link.Delete();
    }
}
