using System.Text.Json;
using System.Xml.Linq;
using Gantry.Testing;

namespace Repository.Tests.Documents;

/// <summary>The lock files of the packages are those of the projects and versions (docs/adr/0021-locked-packages.md).</summary>
public sealed class LockFileTests
{
    private const string Closed = "packages.closed.lock.json";
    private const string Remedy = "run .ci/lock-files";

    [Fact]
    public void Every_project_has_a_lock_file() => Expect.Nothing(
        from project in RepositoryFiles.All()
        where Path.GetExtension(project) == ".csproj" && !project.StartsWith("src/Gantry.Templates/content/", StringComparison.Ordinal)
        let file = Path.Combine(Path.GetDirectoryName(project)!, Closed)
        where !File.Exists(Path.Combine(RepositoryFiles.Root, file))
        select $"{file} is missing: {Remedy}");

    [Fact]
    public void Every_lock_file_has_the_versions_of_the_repository()
    {
        var packages = XDocument.Load(Path.Combine(RepositoryFiles.Root, "Directory.Packages.props"));
        var versions = packages.Descendants("PackageVersion")
            .Select(package => (Name: package.Attribute("Include")!.Value, Version: package.Attribute("Version")!.Value))
            .Append((Name: "Microsoft.NET.ILLink.Tasks", Version: packages.Descendants("TrimAnalyzersVersion").Single().Value))
            .ToDictionary(package => package.Name, package => package.Version, StringComparer.OrdinalIgnoreCase);

        Expect.Nothing(
            from file in RepositoryFiles.All()
            where Path.GetFileName(file) is "packages.lock.json" or Closed
            from package in ReadDirect(file)
            where versions.GetValueOrDefault(package.Name) != package.Version
            select $"{file}: {package.Name} {package.Version} is not the version of the repository: {Remedy}");
    }

    private static IEnumerable<(string Name, string Version)> ReadDirect(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryFiles.Root, file)));
        return
        [
            .. from framework in document.RootElement.GetProperty("dependencies").EnumerateObject()
               from package in framework.Value.EnumerateObject()
               where package.Value.GetProperty("type").GetString() is "Direct" or "CentralTransitive"
               select (package.Name, package.Value.GetProperty("resolved").GetString()!),
        ];
    }
}
