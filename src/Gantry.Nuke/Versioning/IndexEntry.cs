using System.Runtime.InteropServices;

namespace Gantry.Nuke.Versioning;

/// <summary>An entry of git's index.</summary>
/// <param name="Name">The file, from the top of the working copy.</param>
/// <param name="IsFlagged">True when git is told not to look at the file: assume-unchanged, skip-worktree.</param>
/// <param name="IsSubmodule">True when the entry is a commit of another repository.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IndexEntry(RawName Name, bool IsFlagged, bool IsSubmodule)
{
    /// <summary>Lists the entries of the sources.</summary>
    public static IReadOnlyList<IndexEntry> List(Git git, IEnumerable<string> sources) =>
        [.. git.List(["ls-files", "-v", "--stage", "-z", .. sources]).Select(Parse)];

    // "H 100644 <object> 0\t<file>"; the letter is small for assume-unchanged, and S for skip-worktree.
    private static IndexEntry Parse(RawName line)
    {
        var text = line.Bytes;
        return new IndexEntry(
            new RawName(text[(text.IndexOf('\t', StringComparison.Ordinal) + 1)..]),
            char.IsAsciiLetterLower(text[0]) || text[0] == 'S',
            text.AsSpan(2).StartsWith("160000 "));
    }
}
