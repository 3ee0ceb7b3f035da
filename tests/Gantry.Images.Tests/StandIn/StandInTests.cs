using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Gantry.Images.Tests.Fixtures;
using Gantry.Oci;
using Gantry.Releases;
using Gantry.Testing;

namespace Gantry.Images.Tests.StandIn;

public sealed class StandInTests : IAsyncLifetime, IClassFixture<StandInTests.SharedStandInCache>
{
    private const string DotNet =
        "FROM mcr.microsoft.com/dotnet/aspnet:10.0\nCOPY app /app\nWORKDIR /app\nUSER 1654\nENTRYPOINT [\"dotnet\", \"App.dll\"]\n";

    private readonly BuildFixture _build = new();
    private readonly TempFolder _folder = new();
    private readonly string _sharedCache;

    public StandInTests(SharedStandInCache cache)
    {
        _sharedCache = cache.Folder.Path;
        _build.Registries.Failure = new GantryException(
            "GAN2001",
            "the registry mcr.microsoft.com cannot be reached (no such host)",
            "check its name")
        {
            Kind = ErrorKind.Unreachable,
        };
        _build.Options = new OciImageBuilderOptions { AllowStandIn = true, CacheFolder = _sharedCache };
        _build.Write("app/App.dll", "x").Dockerfile(DotNet);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _build.DisposeAsync();
        _folder.Dispose();
    }

    [LinuxFact]
    public async Task An_unreachable_base_image_is_replaced_with_a_warning()
    {
        var built = await _build.BuildAsync(request => request with { Platforms = [Platform.LinuxAmd64, Platform.LinuxArm64] });

        Assert.True(built.StandIn);
        Assert.Null(built.BaseImage);
        var platform = Assert.Single(built.Platforms);
        Assert.False(built.Root.IsIndex);
        var image = await ImageContents.ReadAsync(_build.Target, built.Root.Descriptor.Digest);
        Assert.Equal("true", (string)image.Container["Labels"]![StandInLabel.Name]!);
        Assert.Equal("true", (string)image.Manifest["annotations"]![StandInLabel.Name]!);
        Assert.Equal(platform.Architecture, (string)image.Config["architecture"]!);
        Assert.Contains("ASPNETCORE_HTTP_PORTS=8080", image.Container["Env"]!.AsArray().Select(item => (string)item!));
        Assert.Contains(image.Layers[0], entry => entry is { Name: "tmp/", Mode: "1777" });
        Assert.Contains(image.Layers[0], entry => entry is { Name: "home/app/", UserId: 1654, GroupId: 1654 });
        Assert.Collection(
            _build.Log.Warnings,
            warning => Assert.Contains("mcr.microsoft.com cannot be reached", warning, StringComparison.Ordinal),
            warning => Assert.Contains($"built for {platform} only", warning, StringComparison.Ordinal));
    }

    [LinuxFact]
    public async Task The_same_machine_makes_the_same_stand_in_with_and_without_its_cache()
    {
        _build.Options = new OciImageBuilderOptions { AllowStandIn = true, CacheFolder = _folder.Combine("cache") };
        var first = await _build.BuildAsync();
        var cached = await _build.BuildAsync();
        _build.Options = new OciImageBuilderOptions { AllowStandIn = true };
        var without = await _build.BuildAsync();

        Assert.All([cached, without], image => Assert.Equal(first.Root.Descriptor.Digest, image.Root.Descriptor.Digest));
    }

    [LinuxFact]
    public async Task A_damaged_cache_is_written_again()
    {
        _build.Options = new OciImageBuilderOptions { AllowStandIn = true, CacheFolder = _folder.Combine("cache") };
        var first = await _build.BuildAsync();
        foreach (var file in Directory.EnumerateFiles(_build.Options.CacheFolder!, "*", SearchOption.AllDirectories))
            await File.WriteAllTextAsync(file, "{");

        Assert.Equal(first.Root.Descriptor.Digest, (await _build.BuildAsync()).Root.Descriptor.Digest);
    }

