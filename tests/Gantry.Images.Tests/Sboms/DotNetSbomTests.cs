using System.Text.Json.Nodes;
using Gantry.Images.Tests.Fixtures;
using Gantry.Sboms;
using Gantry.Testing;

namespace Gantry.Images.Tests.Sboms;

public sealed class DotNetSbomTests
{
    private const string Hash = "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==";

    /// <summary>The targets and libraries of a file, and the packages that are in the image.</summary>
    public static TheoryData<string, string, string, string[]> Cases => new()
    {
        {
            "a package with a file", """ "A/1.0.0":{"runtime":{"lib/a.dll":{}}} """, """ "A/1.0.0":{"type":"package"} """,
            ["pkg:nuget/A@1.0.0"]
        },
        { "compiled against only", """ "A/1.0.0":{"compile":{"ref/a.dll":{}}} """, """ "A/1.0.0":{"type":"package"} """, [] },
        { "no assets", """ "A/1.0.0":{} """, """ "A/1.0.0":{"type":"package"} """, [] },
        { "an empty folder", """ "A/1.0.0":{"runtime":{"lib/net8.0/_._":{}}} """, """ "A/1.0.0":{"type":"package"} """, [] },
        { "in no target", "", """ "A/1.0.0":{"type":"package"} """, [] },
        {
            "satellite assemblies", """ "A/1.0.0":{"resources":{"lib/de/a.resources.dll":{"locale":"de"}}} """,
            """ "A/1.0.0":{"type":"package"} """, ["pkg:nuget/A@1.0.0"]
        },
        { "a native file", """ "A/1.0.0":{"native":{"a.so":{}}} """, """ "A/1.0.0":{"type":"package"} """, ["pkg:nuget/A@1.0.0"] },
        {
            "files for runtimes", """ "A/1.0.0":{"runtimeTargets":{"runtimes/linux/a.so":{"rid":"linux","assetType":"native"}}} """,
            """ "A/1.0.0":{"type":"package"} """, ["pkg:nuget/A@1.0.0"]
        },
        {
            "a part of .NET that is published with it",
            """ "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.12":{"runtime":{"a.dll":{}}} """,
            """ "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.12":{"type":"runtimepack"} """,
            ["pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@10.0.12"]
        },
        {
            "a version that has to be encoded", """ "A.b_c/1.0.0-rc.1+5":{"runtime":{"a.dll":{}}} """,
            """ "A.b_c/1.0.0-rc.1+5":{"type":"package"} """, ["pkg:nuget/A.b_c@1.0.0-rc.1%2B5"]
        },
    };

    [Theory, MemberData(nameof(Cases))]
    public async Task A_package_is_listed_when_its_files_are_there(string name, string targets, string libraries, string[] expected)
    {
        var sbom = await SbomFixture.CreateAsync(
            "dotnet-" + name.Replace(' ', '-'), [BaseImageFactory.File("app/X.deps.json", SbomFixture.DepsOf(targets, libraries))]);

        Assert.Equal(expected, sbom.Purls());
        Assert.Empty(sbom.Notes);
    }

