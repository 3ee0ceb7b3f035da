using System.Text.RegularExpressions;
using Gantry.Oci;
using Gantry.PipelineAgent;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;
using Xunit.Abstractions;

namespace Gantry.AzurePipelines.Tests.Agent;

/// <summary>The pipelines of this very repository, as they are generated and committed, with real registries on loopback ports.</summary>
public sealed class ThisRepositoryTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Repository => _folder.Combine("repository");

    public void Dispose() => _folder.Dispose();

    [PipelineFact]
    public async Task Promotes_to_dev_test_and_prod_unless_somebody_says_no()
    {
        SmallBuilds.In(_folder.Path);
        await using var registries = await Registries.StartAsync("Base", "Dev", "Test", "Prod");
        await CreateRepositoryAsync(baseImage: await registries.PushBaseImageAsync());
        var host = new ScriptedHost();
        var agent = Agent(host, registries.Hosts);

        // No test can wait a day: whoever starts the run says why it may pass.
        var first = await agent.RunAsync(new RunRequest { Variables = InAHurry }, CancellationToken.None);
        Assert.Equal("Build=Succeeded PromoteDev=Succeeded PromoteTest=Succeeded SoakProd=Succeeded PromoteProd=Succeeded", first.ToString());
        Assert.Equal(["check dev for PromoteDev", "check test for PromoteTest", "wait 1.00:00:00", "check prod for PromoteProd"], host.Asked);
        var release = await ReleaseOfAsync(first);
        CheckBuild(first, release);
        foreach (var registry in (string[])["Base", "Dev", "Test", "Prod"])
            Assert.Equal(release.Images[0].Digest, await registries.DigestAsync(registry, release));

        // Somebody says no before prod: the next release is in test, and nothing of it is in prod.
        await CommitAsync("The next release");
        host.Answering("prod", Answer.Rejected);
        var second = await agent.RunAsync(new RunRequest(), CancellationToken.None);
        Assert.Equal("Build=Succeeded PromoteDev=Succeeded PromoteTest=Succeeded SoakProd=Succeeded PromoteProd=Failed", second.ToString());
        var next = await ReleaseOfAsync(second);
        Assert.NotEqual(release.Images[0].Digest, next.Images[0].Digest);
        Assert.Equal(next.Images[0].Digest, await registries.DigestAsync("Test", next));
        Assert.Null(await registries.DigestAsync("Prod", next));

        // The release pipeline, which the push of the image started. Alone to prod nothing waits, so the promotion itself finds that the
        // release has not been in test for long enough, whoever approves.
        host.Answering("prod", Answer.Approved);
        var pushed = new RunRequest
        {
            File = "azure-pipelines.release.yml",
            Reason = "ResourceTrigger",
            Parameters = new Dictionary<string, string> { ["environment"] = "prod" },
            Containers = ContainerFacts(next.Tag, next.Images[0].Digest),
        };
        var early = await agent.RunAsync(pushed, CancellationToken.None);
        Assert.Equal("FindRelease=Succeeded PromoteDev=Skipped PromoteTest=Skipped SoakProd=Skipped PromoteProd=Failed", early.ToString());
        Assert.Null(await registries.DigestAsync("Prod", next));

        var third = await agent.RunAsync(pushed with { Variables = InAHurry }, CancellationToken.None);
        Assert.Equal("FindRelease=Succeeded PromoteDev=Skipped PromoteTest=Skipped SoakProd=Skipped PromoteProd=Succeeded", third.ToString());
        Assert.Equal(next.Images[0].Digest, await registries.DigestAsync("Prod", next));

        // A tag that has come to mean something else since the push that started the run.
        var moved = await agent.RunAsync(pushed with { Containers = ContainerFacts(next.Tag, release.Images[0].Digest) }, CancellationToken.None);
        Assert.Equal("FindRelease=Failed PromoteDev=Skipped PromoteTest=Skipped SoakProd=Skipped PromoteProd=Skipped", moved.ToString());

        // The build is the same in all of these jobs, and each has found that out by itself.
        Assert.Equal([true], Steps(first).Concat(Steps(second)).Concat(Steps(third)).Select(step => step.Log.Contains("Compiling the build ...")).Where(compiled => compiled));
    }

    private static IEnumerable<StepResult> Steps(RunResult run) => run.Stages.Values.SelectMany(stage => stage.Jobs.Values).SelectMany(job => job.Steps);

    private static Dictionary<string, string> InAHurry => new() { ["OverrideSoak"] = "a test cannot wait a day" };

    private static Dictionary<string, string> ContainerFacts(string tag, Oci.Digest digest) => new() { ["image.tag"] = tag, ["image.digest"] = digest.ToString() };

    // Tests ran, their results and coverage are there and sound, and the run is named after what it made.
    private static void CheckBuild(RunResult run, Release release)
    {
        var steps = run.Stages["Build"].Jobs["Build"].Steps;
        Assert.Contains(steps.Single(step => step.DisplayName == "Publish test results").Log, line => line.Contains("1 files of test results, 0 tests failed", StringComparison.Ordinal));
        Assert.Contains(steps.Single(step => step.DisplayName == "Publish code coverage").Log, line => Regex.IsMatch(line, "^[1-9][0-9]* of [0-9]+ lines covered in App$"));
        Assert.Equal(release.Version, run.BuildNumber);
        Assert.Equal([release.Version, release.Images[0].Digest.ToString().Replace(':', '-')], run.BuildTags);
        Assert.Equal(release.Images[0].Digest.ToString(), run.Stages["Build"].Jobs["Build"].Outputs["release.digest"]);
        Assert.Equal(4, run.Summaries.Count);
        Assert.All(run.Summaries, summary => Assert.Contains(release.Version, summary, StringComparison.Ordinal));
    }

    private static Task<Release> ReleaseOfAsync(RunResult run) =>
        ReleaseRecord.ReadFileAsync(Path.Combine(run.ArtifactFolder, "release", "release.json"), CancellationToken.None);

    /// <summary>A test that runs a whole pipeline: in CI, or when somebody asks for it.</summary>
    private sealed class PipelineFactAttribute : FactAttribute
    {
        public PipelineFactAttribute() => Skip =
            Component.ReasonToSkip(Component.DockerRegistry)
            ?? (Component.AreRequired || Environment.GetEnvironmentVariable("GANTRY_RUN_PIPELINE") == "1" ? null : "takes minutes (GANTRY_RUN_PIPELINE=1 runs it)");
    }

    private PipelineAgent.PipelineAgent Agent(IPipelineHost host, IReadOnlyDictionary<string, string> hosts) => new(new AgentOptions
    {
        Hosts = hosts,
        Repository = Repository,
        WorkFolder = _folder.Combine("work"),
        Host = host,
        CachedFolder = PackagesFolder,
        KeptPaths = BuildProgram,
        HostEnvironment = HostEnvironment(),
        Log = output.WriteLine,
    });

    // Jobs are told what is known of the feed: otherwise each would try the packages first, and compile the build again.
    private static Dictionary<string, string> HostEnvironment()
    {
        var environment = AgentOptions.Inherit("PATH", "HOME", "LANG", "DOTNET_ROOT", "DOTNET_HOST_PATH", "ClosedFeed").ToDictionary();
        if (File.Exists(Path.Combine(FindRoot(), ".nuke/temp/closed-feed.nuke")))
            environment.TryAdd("ClosedFeed", "true");
        return environment;
    }

    // What build.sh starts when nothing has changed that it was compiled from.
    private static readonly string[] BuildProgram = ["build/bin", "build/obj/project.assets.json", ".nuke/temp/build.inputs"];

    private static string PackagesFolder => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    // A clone with what the working copy has beside its last commit, and two things that a test cannot have as they are: a base image from
    // the internet, and the tests of the whole repository, of which this is one. Declaration and pipelines are as they are committed.
    private async Task CreateRepositoryAsync(string baseImage)
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
        await RemoveProjectsAsync();
        await CommitAsync("As the working copy is");
    }

    private async Task CommitAsync(string message)
    {
        await GitAsync(Repository, "add", "--all");
        await GitAsync(Repository, "-c", "user.name=Test", "-c", "user.email=test@contoso.com", "commit", "--quiet", "--allow-empty", "--message", message);
    }

    private async Task RemoveProjectsAsync()
    {
        var projects = await RunAsync("dotnet", Repository, "sln", "App.sln", "list");
        var others = projects.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.EndsWith(".csproj", StringComparison.Ordinal) && !line.Contains("App", StringComparison.Ordinal));
        await RunAsync("dotnet", Repository, ["sln", "App.sln", "remove", .. others]);
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

    private static Task<string> GitAsync(string folder, params string[] arguments) => RunAsync("git", folder, arguments);

    private static async Task<string> RunAsync(string program, string folder, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} exited with {process.ExitCode}");
        return text;
    }

    /// <summary>Real registries, by the names of the build's parameters without 'Registry'.</summary>
    private sealed class Registries(IReadOnlyDictionary<string, RealRegistry> registries) : IAsyncDisposable
    {
        private readonly RegistrySession _session = new(new RegistrySessionOptions());

        /// <summary>Where the registries of the declaration are on this machine.</summary>
        public IReadOnlyDictionary<string, string> Hosts => registries.ToDictionary(registry => $"contoso{registry.Key.ToLowerInvariant()}.azurecr.io", registry => registry.Value.Host);

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
