using Gantry.Gates;
using Gantry.PipelineAgent;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Testing;
using Xunit.Abstractions;

namespace Gantry.AzurePipelines.Tests.Agent;

/// <summary>The pipeline of this very repository, as its working copy is now, with real registries on loopback ports.</summary>
public sealed class ThisRepositoryTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Repository => _folder.Combine("repository");

    public void Dispose() => _folder.Dispose();

    [PipelineFact]
    public async Task Promotes_to_dev_test_and_prod_unless_somebody_says_no()
    {
        await using var registries = await Registries.StartAsync("Base", "Dev", "Test", "Prod");
        await CreateRepositoryAsync(PipelineGenerator.Generate(Declaration()).EnsureValid(), baseImage: await registries.PushBaseImageAsync());
        var host = new ScriptedHost().Answering("prod", Answer.Rejected);
        var agent = Agent(host);

        // Somebody says no before prod: it is in test, and nothing of it is in prod.
        var first = await agent.RunAsync(new RunRequest { Variables = registries.Variables }, CancellationToken.None);
        Assert.Equal("Build=Succeeded PromoteDev=Succeeded PromoteTest=Succeeded PromoteProd=Failed", first.ToString());
        var release = await ReleaseRecord.ReadFileAsync(Path.Combine(first.ArtifactFolder, "release", "release.json"), CancellationToken.None);
        Assert.Equal(release.Images[0].Digest, await registries.DigestAsync("Base", release));
        Assert.Equal(release.Images[0].Digest, await registries.DigestAsync("Dev", release));
        Assert.Equal(release.Images[0].Digest, await registries.DigestAsync("Test", release));
        Assert.Null(await registries.DigestAsync("Prod", release));

        // The same commit again, in other folders and processes: the same image, and this time all the way.
        host.Answering("prod", Answer.Approved);
        var second = await agent.RunAsync(new RunRequest { Variables = registries.Variables }, CancellationToken.None);
        Assert.Equal("Build=Succeeded PromoteDev=Succeeded PromoteTest=Succeeded PromoteProd=Succeeded", second.ToString());
        Assert.Equal(release.Images[0].Digest, await registries.DigestAsync("Prod", release));
    }

    /// <summary>A test that runs the whole pipeline, which compiles the build seven times: in CI, or when somebody asks for it.</summary>
    private sealed class PipelineFactAttribute : FactAttribute
    {
        public PipelineFactAttribute() => Skip =
            Component.ReasonToSkip(Component.DockerRegistry)
            ?? (Component.AreRequired || Environment.GetEnvironmentVariable("GANTRY_RUN_PIPELINE") == "1" ? null : "takes minutes (GANTRY_RUN_PIPELINE=1 runs it)");
    }

    // What build/Build.cs declares. The tests of the repository are left out: this is one of them.
    private static PipelineDeclaration Declaration()
    {
        var dev = new PromotionEnvironment("dev");
        var test = new PromotionEnvironment("test") { After = dev, Gates = [Gate.Approval(@"[Contoso]\QA")] };
        var prod = new PromotionEnvironment("prod") { After = test, Gates = [Gate.Approval(@"[Contoso]\Release")] };
        return new()
        {
            Images = [new("app") { Project = "src/App" }],
            Environments = [new(dev), new(test), new(prod)],
            Commands = new() { Steps = [new("Compile"), new("BuildImage")] },
            UseTemplates = true,
        };
    }

    private PipelineAgent.PipelineAgent Agent(IPipelineHost host) => new(new AgentOptions
    {
        Repository = Repository,
        WorkFolder = _folder.Combine("work"),
        Host = host,
        CachedFolder = PackagesFolder,
        HostEnvironment = AgentOptions.Inherit("PATH", "HOME", "LANG", "DOTNET_ROOT", "DOTNET_HOST_PATH", "ClosedFeed"),
        Log = output.WriteLine,
    });

    private static string PackagesFolder => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    // A clone with what the working copy has beside its last commit, and a base image that can be had without the internet.
    private async Task CreateRepositoryAsync(IEnumerable<GeneratedFile> generated, string baseImage)
    {
        var root = FindRoot();
        await GitAsync(root, "clone", "--quiet", "--no-hardlinks", root, Repository);
        foreach (var file in (await GitAsync(root, "ls-files", "--modified", "--others", "--exclude-standard", "-z")).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var target = Path.Combine(Repository, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (File.Exists(Path.Combine(root, file)))
                File.Copy(Path.Combine(root, file), target, overwrite: true);
            else
                File.Delete(target);
        }

        var dockerfile = Path.Combine(Repository, "Dockerfile");
        await File.WriteAllTextAsync(dockerfile, (await File.ReadAllTextAsync(dockerfile)).Replace("mcr.microsoft.com/dotnet/aspnet:10.0", baseImage, StringComparison.Ordinal));
        foreach (var file in generated)
            await File.WriteAllTextAsync(Path.Combine(Repository, file.Path), file.Content);
        await GitAsync(Repository, "add", "--all");
        await GitAsync(Repository, "-c", "user.name=Test", "-c", "user.email=test@contoso.com", "commit", "--quiet", "--allow-empty", "--message", "As the working copy is");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "build.sh")))
                return folder.FullName;
        }

        throw new InvalidOperationException("These tests do not run from inside of the repository.");
    }

    private static async Task<string> GitAsync(string folder, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"git {string.Join(' ', arguments)} exited with {process.ExitCode}");
        return text;
    }

    /// <summary>Real registries, by the names of the build's parameters without 'Registry'.</summary>
    private sealed class Registries(IReadOnlyDictionary<string, RealRegistry> registries) : IAsyncDisposable
    {
        private readonly RegistrySession _session = new(new RegistrySessionOptions());

        public IReadOnlyDictionary<string, string> Variables => registries.ToDictionary(registry => registry.Key + "Registry", registry => registry.Value.Host);

        public static async Task<Registries> StartAsync(params string[] names)
        {
            var started = new Dictionary<string, RealRegistry>();
            foreach (var name in names)
                started[name] = await RealRegistry.StartAsync();
            return new(started);
        }

        /// <summary>Pushes an image to build on, and says what to call it.</summary>
        public async Task<string> PushBaseImageAsync()
        {
            var image = SampleImage.Create(seed: 10);
            var repository = _session.Open(registries["Base"].Address, "aspnet");
            await image.PushAsync(repository);
            await repository.PutTagAsync("10.0", image.Root, CancellationToken.None);
            return registries["Base"].Host + "/aspnet:10.0";
        }

        public async Task<Oci.Digest?> DigestAsync(string name, Release release) =>
            (await _session.Open(registries[name].Address, release.Images[0].Name).FindTagAsync(release.Tag, CancellationToken.None))?.Digest;

        public async ValueTask DisposeAsync()
        {
            await _session.DisposeAsync();
            foreach (var registry in registries.Values)
                await registry.DisposeAsync();
        }
    }
}
