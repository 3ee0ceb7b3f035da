using System.Text.RegularExpressions;
using Gantry.AzurePipelines.Generation;
using Gantry.Oci;
using Gantry.PipelineAgent;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Testing.AzureDevOps;
using Gantry.Testing.Jobs;
using Xunit.Abstractions;

namespace Gantry.AzurePipelines.Tests.Agent;

/// <summary>The committed pipelines of this repository, run with real registries on loopback ports.</summary>
public sealed class RepositoryPipelineTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _commits = [];
    private string _commit = "";
    private WorkingCopyClone _clone = null!;

    private string Repository => _folder.Combine("repository");

    public void Dispose() => _folder.Dispose();

    [PipelineFact]
    public async Task Releases_are_built_published_promoted_and_taken_back()
    {
        MSBuildResponseFile.Write(_folder.Path);
        await using var registries = await Registries.StartAsync("Base", "Dev", "Test", "Prod");
        await CreateRepositoryAsync(baseImage: await registries.PushBaseImageAsync());
        await AddArtifactPipelineAsync();
        var host = new ScriptedDecisions();
        await using var service = await StartServiceAsync();
        var agent = Agent(host, registries.Hosts, service);
        Task<RunResult> RunAsync(RunRequest request)
        {
            _commits.Add(_commit);
            return agent.RunAsync(request, CancellationToken.None);
        }

        // A pull request is built and tested, and uses no service connection.
        var request = await RunAsync(new RunRequest { Branch = "refs/pull/7/merge", Reason = "PullRequest", IsFork = true });
        Assert.Equal("Build=Succeeded", request.ToString());
        Assert.Empty(host.Connections);

        // A test cannot wait a day: the run overrides the soak time with a reason.
        var first = await RunAsync(new RunRequest { Variables = InAHurry });
        Assert.Equal(
            "Build=Succeeded Publish=Succeeded PromoteDev=Succeeded PromoteTest=Succeeded SoakProd=Succeeded PromoteProd=Succeeded",
            first.ToString());
        Assert.Equal(
            ["check dev for PromoteDev", "check test for PromoteTest", "wait 1.00:00:00", "check prod for PromoteProd"], host.Questions);
        var release = await ReleaseOfAsync(first);
        CheckBuild(first, release);
        foreach (var registry in (string[])["Base", "Dev", "Test", "Prod"])
            Assert.Equal(release.Images[0].Digest, await registries.DigestAsync(registry, release));

        // The next release is published. Its image may not go to prod alone, although the soak time is overridden: it never was in test.
        await CommitAsync("The next release");
        var second = await RunAsync(new RunRequest { Parameters = Chosen(("promoteTo", "none")) });
        Assert.Equal(Outcome.Succeeded, second.Stages["Publish"].Outcome);
        var next = await ReleaseOfAsync(second);
        Assert.NotEqual(release.Images[0].Digest, next.Images[0].Digest);
        var pushed = Started("ResourceTrigger") with { Containers = ContainerFacts(next.Tag, next.Images[0].Digest) };
        var alone = pushed with { Parameters = Chosen(("environment", "prod")) };
        Assert.Equal(OnlyProd(Outcome.Failed), (await RunAsync(alone with { Variables = InAHurry })).ToString());

        // The push of the image starts the release pipeline. A rejection before prod: it is in test, and nothing of it is in prod.
        host.Answering("prod", Decision.Rejected);
        var rejected = await RunAsync(pushed);
        Assert.Equal(
            "FindRelease=Succeeded PromoteDev=Succeeded PromoteTest=Succeeded SoakProd=Succeeded PromoteProd=Failed", rejected.ToString());
        Assert.Equal(next.Images[0].Digest, await registries.DigestAsync("Test", next));

        // Approved, and not long enough in test: the promotion itself finds that.
        host.Answering("prod", Decision.Approved);
        Assert.Equal(OnlyProd(Outcome.Failed), (await RunAsync(alone)).ToString());
        Assert.Null(await registries.DigestAsync("Prod", next));
        var third = await RunAsync(alone with { Variables = InAHurry });
        Assert.Equal(OnlyProd(Outcome.Succeeded), third.ToString());
        Assert.Equal(next.Images[0].Digest, await registries.DigestAsync("Prod", next));

        // A tag that was moved since the push that started the run, no version, and one that is a command.
        foreach (var wrong in (RunRequest[])
            [
                pushed with { Containers = ContainerFacts(next.Tag, release.Images[0].Digest) },
                pushed with { Reason = "Manual" },
                Started("Manual", ("release", "1.0.0'; touch owned; $(System.AccessToken) `touch owned`")),
            ])
            Assert.Equal(
                "FindRelease=Failed PromoteDev=Skipped PromoteTest=Skipped SoakProd=Skipped PromoteProd=Skipped",
                (await RunAsync(wrong)).ToString());
        Assert.Empty(Directory.GetFiles(_folder.Path, "owned", SearchOption.AllDirectories));

        // The run of the first release was overtaken: its stage does not put prod back. A person with a reason does, and prod is held.
        await agent.RerunAsync(first, "PromoteProd", onlyFailedJobs: false, CancellationToken.None);
        Assert.Equal(Outcome.Failed, first.Stages["PromoteProd"].Outcome);
        Assert.Contains(first.Issues, issue => issue.Contains("GAN4066", StringComparison.Ordinal));
        var back = await RunAsync(GoingBack("go back", "orders fail since the last one"));
        Assert.Equal(OnlyBackInProd, back.ToString());
        Assert.Contains(Steps(back), step => step.Log.Any(line =>
            line.Contains($"prod is held at {release.Version} from then on", StringComparison.Ordinal)));

        // What it went back from does not come again by itself: the run is green, and says so. It does when the hold has ended.
        var held = await RunAsync(alone);
        Assert.Equal(OnlyProd(Outcome.Succeeded), held.ToString());
        Assert.Contains(held.Issues, issue => issue.Contains("GAN4601", StringComparison.Ordinal));
        Assert.Equal(OnlyBackInProd, (await RunAsync(GoingBack("end the hold", "orders are mended"))).ToString());
        var again = await RunAsync(alone with { Variables = InAHurry });
        Assert.Equal(OnlyProd(Outcome.Succeeded), again.ToString());
        Assert.DoesNotContain(again.Issues, issue => issue.Contains("GAN4601", StringComparison.Ordinal));

        // Images travel from the build to an environment as an artifact, without a base registry.
        await CommitAsync("One more release");
        var carried = await RunAsync(new RunRequest { File = ArtifactPipeline });
        Assert.Equal("Build=Succeeded Publish=Succeeded PromoteDev=Succeeded", carried.ToString());
        var last = await ReleaseOfAsync(carried);
        Assert.Equal(last.Images[0].Digest, await registries.DigestAsync("Dev", last));
        Assert.Null(await registries.DigestAsync("Base", last));

        // The build is the same in all of these jobs, and each detects that by itself.
        Assert.Single(
            new[] { request, first, second, third, carried }.SelectMany(Steps), step => step.Log.Contains("Compiling the build ..."));
    }

    private const string ArtifactPipeline = "azure-pipelines.artifact.yml";

    // The build of this repository in a pipeline without a base registry.
    private async Task AddArtifactPipelineAsync()
    {
        var declaration = new PipelineDeclaration
        {
            Images = [new("app") { Project = "src/App" }],
            Transport = ImageTransport.Artifact,
            Environments =
            [
                new(new("dev"))
                {
                    ServiceConnection = "contoso-dev",
                    Registries = [new("DevRegistry") { Address = "contosodev.azurecr.io" }],
                },
            ],
            Commands = new() { Steps = [new("PublishImages"), new("BuildImage")] },
            Files = new() { Pipeline = ArtifactPipeline },
        };
        var file = PipelineGenerator.Generate(declaration).EnsureValid().Single(file => file.Path == ArtifactPipeline);
        await File.WriteAllTextAsync(Path.Combine(Repository, file.Path), file.Content);
        await CommitAsync("A pipeline without a base registry");
    }

    private const string OnlyBackInProd = "RollbackDev=Skipped RollbackTest=Skipped RollbackProd=Succeeded";

    private static RunRequest GoingBack(string action, string reason) => new()
    {
        File = "azure-pipelines.rollback.yml",
        Reason = "Manual",
        Parameters = Chosen(("environment", "prod"), ("action", action), ("reason", reason)),
    };

    private static string OnlyProd(Outcome prod) =>
        $"FindRelease=Succeeded PromoteDev=Skipped PromoteTest=Skipped SoakProd=Skipped PromoteProd={prod}";

    private static RunRequest Started(string reason, params (string Name, string Value)[] parameters) =>
        new() { File = "azure-pipelines.release.yml", Reason = reason, Parameters = Chosen(parameters) };

    private static Dictionary<string, string> Chosen(params (string Name, string Value)[] parameters) =>
        parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value);

    private static IEnumerable<StepResult> Steps(RunResult run) =>
        run.Stages.Values.SelectMany(stage => stage.Jobs.Values).SelectMany(job => job.Steps);

    private static Dictionary<string, string> InAHurry => new() { ["OverrideSoak"] = "a test cannot wait a day" };

    private static Dictionary<string, string> ContainerFacts(string tag, Oci.Digest digest) =>
        new() { ["image.tag"] = tag, ["image.digest"] = digest.ToString() };

    // Tests ran, their results and coverage exist and are valid, and the run is named after the release.
    private static void CheckBuild(RunResult run, Release release)
    {
        var steps = run.Stages["Build"].Jobs["Build"].Steps;
        Assert.Contains(
            steps.Single(step => step.DisplayName == "Publish test results").Log,
            line => line.Contains("1 files of test results, 0 tests failed", StringComparison.Ordinal));
        Assert.Contains(
            steps.Single(step => step.DisplayName == "Publish code coverage").Log,
            line => Regex.IsMatch(line, "^[1-9][0-9]* of [0-9]+ lines covered in App$"));
        Assert.Equal(release.Version, run.BuildNumber);
        Assert.Equal([release.Version, release.Images[0].Digest.ToString().Replace(':', '-')], run.BuildTags);
        Assert.Equal(release.Images[0].Digest.ToString(), run.Stages["Publish"].Jobs["Publish"].Outputs["release.digest"]);
        Assert.Equal(4, run.Summaries.Count);
        Assert.All(run.Summaries, summary => Assert.Contains(release.Version, summary, StringComparison.Ordinal));
    }

    private static Task<Release> ReleaseOfAsync(RunResult run) =>
        ReleaseRecord.ReadFileAsync(Path.Combine(run.ArtifactFolder, "release-1", "release.json"), CancellationToken.None);

    // The service that a promotion asks about its run: every run is one of the commit that was the last, and deploys to every environment.
    private async Task<FakeAzureDevOps> StartServiceAsync()
    {
        var service = await FakeAzureDevOps.StartAsync();
        service.Project.OtherRuns = id => new FakeRun(id, Definition: 7, _commits.ElementAtOrDefault(id - 1001) ?? _commit, "Anna");
        foreach (var name in (string[])["dev", "test", "prod"])
            service.Project.AddEnvironment(name).Deployments.AddRange(Enumerable.Range(1001, 20).Select(run => (run, false)));
        return service;
    }

    private PipelineAgent.PipelineAgent Agent(
        IPipelineDecisions host, IReadOnlyDictionary<string, string> hosts, FakeAzureDevOps service) => new(new AgentOptions
    {
        CollectionUri = service.Organization,
        TeamProject = service.ProjectName,
        AccessToken = service.Token,
        HostNameOverrides = hosts,
        Repository = Repository,
        WorkFolder = _folder.Combine("work"),
        Decisions = host,
        CacheFolder = WorkingCopyClone.PackagesFolder,
        ReusedPaths = WorkingCopyClone.BuildProgram,
        InheritedEnvironment = WorkingCopyClone.JobVariables(),
        Log = output.WriteLine,
    });

    // A clone of the working copy with two replacements: a base image from the internet, and the tests of the whole repository, which
    // include this one. Declaration and pipelines are as committed.
    private async Task CreateRepositoryAsync(string baseImage)
    {
        _clone = await WorkingCopyClone.CreateAsync(Repository);
        await _clone.UseBaseImageAsync(baseImage);
        await _clone.KeepApplicationAsync();
        await CommitAsync("As the working copy is");
    }

    private async Task CommitAsync(string message)
    {
        await _clone.CommitAsync(message);
        _commit = (await _clone.GitAsync("rev-parse", "HEAD")).Trim();
    }

    /// <summary>Real registries, by the names of the build's parameters without 'Registry'.</summary>
    private sealed class Registries(IReadOnlyDictionary<string, RealRegistry> registries) : IAsyncDisposable
    {
        private readonly RegistrySession _session = new(new RegistrySessionOptions());

        /// <summary>Gets the addresses on this machine of the registries in the declaration.</summary>
        public IReadOnlyDictionary<string, string> Hosts =>
            registries.ToDictionary(registry => $"contoso{registry.Key.ToLowerInvariant()}.azurecr.io", registry => registry.Value.Host);

        public static async Task<Registries> StartAsync(params string[] names)
        {
            var started = new Dictionary<string, RealRegistry>();
            foreach (var name in names)
                started[name] = await RealRegistry.StartAsync();
            return new(started);
        }

        /// <summary>Pushes a base image, and returns its name.</summary>
        public async Task<string> PushBaseImageAsync()
        {
            var image = SampleImage.Create(seed: 10);
            var repository = _session.Open(registries["Base"].Address, "aspnet");
            await image.PushAsync(repository);
            await repository.PutTagAsync("10.0", image.Root, CancellationToken.None);
            return registries["Base"].Host + "/aspnet:10.0";
        }

        public async Task<Oci.Digest?> DigestAsync(string name, Release release) =>
            (await _session
                .Open(registries[name].Address, release.Images[0].Name)
                .FindTagAsync(release.Tag, CancellationToken.None))?.Digest;

        public async ValueTask DisposeAsync()
        {
            await _session.DisposeAsync();
            foreach (var registry in registries.Values)
                await registry.DisposeAsync();
        }
    }
}
