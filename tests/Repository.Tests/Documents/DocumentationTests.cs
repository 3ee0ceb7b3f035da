using System.Text.RegularExpressions;
using Gantry.Testing;

namespace Repository.Tests.Documents;

/// <summary>Every relative link in the documentation leads to an existing file and heading.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Pages => [.. RepositoryFiles.All().Where(IsPage)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_has_a_target(string page)
    {
        var text = CodeBlock().Replace(File.ReadAllText(PathOf(page)), "");

        var dead = Link().Matches(text).Select(match => match.Groups["to"].Value).Where(link => !LeadsSomewhere(page, link));

        Assert.Empty(dead);
    }

    // Snapshots contain expected output.
    private static bool IsPage(string file) =>
        file.EndsWith(".md", StringComparison.Ordinal) && !file.EndsWith(".verified.md", StringComparison.Ordinal);

    private static bool LeadsSomewhere(string page, string link)
    {
        if (Uri.TryCreate(link, UriKind.Absolute, out _))
            return true;
        var (path, heading) = link.Split('#', 2) is [var before, var after] ? (before, after) : (link, null);
        var target = path.Length == 0 ? PathOf(page) : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(PathOf(page))!, path));
        return heading is null
            ? File.Exists(target) || Directory.Exists(target)
            : File.Exists(target)
                && Heading().Matches(File.ReadAllText(target)).Any(match => ToAnchor(match.Groups["text"].Value) == heading);
    }

    // The anchors of GitHub and Azure DevOps.
    private static string ToAnchor(string heading) =>
        NotOfAnAnchor().Replace(Link().Replace(heading, "${text}").Trim().ToLowerInvariant(), "").Replace(' ', '-');

    private static string PathOf(string file) => Path.Combine(RepositoryFiles.Root, file);

    [GeneratedRegex(@"\[(?<text>[^\]]*)\]\((?<to>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotOfAnAnchor();
}
