using Gantry.AzurePipelines.Generation;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.PipelineAgent;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Testing.AzureDevOps;
using Gantry.Testing.Jobs;
using Xunit.Abstractions;

namespace Gantry.AzurePipelines.Tests.Agent;

/// <summary>
/// The build of this repository with several images, whose generated pipeline places them in two regions in slices: every job in its own
/// clone, with real registries.
/// </summary>
public sealed class SlicedRepositoryTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Pipeline = "azure-pipelines.slices.yml";

    private static readonly string[] Names = ["app", "worker", "tool"];

    private static readonly PromotionEnvironment Dev = new("dev")
    {
        Regions = ["west", "east"],
        Slices = 2,
        Gates = [Gate.Approval(@"[Contoso]\QA")],
    };

    private readonly TempFolder _folder = new();
    private readonly RegistrySession _session = new(new RegistrySessionOptions());
    private RealRegistry _base = null!;
    private RealRegistry _west = null!;
    private RealRegistry _east = null!;

    private string Repository => _folder.Combine("repository");

    public async Task InitializeAsync()
    {
        if (RequiredProgram.FindSkipReason(RequiredProgram.DockerRegistry) is not null)
            return;
        (_base, _west, _east) = (await RealRegistry.StartAsync(), await RealRegistry.StartAsync(), await RealRegistry.StartAsync());
    }

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        foreach (var registry in new[] { _base, _west, _east }.OfType<RealRegistry>())
            await registry.DisposeAsync();
        _folder.Dispose();
    }

    [PipelineFact]
    public async Task A_slice_that_failed_is_placed_again_alone_and_then_all_images_are_tagged()
    {
        MSBuildResponseFile.Write(_folder.Path);
        var commit = await CreateRepositoryAsync();
        await using var service = await StartServiceAsync(commit);

        // Someone pushes another image under the tag of the release, before the stage begins.
        Digest? foreign = null;
        var decisions = new BeforeStage(async () => foreign = await PushForeignAsync(await ReleaseAsync()));
        var agent = Agent(decisions, service);

        var run = await agent.RunAsync(new RunRequest { File = Pipeline }, CancellationToken.None);

        Assert.Equal("Build=Succeeded Publish=Succeeded PromoteDev=Failed", run.ToString());
        var release = await ReleaseAsync();
        var place = run.Stages["PromoteDev"].Jobs["Place"];
        var failed = Assert.Single(place.Parts, part => !part.Value.HasSucceeded).Key;
        Assert.Contains(run.Issues, issue => issue.Contains("GAN4035", StringComparison.Ordinal));
        Assert.Equal(Outcome.Skipped, run.Stages["PromoteDev"].Jobs["Promote"].Outcome);

        // The other slice is in both regions, and nothing of the release has a tag.
        var placed = 0;
        foreach (var image in release.Images)
        {
            foreach (var region in (RealRegistry[])[_west, _east])
            {
                var repository = _session.Open(region.Address, image.Name);
                Assert.NotEqual(image.Digest, (await repository.FindTagAsync(release.Tag, CancellationToken.None))?.Digest);
                placed += await repository.HasManifestAsync(image.Digest, CancellationToken.None) ? 1 : 0;
            }
        }

        Assert.InRange(placed, 2, 4);

        await ((IDeletesImages)_session.Open(_west.Address, "worker")).DeleteManifestAsync(foreign!.Value, CancellationToken.None);
        await agent.RerunAsync(run, "PromoteDev", onlyFailedJobs: true, CancellationToken.None);

        Assert.Equal(Outcome.Succeeded, run.Stages["PromoteDev"].Outcome);
        Assert.Same(
            place.Parts.Single(part => part.Key != failed).Value,
            run.Stages["PromoteDev"].Jobs["Place"].Parts.Single(part => part.Key != failed).Value);
        foreach (var image in release.Images)
        {
            var published = await _session.Open(_base.Address, image.Name).ListReferrersAsync(image.Digest, CancellationToken.None);
            foreach (var region in (RealRegistry[])[_west, _east])
            {
                var repository = _session.Open(region.Address, image.Name);
                Assert.Equal(image.Digest, (await repository.FindTagAsync(release.Tag, CancellationToken.None))?.Digest);

                // All that belongs to the image, and the record of the promotion.
                var referrers = await repository.ListReferrersAsync(image.Digest, CancellationToken.None);
                Assert.Subset(
                    referrers.Select(referrer => referrer.Digest).ToHashSet(), published.Select(referrer => referrer.Digest).ToHashSet());
                Assert.True(referrers.Count > published.Count);
            }
        }

        // The promotion copied no byte of an image.
        var promotion = run.Stages["PromoteDev"].Jobs["Promote"].Steps.Single(step => step.DisplayName == "Promote to dev");
        Assert.Contains(promotion.Log, line => line.Contains("Moves 0 B.", StringComparison.Ordinal));
    }

    private async Task<Release> ReleaseAsync() => await ReleaseRecord.ReadFileAsync(
        Directory.EnumerateFiles(_folder.Combine("work"), "release.json", SearchOption.AllDirectories)
            .Single(file => file.EndsWith("artifacts/release-1/release.json", StringComparison.Ordinal)),
        CancellationToken.None);

    private async Task<Digest> PushForeignAsync(Release release)
    {
        var image = SampleImage.Create(seed: 11);
        var repository = _session.Open(_west.Address, "worker");
        await image.PushAsync(repository);
        await repository.PutTagAsync(release.Tag, image.Root, CancellationToken.None);
        return image.Root.Descriptor.Digest;
    }

    // The declaration of the class and that of the pipeline are the same.
    private async Task<string> CreateRepositoryAsync()
    {
        var baseImage = SampleImage.Create(seed: 10);
        var repository = _session.Open(_base.Address, "aspnet");
        await baseImage.PushAsync(repository);
        await repository.PutTagAsync("10.0", baseImage.Root, CancellationToken.None);

        var clone = await WorkingCopyClone.CreateAsync(Repository);
        await clone.UseBaseImageAsync(_base.Host + "/aspnet:10.0");
        await clone.KeepApplicationAsync();
        await clone.ReplaceAsync(
            "build/Build.cs",
            "[new(\"app\") { Project = \"src/App\" }]",
            "[.. new[] { \"app\", \"worker\", \"tool\" }.Select(name => new ContainerImage(name) { Project = \"src/App\" })]");
        await clone.ReplaceAsync(
            "build/Build.cs",
            "new(\"dev\");",
            "new(\"dev\") { Regions = [\"west\", \"east\"], Slices = 2, Gates = [Gate.Approval(@\"[Contoso]\\QA\")] };");
        var file = PipelineGenerator.Generate(new PipelineDeclaration
        {
            Images = [.. Names.Select(name => new ContainerImage(name) { Project = "src/App" })],
            BaseRegistry = new("BaseRegistry") { Address = "contosobase.azurecr.io", ServiceConnection = "contoso-base" },
            Environments =
            [
                new(Dev)
                {
                    ServiceConnection = "contoso-dev",
                    Registries =
                    [
                        new("DevWestRegistry") { Address = "contosowest.azurecr.io" },
                        new("DevEastRegistry") { Address = "contosoeast.azurecr.io" },
                    ],
                },
            ],
            Commands = new() { Steps = [new("PublishImages"), new("BuildImage")] },
            Files = new() { Pipeline = Pipeline },
        }).EnsureValid().Single(file => file.Path == Pipeline);
        await File.WriteAllTextAsync(Path.Combine(Repository, file.Path), file.Content);
        await clone.CommitAsync("Several images in two regions");
        return (await clone.GitAsync("rev-parse", "HEAD")).Trim();
    }

    private static async Task<FakeAzureDevOps> StartServiceAsync(string commit)
    {
        var service = await FakeAzureDevOps.StartAsync();
        service.Project.OtherRuns = id => new FakeRun(id, Definition: 7, commit, "Anna");
        service.Project.AddEnvironment("dev").Deployments.AddRange(Enumerable.Range(1001, 5).Select(run => (run, false)));
        return service;
    }

    private PipelineAgent.PipelineAgent Agent(IPipelineDecisions decisions, FakeAzureDevOps service) => new(new AgentOptions
    {
        CollectionUri = service.Organization,
        TeamProject = service.ProjectName,
        AccessToken = service.Token,
        HostNameOverrides = new Dictionary<string, string>
        {
            ["contosobase.azurecr.io"] = _base.Host,
            ["contosowest.azurecr.io"] = _west.Host,
            ["contosoeast.azurecr.io"] = _east.Host,
        },
        Repository = Repository,
        WorkFolder = _folder.Combine("work"),
        Decisions = decisions,
        CacheFolder = WorkingCopyClone.PackagesFolder,
        ReusedPaths = WorkingCopyClone.BuildProgram,
        InheritedEnvironment = WorkingCopyClone.JobVariables(),
        Log = output.WriteLine,
    });

    /// <summary>Approves everything, and does something before the first stage of an environment.</summary>
    private sealed class BeforeStage(Func<Task> act) : IPipelineDecisions
    {
        private bool _hasActed;

        public async Task<Decision> CheckAsync(string stage, string environment, CancellationToken cancellationToken)
        {
            if (!_hasActed)
                await act();
            _hasActed = true;
            return Decision.Approved;
        }

        public Task<Decision> CheckConnectionAsync(string stage, string connection, CancellationToken cancellationToken) =>
            Task.FromResult(Decision.Approved);

        public Task<Decision> ValidateAsync(string stage, string instructions, CancellationToken cancellationToken) =>
            Task.FromResult(Decision.Approved);

        public Task DelayAsync(TimeSpan time, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
