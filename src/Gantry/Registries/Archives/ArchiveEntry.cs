namespace Gantry.Registries.Archives;

/// <summary>What an entry of an archive is.</summary>
internal enum ArchiveEntryKind
{
    /// <summary>A file.</summary>
    File,

    /// <summary>A link to another entry.</summary>
    Link,

    /// <summary>Something that no image consists of: a device, a pipe.</summary>
    Other,
}

/// <summary>An entry of an archive.</summary>
/// <param name="Name">Its name, without what does not tell it apart: <c>./</c> before it, a slash behind it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">Where its content begins in the archive.</param>
/// <param name="Size">The bytes of its content.</param>
/// <param name="LinkTarget">The entry that a link leads to.</param>
internal sealed record ArchiveEntry(string Name, ArchiveEntryKind Kind, long Offset, long Size, string? LinkTarget = null);
