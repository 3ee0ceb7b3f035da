namespace Gantry.Registries.Archives;

/// <summary>The kind of an entry of an archive.</summary>
internal enum ArchiveEntryKind
{
    /// <summary>A file.</summary>
    File,

    /// <summary>A link to another entry.</summary>
    Link,

    /// <summary>An entry that images do not contain: a device, a pipe.</summary>
    Other,
}

/// <summary>An entry of an archive.</summary>
/// <param name="Name">The name, without a leading <c>./</c> or a trailing slash.</param>
/// <param name="Kind">The kind of the entry.</param>
/// <param name="Offset">The position of the content in the archive.</param>
/// <param name="Size">The size of the content in bytes.</param>
/// <param name="LinkTarget">The entry that a link points to.</param>
internal sealed record ArchiveEntry(string Name, ArchiveEntryKind Kind, long Offset, long Size, string? LinkTarget = null);
