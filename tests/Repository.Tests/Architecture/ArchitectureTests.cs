using Gantry.Testing;

namespace Repository.Tests.Architecture;

/// <summary>Namespaces of the products use each other in one direction, as listed in the arrows and shown in the documents.</summary>
public sealed class ArchitectureTests
{
    private static readonly ArrowList s_arrows = ArrowList.Read();
    private static readonly IReadOnlySet<TypeDependency> s_dependencies = TypeDependencies.Read(Assemblies(), IsOurs);

    public static TheoryData<string> Documents => ["CONTRIBUTING.md", "docs/architecture.md"];

    [Fact]
    public void Only_listed_arrows_are_used() => Expect.Nothing(
        from dependency in s_dependencies
        where dependency.Used.Namespace != "Gantry" && !s_arrows.Find(dependency).Any()
        select $"{dependency.User} uses {dependency.Used}");

    [Fact]
    public void Every_listed_arrow_is_used() =>
        Expect.Nothing(s_arrows.Arrows.Except(s_dependencies.SelectMany(s_arrows.Find)).Select(arrow => $"{arrow} is not used"));

    [Fact]
    public void Arrows_make_no_circle() => Expect.Nothing(s_arrows.FindCircle().Select(arrow => arrow.ToString()));

    [Fact]
    public void Folders_are_namespaces()
    {
        var wrong =
            from file in RepositoryFiles.All()
            where file.StartsWith("src/Gantry", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)
            let declared = File.ReadLines(Path.Combine(RepositoryFiles.Root, file))
                .FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))
            where declared is not null && declared != $"namespace {string.Join('.', file.Split('/')[1..^1])};"
            select $"{file}: {declared}";

        Expect.Nothing(wrong);
    }

    [Fact]
    public void Packages_show_their_internals_to_tests_only()
    {
        var tests = Directory.GetDirectories(Path.Combine(RepositoryFiles.Root, "tests")).Select(Path.GetFileName).ToList();
        var shown =
            from file in RepositoryFiles.All()
            where file.StartsWith("src/", StringComparison.Ordinal)
                && Path.GetExtension(file) is ".csproj" or ".props" or ".targets" or ".cs"
            from line in File.ReadLines(Path.Combine(RepositoryFiles.Root, file))
            where line.Contains("InternalsVisibleTo", StringComparison.Ordinal)
                && !tests.Exists(project => line.Contains($"\"{project}\"", StringComparison.Ordinal))
            select $"{file}: {line.Trim()}";

        Expect.Nothing(shown);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Documents_show_the_same_arrows(string document) =>
        Assert.Contains(
            $"```text\n{ArrowList.Text}\n```",
            File.ReadAllText(Path.Combine(RepositoryFiles.Root, document)).ReplaceLineEndings("\n"),
            StringComparison.Ordinal);

    private static bool IsOurs(string space) => space == "Gantry" || space.StartsWith("Gantry.", StringComparison.Ordinal);

    private static IEnumerable<string> Assemblies() =>
        Directory.GetFiles(AppContext.BaseDirectory, "Gantry*.dll").Where(file => Path.GetFileName(file) != "Gantry.Testing.dll");
}
