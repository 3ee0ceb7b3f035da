namespace Gantry.Images.Applications;

/// <summary>A file, a link or an empty directory of a published application.</summary>
/// <param name="Path">The path in the application, with slashes.</param>
/// <param name="FullPath">The path on this machine.</param>
/// <param name="Kind">The kind of the entry.</param>
internal sealed record PublishedEntry(string Path, string FullPath, FileKind Kind)
{
    private static readonly EnumerationOptions s_all = new() { AttributesToSkip = FileAttributes.None, MatchType = MatchType.Simple };

    /// <summary>Lists the entries of an application. Throws <c>GAN3027</c> for what cannot be listed.</summary>
    public static IReadOnlyList<PublishedEntry> List(string folder)
    {
        var entries = new List<PublishedEntry>();
        Add(entries, new DirectoryInfo(folder), "");
        return entries;
    }

    private static void Add(List<PublishedEntry> entries, DirectoryInfo directory, string prefix)
    {
        foreach (var info in Children(directory, prefix))
        {
            var path = prefix + info.Name;
            if (path.Contains('\n', StringComparison.Ordinal))
                throw ApplicationErrors.CannotArrange(path, "its name has a line break");
            if (info is not DirectoryInfo { LinkTarget: null } child)
            {
                entries.Add(new(path, info.FullName, info.LinkTarget is null ? FileKind.File : FileKind.SymbolicLink));
                continue;
            }

            var count = entries.Count;
            Add(entries, child, path + "/");
            if (entries.Count == count)
                entries.Add(new(path, child.FullName, FileKind.Directory));
        }
    }

    private static IEnumerable<FileSystemInfo> Children(DirectoryInfo directory, string prefix)
    {
        try
        {
            return directory.GetFileSystemInfos("*", s_all).OrderBy(info => info.Name, StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ApplicationErrors.CannotArrange(prefix.TrimEnd('/'), exception.Message, exception);
        }
    }
}
