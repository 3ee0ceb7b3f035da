namespace Gantry.Images.Context;

/// <summary>What a path of the build context is.</summary>
internal enum ItemKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link, which is copied as it is.</summary>
    SymbolicLink,
}

/// <summary>A file, directory or link of the build context.</summary>
/// <param name="Path">The path from the root of the context, with slashes; empty for the root itself.</param>
/// <param name="FullPath">The path on this machine.</param>
/// <param name="Kind">What it is.</param>
internal sealed record ContextItem(string Path, string FullPath, ItemKind Kind)
{
    /// <summary>The size of a file in bytes.</summary>
    public long Size { get; init; }

    /// <summary>Whether a file can be executed.</summary>
    public bool IsExecutable { get; init; }

    /// <summary>Where a link leads, as it is written.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>The last part of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
