using System.Runtime.InteropServices;
using Gantry.IO;

namespace Gantry.Images.Layers;

/// <summary>
/// One entry of a layer. It contains everything that determines the bytes of the tar; later only the content is read from the file system.
/// </summary>
/// <param name="Path">The absolute path in the image.</param>
/// <param name="Kind">The kind of the entry.</param>
internal sealed record LayerEntry(string Path, FileKind Kind)
{
    /// <summary>The permission bits, with setuid, setgid and sticky.</summary>
    public required int Mode { get; init; }

    /// <summary>The owner.</summary>
    public required Ownership Owner { get; init; }

    /// <summary>The modification time, in seconds since 1970.</summary>
    public required long ModifiedAt { get; init; }

    /// <summary>The target of a link.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>The size of a file in bytes.</summary>
    public long Size { get; init; }

    /// <summary>The file on this machine that holds the content; null when <see cref="Content"/> holds it.</summary>
    public string? SourceFile { get; init; }

    /// <summary>The content itself, for small generated files.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>Writes the header of the entry in a tar.</summary>
    public byte[] ToTarHeader() =>
        TarHeader.Write(Path, Kind.ToTarEntryType(), Mode, Size, ModifiedAt, Owner.UserId, Owner.GroupId, LinkTarget);
}

/// <summary>The user and the group, by number.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Ownership(long UserId, long GroupId)
{
    public static Ownership Root { get; }
}
