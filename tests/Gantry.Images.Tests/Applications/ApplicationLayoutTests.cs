using System.Text;
using Gantry.Images.Applications;
using Gantry.Testing;

namespace Gantry.Images.Tests.Applications;

/// <summary>A published application is arranged in the folders of its layers.</summary>
public sealed class ApplicationLayoutTests : IDisposable
{
    private const string SelfContained = """
        {
          "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0/linux-x64" },
          "targets": {
            ".NETCoreApp,Version=v10.0": {},
            ".NETCoreApp,Version=v10.0/linux-x64": {
              "Shop/1.2.0": {
                "dependencies": { "Polly.Core": "8.9.1" },
                "runtime": { "Shop.dll": {} },
                "resources": { "de/Shop.resources.dll": { "locale": "de" } }
              },
              "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.12": {
                "runtime": { "System.Private.CoreLib.dll": {} },
                "native": { "libcoreclr.so": {}, "createdump": {} }
              },
              "Polly.Core/8.9.1": {
                "runtime": { "lib/net10.0/Polly.Core.dll": {}, "lib/net10.0/Moved.dll": { "localPath": "plugins/Moved.dll" } },
                "resources": { "lib/net10.0/de/Polly.Core.resources.dll": { "locale": "de" } },
                "native": { "runtimes/linux-x64/native/libpolly.so": {} },
                "runtimeTargets": { "runtimes/unix/lib/net10.0/Polly.Unix.dll": { "rid": "unix", "assetType": "runtime" } }
              },
              "Shop.Data/1.2.0": { "runtime": { "Shop.Data.dll": {} } },
              "Vendor/1.0.0.0": { "runtime": { "Vendor.dll": {} } },
              "Empty/1.0.0": { "runtime": { "lib/net10.0/_._": {} } }
            }
          },
          "libraries": {
            "Shop/1.2.0": { "type": "project" },
            "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.12": { "type": "runtimepack" },
            "Polly.Core/8.9.1": { "type": "package" },
            "Shop.Data/1.2.0": { "type": "project" },
            "Vendor/1.0.0.0": { "type": "reference" },
            "Empty/1.0.0": { "type": "package" }
          }
        }
        """;

    private readonly TempFolder _folder = new();

    private string App => _folder.Combine("app");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_file_goes_to_its_layer()
    {
        Write("Shop.deps.json", SelfContained);
        string[] published =
        [
            "Shop", "Shop.dll", "Shop.pdb", "Shop.Data.dll", "Shop.Data.pdb", "Shop.runtimeconfig.json", "Shop.r2r.dll",
            "de/Shop.resources.dll",
            "System.Private.CoreLib.dll", "libcoreclr.so", "createdump",
            "Polly.Core.dll", "Polly.Core.xml", "plugins/Moved.dll", "de/Polly.Core.resources.dll", "libpolly.so",
            "runtimes/unix/lib/net10.0/Polly.Unix.dll", "Vendor.dll",
            "appsettings.json", "wwwroot/app.js", "wwwroot/Shop.dll", "notes.xml", "tools/tool.deps.json", "fr/Shop.resources.dll",
        ];
        foreach (var path in published)
            Write(path, path);

        var layout = await ApplicationLayout.ArrangeAsync(App, CancellationToken.None);

        Assert.Null(layout.OneLayerReason);
        Assert.Equal(
            [
                "assemblies/Shop.Data.dll", "assemblies/Shop.Data.pdb", "assemblies/Shop.deps.json",
                "assemblies/Shop.dll", "assemblies/Shop.pdb", "assemblies/Shop.r2r.dll", "assemblies/Shop.runtimeconfig.json",
                "assemblies/de/Shop.resources.dll",
                "content/appsettings.json", "content/fr/Shop.resources.dll", "content/notes.xml", "content/tools/tool.deps.json",
                "content/wwwroot/Shop.dll", "content/wwwroot/app.js",
                "frameworks/Shop", "frameworks/System.Private.CoreLib.dll", "frameworks/createdump", "frameworks/libcoreclr.so",
                "packages/Polly.Core.dll", "packages/Polly.Core.xml", "packages/Vendor.dll", "packages/de/Polly.Core.resources.dll",
                "packages/libpolly.so", "packages/plugins/Moved.dll", "packages/runtimes/unix/lib/net10.0/Polly.Unix.dll",
            ],
            Files());
        Assert.Equal(
            Files(), layout.Files.Select(file => $"{ApplicationLayout.FolderOf(file.Value)}/{file.Key}").Order(StringComparer.Ordinal));
        Assert.Equal("wwwroot/Shop.dll", await File.ReadAllTextAsync(Path.Combine(App, "content/wwwroot/Shop.dll")));
        Assert.Equal(ApplicationLayout.Folders.Order(StringComparer.Ordinal), Entries(App));
    }

