using Gantry.Images.BaseImages;
using Gantry.Images.Layers;

namespace Gantry.Images.Sboms;

/// <summary>Reads the lists of packages in the file system of an image. A file that cannot be read becomes a note.</summary>
/// <param name="tree">The file system, after all layers.</param>
/// <param name="failures">Creates the errors for what exceeds a limit.</param>
/// <param name="notes">Receives the notes.</param>
internal sealed class PackageFiles(ImageTree tree, LayerFailures failures, SbomNotes notes)
{
    /// <summary>Follows the links of a path; returns null when nothing is there.</summary>
    public string? Find(string path) => tree.Resolve(path) is { } target && tree.Find(target) is not null ? target : null;

    /// <summary>Lists the files of a folder, in ordinal order.</summary>
    public IReadOnlyList<string> List(string folder) => tree.Resolve(folder) is { } target ? tree.List(target) : [];

    /// <summary>Lists the files with the libraries of .NET applications and frameworks, in ordinal order.</summary>
    public IReadOnlyList<string> ListDependencyFiles()
    {
        var found = tree.Entries
            .Where(entry =>
                entry.Kind != FileKind.Directory && entry.Path.EndsWith(KeptFiles.DependenciesSuffix, StringComparison.Ordinal))
            .ToList();
        if (found.Count > Limits.SbomComponents)
            throw failures.TooLarge($"it has {Format.Count(found.Count, "deps.json file")}", nameof(Limits.SbomComponents));

        // A link to another of these files is the same application.
        var files = found.Where(entry => entry.Kind == FileKind.File).Select(entry => entry.Path).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. found.Where(entry => entry.Kind == FileKind.File || tree.Resolve(entry.Path) is not { } target || !files.Contains(target))
                .Select(entry => entry.Path)
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Reads a file; returns null when there is none, and adds a note when it is there and cannot be read.</summary>
    public ReadOnlyMemory<byte>? TryRead(string path)
    {
        if (Find(path) is not { } target)
        {
            if (tree.Find(path) is not null)
                notes.Add(path, "not read, because it is a link that leads to no file");
            return null;
        }

        if (tree.Find(target) is not { Kind: FileKind.File } file)
            return null;
        if (file.Size == file.Content.Length)
            return file.Content;
        notes.Add(path, file.Size > Limits.PackageFileBytes
            ? $"not read, because it has {Format.Count(file.Size, "byte")}, more than {Limits.PackageFileBytes} "
                + $"(limit {nameof(Limits.PackageFileBytes)})"
            : "not read, because it is a link to a file with another kind of name");
        return null;
    }
}
