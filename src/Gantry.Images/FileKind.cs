using System.Formats.Tar;

namespace Gantry.Images;

/// <summary>The kinds of files that are in build contexts and in layers.</summary>
internal enum FileKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link, which is copied as a link.</summary>
    SymbolicLink,
}

/// <summary>Converts kinds of files.</summary>
internal static class FileKindExtensions
{
    /// <summary>Returns the kind in a tar.</summary>
    public static TarEntryType ToTarEntryType(this FileKind kind) => kind switch
    {
        FileKind.Directory => TarEntryType.Directory,
        FileKind.SymbolicLink => TarEntryType.SymbolicLink,
        _ => TarEntryType.RegularFile,
    };
}
