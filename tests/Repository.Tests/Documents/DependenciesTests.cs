using System.Text.RegularExpressions;
using System.Xml.Linq;
using Gantry.Testing;

namespace Repository.Tests.Documents;

/// <summary>Every dependency is used and explained in docs/dependencies.md, which lists no others.</summary>
public sealed partial class DependenciesTests
{
    [Fact]
    public void Every_package_with_a_version_is_used() => Assert.Empty(WithVersion().Except(Used()).Order());

    [Fact]
    public void Every_package_is_explained_and_nothing_else()
    {
        var explained = Explained();

        Assert.Empty(WithVersion().Concat(Downloaded()).Except(explained).Order());
        Assert.Empty(explained.Except(WithVersion().Concat(Downloaded())).Order());
    }

    private static List<string> WithVersion() => Items("Directory.Packages.props", "PackageVersion");

    // GitVersion.MsBuild has the same program, and is explained in the line of GitVersion.Tool.
    private static List<string> Downloaded() =>
        [.. Items("build/_build.csproj", "PackageDownload").Where(package => package != "GitVersion.MsBuild")];

    private static IEnumerable<string> Used() => RepositoryFiles.All()
        .Where(file => Path.GetExtension(file) is ".csproj" or ".props" or ".targets")
        .SelectMany(file => Items(file, "PackageReference"))
        .SelectMany(package =>
            new[] { "Nuke", "Fallout" }.Select(system => package.Replace("$(BuildSystem)", system, StringComparison.Ordinal)));

    private static List<string> Items(string file, string name) => XDocument.Load(Path.Combine(RepositoryFiles.Root, file))
        .Descendants(name)
        .Select(element => (string?)element.Attribute("Include"))
        .OfType<string>()
        .ToList();

    // A package of several projects is explained for each.
    private static List<string> Explained() => Row().Matches(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs/dependencies.md")))
        .SelectMany(row => row.Groups["packages"].Value.Split(','))
        .Select(package => package.Trim())
        .Where(package => package is not ("package" or "---"))
        .ToList();

    [GeneratedRegex(@"^\| (?<packages>[^|]+) \| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
