using System.Runtime.InteropServices;

namespace Gantry.IO;

/// <summary>What an entry of a layer is.</summary>
internal enum EntryKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    SymbolicLink,
}

/// <summary>One entry of a layer. Everything that becomes bytes of the tar is here; nothing is asked of the file system later but the content.</summary>
/// <param name="Path">The absolute path in the image.</param>
/// <param name="Kind">What it is.</param>
internal sealed record LayerEntry(string Path, EntryKind Kind)
{
    /// <summary>The permission bits, with setuid, setgid and sticky.</summary>
    public required int Mode { get; init; }

    /// <summary>Whose it is.</summary>
    public required Ownership Owner { get; init; }

    /// <summary>When it was changed, in seconds since 1970.</summary>
    public required long ModifiedAt { get; init; }

    /// <summary>Where a link leads.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>The size of a file in bytes.</summary>
    public long Size { get; init; }

    /// <summary>The file on this machine that has the content; null where <see cref="Content"/> has it.</summary>
    public string? SourceFile { get; init; }

    /// <summary>The content itself, for the few small files that are made here.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }
}

/// <summary>User and group by number.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Ownership(int UserId, int GroupId)
{
    public static Ownership Root { get; }
}
