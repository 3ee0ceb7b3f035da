using System.Security.Cryptography;
using Gantry.IO;

namespace Gantry.Nuke.Versioning;

/// <summary>
/// Files that a filter converts between the commit and the working copy. Git compares what the filter makes of them, and a build uses the
/// files themselves.
/// </summary>
/// <seealso href="https://git-scm.com/docs/gitattributes#_filter">gitattributes, filter</seealso>
internal sealed class ConvertedFiles(Git git, IReadOnlyList<string> sources)
{
    private const int LargestPointer = 1024;

    private static ReadOnlySpan<byte> PointerStart => "version https://git-lfs.github.com/spec/"u8;

    /// <summary>Lists files of Git LFS whose content is not there, but only a pointer to it.</summary>
    public IEnumerable<string> ListPointers() => List("filter=lfs").Select(name => name.ToString()).Where(IsPointer);

    /// <summary>Lists the files that another filter converts, or in which git replaces <c>$Id$</c>.</summary>
    public IReadOnlyList<RawName> ListFiltered() =>
        [.. Drivers().SelectMany(driver => List($"filter={driver}")).Concat(List("ident")).Distinct()];

    /// <summary>Returns the hash of a file's bytes; null when it does not exist.</summary>
    public static string? HashOf(string file)
    {
        if (!File.Exists(file))
            return null;
        using var content = RegularFile.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }

    private IEnumerable<string> Drivers() =>
        (git.TryRun("config", "--name-only", "--get-regexp", @"^filter\..*\.(clean|smudge|process)$") ?? "")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(name => name["filter.".Length..name.LastIndexOf('.')])
            .Where(driver => driver != "lfs")
            .Distinct();

    private IReadOnlyList<RawName> List(string attribute) =>
        git.List(["ls-files", "--cached", "-z", "--", $":(top,attr:{attribute})", .. sources.Skip(2)]);

    private bool IsPointer(string name)
    {
        var file = new FileInfo(Path.Combine(git.Folder, name));
        if (!file.Exists || file.LinkTarget is not null || file.Length > LargestPointer)
            return false;
        using var content = RegularFile.OpenRead(file.FullName);
        Span<byte> start = stackalloc byte[PointerStart.Length];
        return content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(PointerStart);
    }
}
