namespace Gantry.Cli.Completion;

/// <summary>Finds folders and files that can be the location of an image.</summary>
internal static class PlaceFinder
{
    // A shell shows no more, and a folder can have very many.
    private const int LongestList = 200;
    private static readonly string[] s_prefixes = ["oci:", "oci-archive:", "docker-archive:"];

    /// <summary>Returns the kinds of locations, or the folders and archives behind one.</summary>
    public static IReadOnlyList<CompletionItem> Find(string current)
    {
        if (s_prefixes.FirstOrDefault(prefix => current.StartsWith(prefix, StringComparison.Ordinal)) is { } given)
            return given == "oci:"
                ? Entries(current[given.Length..], given, withFiles: false)
                : Entries(current[given.Length..], given, withFiles: true);
        return
        [
            .. s_prefixes
                .Where(prefix => prefix.StartsWith(current, StringComparison.Ordinal))
                .Select(prefix => new CompletionItem(prefix, DescriptionOf(prefix))),
        ];
    }

    /// <summary>Returns folders and files.</summary>
    public static IReadOnlyList<CompletionItem> FindFiles(string current, string prefix) => Entries(current, prefix, withFiles: true);

    private static string DescriptionOf(string prefix) => prefix switch
    {
        "oci:" => "an image in a folder",
        "oci-archive:" => "an image in a tar",
        _ => "an image in a file of docker save",
    };

    private static IReadOnlyList<CompletionItem> Entries(string typed, string prefix, bool withFiles)
    {
        var slash = typed.LastIndexOfAny(['/', '\\']);
        var (folder, name) = (typed[..(slash + 1)], typed[(slash + 1)..]);
        try
        {
            var entries = new DirectoryInfo(folder.Length == 0 ? "." : folder).EnumerateFileSystemInfos()
                .Where(entry => entry.Name.StartsWith(name, StringComparison.Ordinal))
                .Where(entry => name.StartsWith('.') || !entry.Name.StartsWith('.'))
                .Where(entry => entry is DirectoryInfo ? !IsPartOfLayout(entry.Name) : withFiles)
                .Take(LongestList)
                .OrderBy(entry => entry.Name, StringComparer.Ordinal);
            return [.. entries.Select(entry => Item(prefix + folder, entry))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }

    private static CompletionItem Item(string before, FileSystemInfo entry) => entry switch
    {
        DirectoryInfo when File.Exists(Path.Combine(entry.FullName, "oci-layout")) => new(before + entry.Name, "an image layout"),
        DirectoryInfo => new($"{before}{entry.Name}/", ""),
        _ => new(before + entry.Name, ""),
    };

    private static bool IsPartOfLayout(string name) => name == "blobs";
}
