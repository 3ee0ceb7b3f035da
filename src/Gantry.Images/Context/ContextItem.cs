namespace Gantry.Images.Context;

/// <summary>A file, directory or link of the build context.</summary>
/// <param name="Path">The path from the root of the context, with slashes; empty for the root itself.</param>
/// <param name="FullPath">The path on this machine.</param>
/// <param name="Kind">The kind of the item.</param>
internal sealed record ContextItem(string Path, string FullPath, FileKind Kind)
{
    /// <summary>The size of a file in bytes.</summary>
    public long Size { get; init; }

    /// <summary>True when a file is executable.</summary>
    public bool IsExecutable { get; init; }

    /// <summary>The target of a link, as it is written.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>The last part of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
