using System.Text.RegularExpressions;
using Gantry.Testing;

namespace Repository.Tests.Style;

/// <summary>A number before a noun is written by <c>Format.Count</c>: "1 manifest", "2 manifests".</summary>
public sealed partial class CountTests
{
    [Fact]
    public void No_message_writes_a_number_before_a_plural_itself() => Expect.Nothing(
        from file in RepositoryFiles.All()
        where file.StartsWith("src/", StringComparison.Ordinal) && Path.GetExtension(file) == ".cs" && !file.EndsWith("/Format.cs")
        from line in File.ReadLines(Path.Combine(RepositoryFiles.Root, file)).Index()
        from Match match in Plural().Matches(line.Item)
        where !Limit().IsMatch(match.Value)
        select $"{file}:{line.Index + 1}: {match.Value}");

    // In an interpolated string: a hole, at most one adjective, and one of the nouns that are counted here.
    [GeneratedRegex(
        @"(?<=\$@?"".*)\{[^{}""()]*(\([^()]*\))?[^{}""()]*\} ((generated|lower|more|new|test) )?(approvals|approvers|attachments|attempts|blobs|bytes|days|elements|entries|"
        + "environments|errors|faults|fields|files|gates|hosts|hours|images|jobs|layers|levels|lines|manifests|minutes|pages|platforms|"
        + "projects|records|referrers|releases|requests|seconds|stages|tags|targets|tests|values|versions|warnings)\\b")]
    private static partial Regex Plural();

    // Constants, which are never 1.
    [GeneratedRegex(@"^\{(\w+\.)*((Maximum|Most|Longest|Largest)\w*)")]
    private static partial Regex Limit();
}
