using Gantry.Images.Tests.Fixtures;
using Gantry.Testing;

namespace Gantry.Images.Tests.Sboms;

/// <summary>Real lists: those of the machine that runs the tests.</summary>
public sealed class ThisMachineTests
{
    [DebianFact]
    public async Task The_packages_are_those_that_dpkg_lists()
    {
        var listed = await ChildProcess.RunAsync(
            "dpkg-query", ["--show", "--showformat=${db:Status-Status} ${Package} ${Version} ${Architecture}\\n"]);
        var installed = listed.Output.Split('\n')
            .Where(line => line.StartsWith("installed ", StringComparison.Ordinal))
            .Select(line => line.Split(' '))
            .Select(fields => $"{Uri.EscapeDataString(fields[1])}@{Uri.EscapeDataString(fields[2])}?arch={fields[3]}&");

        var sbom = await SbomFixture.CreateAsync(
            "this-debian",
            [
                BaseImageFactory.File("etc/os-release", await File.ReadAllTextAsync("/etc/os-release")),
                BaseImageFactory.File("var/lib/dpkg/status", await File.ReadAllTextAsync("/var/lib/dpkg/status")),
            ]);

        Assert.Equal(
            installed.Order(StringComparer.Ordinal),
            sbom.Purls().Select(purl => purl[(purl.LastIndexOf('/') + 1)..(purl.IndexOf("distro=", StringComparison.Ordinal))])
                .Order(StringComparer.Ordinal));
        Assert.Empty(sbom.Notes);
    }

    [Fact]
    public async Task The_frameworks_are_those_that_run_the_tests()
    {
        var runtime = new DirectoryInfo(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        var shared = runtime.Parent!.Parent!;
        var files = shared.EnumerateFiles("*.deps.json", SearchOption.AllDirectories).ToList();

        var sbom = await SbomFixture.CreateAsync(
            "this-dotnet",
            [
                .. files.Select(file => BaseImageFactory.File(
                    "usr/share/dotnet/shared/" + Path.GetRelativePath(shared.FullName, file.FullName).Replace('\\', '/'),
                    File.ReadAllText(file.FullName))),
            ]);

        Assert.Contains(
            $"Microsoft.NETCore.App {runtime.Name}",
            sbom.Components.Where(item => item.Type == "framework").Select(item => $"{item.Name} {item.Version}"));
        Assert.Equal(files.Count, sbom.Components.Count(item => item.Type == "framework"));
        Assert.Contains(sbom.Purls(), purl => purl.StartsWith("pkg:nuget/Microsoft.NETCore.App.Runtime.", StringComparison.Ordinal));
        Assert.Empty(sbom.Notes);
    }

    private sealed class DebianFactAttribute : FactAttribute
    {
        public DebianFactAttribute()
        {
            if (!File.Exists("/var/lib/dpkg/status"))
                Skip = "needs Debian or a distribution that is made of it";
        }
    }
}