    [Fact]
    public async Task Without_permission_the_error_of_the_registry_is_thrown()
    {
        _build.Options = new OciImageBuilderOptions();

        Assert.Equal("GAN2001", (await _build.FailAsync()).Code);
    }

    [LinuxFact]
    public async Task A_stand_in_needs_the_runtime_on_this_machine()
    {
        _build.Dockerfile("FROM mcr.microsoft.com/dotnet/aspnet:3.1\nCOPY app /app\n");

        var error = await _build.FailAsync();

        Assert.Equal("GAN3020", error.Code);
        Assert.Contains("no runtime of version 3", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Starts the sample service with nothing but the unpacked layers as file system, and waits for its answer.</summary>
    [LinuxRootFact]
    public async Task The_sample_service_starts_in_the_stand_in()
    {
        CopySampleApp(Path.Combine(_build.Context, "app"));
        var built = await _build.BuildAsync();
        var root = _folder.Combine("rootfs");
        await UnpackAsync(built.Root, root);

        using var service = Start(await ImageContents.ReadAsync(_build.Target, built.Root.Descriptor.Digest), root);
        try
        {
            var address = await ReadAddressAsync(service);
            using var client = new HttpClient();
            Assert.Contains("version", await client.GetStringAsync(new Uri(address, "/version")), StringComparison.Ordinal);
        }
        finally
        {
            service.Kill(entireProcessTree: true);
            await service.WaitForExitAsync();
        }
    }

    // Start it like an engine starts a container: /proc and /dev mounted privately, entry point, environment and user of the configuration.
    // chroot starts in the root folder instead of WORKDIR, so the path of the program is absolute.
    private static Process Start(ImageContents image, string root)
    {
        var container = image.Container;
        Assert.Equal(["dotnet", "App.dll"], container["Entrypoint"]!.AsArray().Select(item => (string)item!));
        var start = new ProcessStartInfo("unshare") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
            [
                "--mount",
                "sh",
                "-c",
                "mount -t proc proc \"$0/proc\" && mount --bind /dev \"$0/dev\" && exec chroot --userspec=\"$1\" \"$0\" dotnet \"$2\"",
                root,
                $"{container["User"]}",
                $"{container["WorkingDir"]}/App.dll",
            ])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach (var variable in container["Env"]!.AsArray().Select(item => ((string)item!).Split('=', 2)))
            start.Environment[variable[0]] = variable[1];
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        return Process.Start(start)!;
    }

    private static async Task<Uri> ReadAddressAsync(Process service)
    {
        var lines = new List<string>();
        while (await service.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (Regex.Match(line, "http://127\\.0\\.0\\.1:[1-9][0-9]*") is { Success: true } address)
                return new Uri(address.Value);
        }

        throw new InvalidOperationException(
            $"The service ended.\n{string.Join('\n', lines)}\n{await service.StandardError.ReadToEndAsync()}");
    }

    private static void CopySampleApp(string folder)
    {
        var source = typeof(StandInTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item =>
            item.Key == "SampleAppFolder").Value!;
        foreach (var file in Directory.EnumerateFiles(source))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
    }

    private async Task UnpackAsync(ManifestContent manifest, string root)
    {
        Directory.CreateDirectory(root);
        foreach (var layer in manifest.ReadManifest().Layers)
        {
            var file = Path.Combine(_build.TargetFolder, "blobs", "sha256", layer.Digest.Hex);
            (await ChildProcess.RunAsync("tar", ["-xzpf", file, "-C", root, "--numeric-owner"])).EnsureSuccess();
        }
    }

    /// <summary>A cache that tests share, because creating a stand-in takes seconds.</summary>
    public sealed class SharedStandInCache : IDisposable
    {
        public TempFolder Folder { get; } = new();

        public void Dispose() => Folder.Dispose();
    }
}