    [Fact]
    public async Task A_package_has_the_hash_of_its_file()
    {
        var file = SbomFixture.DepsOf(
            """ "A/1.0.0":{"runtime":{"a.dll":{}}} """, $$""" "A/1.0.0":{"type":"package","sha512":"{{Hash}}"} """);

        var sbom = await SbomFixture.CreateAsync("dotnet-hash", [BaseImageFactory.File("app/X.deps.json", file)]);

        // That of nothing, in hexadecimal.
        var hash = Assert.Single(Assert.Single(sbom.Components).Hashes);
        Assert.Equal(("SHA-512", 128), (hash.Algorithm, hash.Content.Length));
        Assert.StartsWith("cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce", hash.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Projects_and_assemblies_are_no_packages()
    {
        var file = SbomFixture.DepsOf(
            """
            "Shop/2.0.0":{"dependencies":{"Shop.Core":"2.0.0","Vendor.Reference":"3.0.0.0"},"runtime":{"Shop.dll":{}}},
            "Shop.Core/2.0.0":{"runtime":{"Shop.Core.dll":{}}},
            "Vendor.Reference/3.0.0.0":{"runtime":{"Vendor.dll":{}}}
            """,
            """
            "Shop/2.0.0":{"type":"project"},"Shop.Core/2.0.0":{"type":"project"},"Vendor.Reference/3.0.0.0":{"type":"reference"}
            """);

        var sbom = await SbomFixture.CreateAsync("dotnet-projects", [BaseImageFactory.File("app/Shop.deps.json", file)]);

        Assert.Equal(
            ["file Vendor.Reference 3.0.0.0 ", "application Shop.Core 2.0.0 ", "application Shop 2.0.0 "],
            sbom.Components.Select(component => $"{component.Type} {component.Name} {component.Version} {component.Purl}"));
        Assert.Equal(["project:Shop@2.0.0"], DependenciesOf(sbom.Document, sbom.Document.Subject!.BomRef!));
    }

    [Fact]
    public async Task Dependencies_lead_through_packages_without_files()
    {
        var file = SbomFixture.DepsOf(
            """
            "X/1.0.0":{"dependencies":{"Meta":"1.0.0"},"runtime":{"X.dll":{}}},
            "Meta/1.0.0":{"dependencies":{"A":"1.0.0","Loop":"1.0.0"}},
            "Loop/1.0.0":{"dependencies":{"Meta":"1.0.0","b":"2.0.0"}},
            "A/1.0.0":{"dependencies":{"B":"2.0.0","Nowhere":"1.0.0"},"runtime":{"a.dll":{}}},
            "B/2.0.0":{"dependencies":{"A":"1.0.0"},"runtime":{"b.dll":{}}}
            """,
            """
            "X/1.0.0":{"type":"project"},"Meta/1.0.0":{"type":"package"},"Loop/1.0.0":{"type":"package"},
            "A/1.0.0":{"type":"package"},"B/2.0.0":{"type":"package"}
            """);

        var document = (await SbomFixture.CreateAsync("dotnet-graph", [BaseImageFactory.File("app/X.deps.json", file)])).Document;

        Assert.Equal(["pkg:nuget/A@1.0.0", "pkg:nuget/B@2.0.0"], DependenciesOf(document, "project:X@1.0.0"));
        Assert.Equal(["pkg:nuget/B@2.0.0"], DependenciesOf(document, "pkg:nuget/A@1.0.0"));
        Assert.Equal(["pkg:nuget/A@1.0.0"], DependenciesOf(document, "pkg:nuget/B@2.0.0"));
    }

    [Theory]
    [InlineData("usr/share/dotnet")]
    [InlineData("usr/lib/dotnet")]
    [InlineData("opt/my/dotnet")]
    public async Task A_framework_is_a_component_and_depends_on_its_libraries(string root)
    {
        const string Library = "Microsoft.NETCore.App.Runtime.linux-x64/10.0.12";
        var file = SbomFixture.DepsOf(
                $$""" "{{Library}}":{"runtime":{"System.dll":{} } } """, $$""" "{{Library}}":{"type":"package","sha512":""} """)
            .Replace("v10.0\"", "v10.0/linux-x64\"", StringComparison.Ordinal);

        var sbom = await SbomFixture.CreateAsync(
            "dotnet-framework",
            [BaseImageFactory.File($"{root}/shared/Microsoft.NETCore.App/10.0.12/Microsoft.NETCore.App.deps.json", file)]);

        Assert.Equal(
            [
                "framework Microsoft.NETCore.App 10.0.12 pkg:generic/Microsoft.NETCore.App@10.0.12",
                $"library {Library.Replace('/', ' ')} pkg:nuget/{Library.Replace('/', '@')}",
            ],
            sbom.Components.Select(component => $"{component.Type} {component.Name} {component.Version} {component.Purl}"));
        Assert.Equal(
            ["pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@10.0.12"],
            DependenciesOf(sbom.Document, "framework:Microsoft.NETCore.App@10.0.12"));
    }

    [Fact]
    public async Task A_self_contained_application_has_its_target_by_the_name_in_the_file()
    {
        const string File = """
            {"runtimeTarget":{"name":".NETCoreApp,Version=v10.0/linux-x64"},
             "targets":{".NETCoreApp,Version=v10.0":{"Other/1.0.0":{"runtime":{"o.dll":{}}}},
              ".NETCoreApp,Version=v10.0/linux-x64":{"A/1.0.0":{"runtime":{"a.dll":{}}}}},
             "libraries":{"A/1.0.0":{"type":"package"},"Other/1.0.0":{"type":"package"}}}
            """;

        var sbom = await SbomFixture.CreateAsync("dotnet-self-contained", [BaseImageFactory.File("app/X.deps.json", File)]);

        Assert.Equal(["pkg:nuget/A@1.0.0"], sbom.Purls());
    }

    [Fact]
    public async Task A_package_of_several_applications_is_one_component_with_its_places()
    {
        var sbom = await SbomFixture.CreateAsync(
            "dotnet-two-applications",
            [
                BaseImageFactory.File("b/Y.deps.json", SbomFixture.Deps("Y", "Json/13.0.3")),
                BaseImageFactory.File("a/X.deps.json", SbomFixture.Deps("X", "Json/13.0.3")),
            ]);

        var package = Assert.Single(sbom.Components, component => component.Purl is not null);
        Assert.Equal(["/a/X.deps.json", "/b/Y.deps.json"], package.Properties.Select(property => property.Value));
        Assert.Equal(
            ["project:X@1.0.0", "project:Y@1.0.0"], DependenciesOf(sbom.Document, sbom.Document.Subject!.BomRef!));
    }

    // The tests themselves are an application with packages; the lock file of their project has the same hashes.
    [Fact]
    public async Task A_real_application_has_the_packages_of_its_lock_file()
    {
        var file = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Gantry.Images.Tests.deps.json"));
        var locked = JsonNode.Parse(
            await File.ReadAllTextAsync(
                Path.Combine(RepositoryFiles.Root, "src", "Gantry.Images", "packages.closed.lock.json")))!["dependencies"]!["net10.0"]!;

        var sbom = await SbomFixture.CreateAsync("dotnet-real", [BaseImageFactory.File("app/Gantry.Images.Tests.deps.json", file)]);

        foreach (var name in (string[])["System.IO.Hashing", "Semver"])
        {
            var component = Assert.Single(sbom.Components, component => component.Name == name);
            Assert.Equal($"pkg:nuget/{name}@{locked[name]!["resolved"]}", component.Purl);
            Assert.Equal(
                (string?)locked[name]!["contentHash"], Convert.ToBase64String(Convert.FromHexString(component.Hashes[0].Content)));
        }

        // Analyzers come with the build only.
        Assert.DoesNotContain(sbom.Components, component => component.Name.Contains("Analyzer", StringComparison.Ordinal));
        Assert.Empty(sbom.Notes);
    }

    private static IReadOnlyList<string> DependenciesOf(SbomDocument document, string reference) =>
        document.Dependencies.Single(dependency => dependency.Ref == reference).DependsOn;
}
