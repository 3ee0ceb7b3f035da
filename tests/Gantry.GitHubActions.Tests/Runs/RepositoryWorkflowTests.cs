using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Testing.GitHub;
using Gantry.Testing.Jobs;
using Gantry.WorkflowRunner;
using Xunit.Abstractions;

namespace Gantry.GitHubActions.Tests.Runs;

/// <summary>
/// The build of this repository with a workflow for GitHub, run with real registries on loopback ports. The declaration differs from the
/// committed one in its gates: GitHub has no second approval, and a test cannot wait a day.
/// </summary>
public sealed class RepositoryWorkflowTests(ITestOutputHelper output) : IEnvironmentRules, IAsyncLifetime
{
    private static readonly string[] s_names = ["Base", "Dev", "Test", "Prod"];

    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, RealRegistry> _registries = [];
    private readonly RegistrySession _session = new(new RegistrySessionOptions());
    private readonly HashSet<string> _rejected = [];
    private FakeGitHub _github = null!;

    private string Repository => _folder.Combine("repository");

    public async Task InitializeAsync()
    {
        _github = await FakeGitHub.StartAsync();
        foreach (var name in (string[])["test", "prod"])
            _github.Environments[name] = new FakeEnvironment { Reviewers = [new("Team", "contoso/qa", 3)], PreventSelfReview = true };
        _github.Environments["dev"] = new FakeEnvironment();
    }

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        foreach (var registry in _registries.Values)
            await registry.DisposeAsync();
        await _github.DisposeAsync();
        _folder.Dispose();
    }

    [WorkflowFact]
    public async Task A_release_is_promoted_to_prod_unless_it_is_rejected()
    {
        MSBuildResponseFile.Write(_folder.Path);
        foreach (var name in s_names)
            _registries[name] = await RealRegistry.StartAsync();
        var repository = await CreateRepositoryAsync(await PushBaseImageAsync());
        var runner = Runner();

        // A pull request: built and tested, and nothing else.
        var request = await runner.RunAsync(new() { Event = "pull_request", Reference = "refs/pull/1/merge" }, CancellationToken.None);
        Assert.Equal(
            "build=success publish=skipped promote-dev=skipped promote-test=skipped promote-prod=skipped", request.ToString());

        var first = await runner.RunAsync(new(), CancellationToken.None);
        Assert.Equal(
            "build=success publish=success promote-dev=success promote-test=success promote-prod=success", first.ToString());
        var release = await ReleaseOfAsync(first);
        foreach (var name in s_names)
            Assert.Equal(release.Images[0].Digest, await DigestAsync(name, release));
        Assert.Equal(release.Version, first.Jobs["publish"].Outputs["version"]);
        Assert.Equal(release.Images[0].Digest.ToString(), first.Jobs["publish"].Outputs["digest"]);
        Assert.Equal(first.Id, release.BuildId);
        Assert.All(first.Summaries, summary => Assert.Contains(release.Version, summary, StringComparison.Ordinal));
        Assert.Contains("held by GitHub Actions, environment prod", string.Concat(first.Summaries), StringComparison.Ordinal);

        // What was tested is what was published: the job that publishes neither compiles nor builds an image.
        Assert.DoesNotContain(
            first.Jobs["publish"].Steps.SelectMany(step => step.Log), line => line.Contains("BuildImage  ", StringComparison.Ordinal)
                && line.Contains("Succeeded", StringComparison.Ordinal));

        // A rejection before prod: the next release is in test, and nothing of it is in prod.
        await repository.CommitAsync("The next release");
        _rejected.Add("prod");
        var second = await runner.RunAsync(new(), CancellationToken.None);
        Assert.Equal(
            "build=success publish=success promote-dev=success promote-test=success promote-prod=failure", second.ToString());
        var next = await ReleaseOfAsync(second);
        Assert.NotEqual(release.Images[0].Digest, next.Images[0].Digest);
        Assert.Equal(next.Images[0].Digest, await DigestAsync("Test", next));
        Assert.Null(await DigestAsync("Prod", next));

        // The same release by hand, to prod alone; and one that was never in test.
        _rejected.Clear();
        var byHand = await runner.RunAsync(ByHand(next.Version), CancellationToken.None);
        Assert.Equal("find-release=success promote-dev=skipped promote-test=skipped promote-prod=success", byHand.ToString());
        Assert.Equal(next.Images[0].Digest, await DigestAsync("Prod", next));
        var unknown = await runner.RunAsync(ByHand("9.9.9"), CancellationToken.None);
        Assert.Equal("find-release=failure promote-dev=skipped promote-test=skipped promote-prod=skipped", unknown.ToString());
    }

    bool IEnvironmentRules.Allow(string job, string environment) => !_rejected.Contains(environment);

    private static RunRequest ByHand(string version) => new()
    {
        File = ".github/workflows/build.release.yml",
        Event = "workflow_dispatch",
        Inputs = new Dictionary<string, string> { ["release"] = version, ["environment"] = "prod" },
    };

    private WorkflowRunner.WorkflowRunner Runner() => new(new RunnerOptions
    {
        Repository = Repository,
        WorkFolder = _folder.Combine("work"),
        Rules = this,
        Token = _github.Token,
        Api = _github.Api,
        Variables = new Dictionary<string, string> { ["AZURE_CLIENT_ID"] = "client", ["AZURE_TENANT_ID"] = "tenant" },
        Replacements = _registries.ToDictionary(
            registry => $"contoso{registry.Key.ToLowerInvariant()}.azurecr.io", registry => registry.Value.Host),
        InheritedEnvironment = new Dictionary<string, string>(WorkingCopyClone.JobVariables())
        {
            ["NUGET_PACKAGES"] = WorkingCopyClone.PackagesFolder,
        },
        ReusedPaths = WorkingCopyClone.BuildProgram,
        OnJob = Confirm,
        Log = output.WriteLine,
    });

    // GitHub knows each run that has begun, and the deployment of a job in an environment.
    private void Confirm(RunningJob job)
    {
        _github.Runs[job.Run] = new FakeRun(job.Commit) { Path = job.File };
        if (job.Environment is { } environment)
            _github.Deployments.Add(new(_github.Deployments.Count + 1, environment, job.Commit, job.Run, "in_progress"));
    }

    private async Task<string> PushBaseImageAsync()
    {
        var image = SampleImage.Create(seed: 10);
        var repository = _session.Open(_registries["Base"].Address, "aspnet");
        await image.PushAsync(repository);
        await repository.PutTagAsync("10.0", image.Root, CancellationToken.None);
        return _registries["Base"].Host + "/aspnet:10.0";
    }

    private async Task<Digest?> DigestAsync(string name, Release release) =>
        (await _session.Open(_registries[name].Address, release.Images[0].Name).FindTagAsync(release.Tag, CancellationToken.None))?.Digest;

    private static Task<Release> ReleaseOfAsync(RunResult run) =>
        ReleaseRecord.ReadFileAsync(Path.Combine(run.ArtifactFolder, "release", "release.json"), CancellationToken.None);

    // A clone of the working copy with a base image from this machine, the tests of the sample alone, and a declaration for GitHub, from
    // which a run of the build generates the workflows.
    private async Task<WorkingCopyClone> CreateRepositoryAsync(string baseImage)
    {
        var repository = await WorkingCopyClone.CreateAsync(Repository);
        await repository.UseBaseImageAsync(baseImage);
        await repository.ReplaceAsync(
            "build/Build.cs",
            "[RunConfigurations]",
            """
            [PromotionWorkflow(
                Registry = "contoso{environment}.azurecr.io", Approvers = [@"[Contoso]\QA=@contoso/qa", @"[Contoso]\Release=@contoso/qa"])]
            [RunConfigurations]
            """);
        await repository.ReplaceAsync(
            "build/Build.cs",
            """[@"[Contoso]\Release", @"[Contoso]\Operations"], minimum: 2), Gate.Soak(TimeSpan.FromHours(24))""",
            """@"[Contoso]\Release")""");
        await repository.KeepApplicationAsync();
        await repository.RunAsync("bash", "build.sh", "ShowEnvironments");
        Assert.True(File.Exists(Path.Combine(Repository, ".github/workflows/build.yml")));
        await repository.CommitAsync("As the working copy is");
        await repository.GitAsync("checkout", "--quiet", "-B", "main");

        // The merge of a pull request, as GitHub makes it: a commit on no branch.
        var merge = await repository.GitAsync("commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "Merge of a pull request");
        await repository.GitAsync("update-ref", "refs/pull/1/merge", merge.Trim());
        return repository;
    }

    /// <summary>A test that runs whole workflows: every night, or on request.</summary>
    private sealed class WorkflowFactAttribute : FactAttribute
    {
        public WorkflowFactAttribute() => Skip =
            RequiredProgram.FindSkipReason(RequiredProgram.DockerRegistry)
            ?? (Environment.GetEnvironmentVariable("GANTRY_RUN_PIPELINE") == "1"
                ? null
                : "takes minutes, and is run every night (GANTRY_RUN_PIPELINE=1 runs it)");
    }
}