    [Fact]
    public async Task Folders_of_the_application_may_have_the_names_of_layers()
    {
        Write("Shop.deps.json", SelfContained);
        foreach (var path in (string[])["content/page.html", "packages/content/x", "frameworks", ".layers/y", "Shop.dll"])
            Write(path, path);

        await ApplicationLayout.ArrangeAsync(App, CancellationToken.None);

        Assert.Equal(
            [
                "assemblies/Shop.deps.json", "assemblies/Shop.dll", "content/.layers/y", "content/content/page.html", "content/frameworks",
                "content/packages/content/x",
            ],
            Files());
    }

    [Theory]
    [InlineData(null, "it has no deps.json file, as with a single file or native AOT")]
    [InlineData("{", "Shop.deps.json cannot be read: it is not JSON")]
    [InlineData("{}", "Shop.deps.json cannot be read: its content is not that of a deps.json file")]
    public async Task Without_a_list_of_libraries_there_is_one_layer(string? list, string reason)
    {
        if (list is not null)
            Write("Shop.deps.json", list);
        Write("Shop", "all of it");
        Write("wwwroot/app.js", "");

        var layout = await ApplicationLayout.ArrangeAsync(App, CancellationToken.None);

        Assert.Equal(reason, layout.OneLayerReason);
        Assert.All(layout.Files.Values, layer => Assert.Equal(ApplicationLayer.Assemblies, layer));
        Assert.Contains("assemblies/wwwroot/app.js", Files());
        Assert.Equal(ApplicationLayout.Folders.Order(StringComparer.Ordinal), Entries(App));
    }

    [Fact]
    public async Task A_list_that_names_files_elsewhere_moves_nothing_else()
    {
        _folder.Write("secret.txt", "stays"u8);
        Write("Shop.deps.json", SelfContained.Replace("Vendor.dll", "../secret.txt", StringComparison.Ordinal));

        await ApplicationLayout.ArrangeAsync(App, CancellationToken.None);

        Assert.Equal(["assemblies/Shop.deps.json"], Files());
        Assert.Equal("stays", await File.ReadAllTextAsync(_folder.Combine("secret.txt")));
    }

    [Fact]
    public async Task A_file_of_a_package_and_of_a_project_changes_as_often_as_the_project()
    {
        Write("Shop.deps.json", SelfContained.Replace("Vendor.dll", "Shop.Data.dll", StringComparison.Ordinal));
        Write("Shop.Data.dll", "");

        var layout = await ApplicationLayout.ArrangeAsync(App, CancellationToken.None);

        Assert.Equal(ApplicationLayer.Assemblies, layout.Files["Shop.Data.dll"]);
    }

    [UnixFact]
    public async Task Links_modes_and_empty_folders_stay()
    {
        Write("Shop.deps.json", SelfContained);
        Write("wwwroot/real/a.txt", "a");
        Write("Shop", "");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(App, "Shop"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(Path.Combine(App, "wwwroot", "linked"), "real");
        File.CreateSymbolicLink(Path.Combine(App, "broken"), "nowhere");
        Directory.CreateDirectory(Path.Combine(App, "logs", "today"));

        await ApplicationLayout.ArrangeAsync(App, CancellationToken.None);

        Assert.Equal("real", new FileInfo(Path.Combine(App, "content/wwwroot/linked")).LinkTarget);
        Assert.Equal("nowhere", new FileInfo(Path.Combine(App, "content/broken")).LinkTarget);
        Assert.True(Directory.Exists(Path.Combine(App, "content/logs/today")));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(App, "frameworks/Shop")));
    }

    [UnixFact]
    public async Task A_name_with_a_line_break_is_refused()
    {
        Write("a\nb", "");

        var error = await Assert.ThrowsAsync<GantryException>(() => ApplicationLayout.ArrangeAsync(App, CancellationToken.None));

        Assert.Equal("GAN3027", error.Code);
    }

    private void Write(string path, string content) => _folder.Write(Path.Combine("app", path), Encoding.UTF8.GetBytes(content));

    private string[] Files() =>
    [
        .. Directory.EnumerateFiles(App, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(App, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string?> Entries(string folder) =>
        Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
