using System.Text.RegularExpressions;
using Gantry.Testing;

namespace Repository.Tests.Style;

/// <summary>No source file depends on running on NUKE or on Fallout (docs/adr/0013-build-systems.md).</summary>
public sealed partial class BuildSystemTests
{
    [Fact]
    public void No_source_names_a_namespace_of_the_build_system() =>
        Assert.Empty(Lines(Sources(), Namespace()));

    [Fact]
    public void No_source_spells_a_folder_or_variable_of_the_build_system() =>
        Assert.Empty(Lines(Sources().Where(file => !file.StartsWith("tests/", StringComparison.Ordinal)), FolderOrVariable()));

    // compat/ and its tests are about these names; so are this file and the tests of the start scripts. A repository that begins with the
    // template or with gantry init is on NUKE.
    private static IEnumerable<string> Sources() => RepositoryFiles.All()
        .Where(file => Path.GetExtension(file) == ".cs")
        .Where(file => !Excluded().IsMatch(file));

    private static List<string> Lines(IEnumerable<string> files, Regex forbidden) =>
        [.. from file in files
            from line in File.ReadLines(Path.Combine(RepositoryFiles.Root, file)).Index()
            where forbidden.IsMatch(line.Item)
            select $"{file}({line.Index + 1}): {line.Item.Trim()}"];

    [GeneratedRegex("^(compat/|tests/Compat\\.|tests/Pipeline.Tests/Bootstrap/|tests/Repository.Tests/Style/BuildSystemTests.cs|\\.ci/|"
        + "src/Gantry.Templates/content/|src/Gantry.Cli/Init/)")]
    private static partial Regex Excluded();

    [GeneratedRegex(@"(?<![.\w])(Nuke|Fallout)\.(Common|Components|Solutions)\b|\b(Fallout|IFallout)Build\b|using (Nuke|Fallout)\b")]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\.nuke\b|\.fallout\b|\b(NUKE|FALLOUT)_")]
    private static partial Regex FolderOrVariable();
}
