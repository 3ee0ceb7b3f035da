using System.Text.RegularExpressions;
using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Tests.Fixtures;

namespace Gantry.AzurePipelines.Tests.Generation;

/// <summary>Sources, tools and timeouts that every job shares.</summary>
public class JobSettingsTests
{
    /// <summary>The sources, and the lines that every checkout has for them.</summary>
    public static TheoryData<string, Sources, string[]> Checkouts => new()
    {
        { "submodules", new() { Submodules = SubmoduleCheckout.Direct }, ["submodules: true"] },
        { "all submodules", new() { Submodules = SubmoduleCheckout.Recursive }, ["submodules: recursive"] },
        { "large files", new() { LargeFiles = true }, ["lfs: true"] },
        { "a depth", new() { FetchDepth = 50 }, ["fetchDepth: 50"] },
        { "the token", new() { PersistCredentials = true }, ["persistCredentials: true"] },
        { "a folder", new() { Path = "s/app" }, ["path: s/app"] },
    };

    [Theory]
    [MemberData(nameof(Checkouts))]
    public void Every_job_checks_out_the_same(string name, Sources sources, string[] lines)
    {
        Assert.NotEmpty(name);
        var declaration = SampleDeclarations.OwnSteps with { Sources = sources, UseTemplates = false };
        GeneratedFile[] files =
        [
            .. PipelineGenerator.Generate(declaration).EnsureValid(),
            .. PipelineGenerator.Generate(SampleDeclarations.Packages with { Sources = sources }).EnsureValid(),
        ];
        foreach (var file in files.Where(file => file.Path.EndsWith(".yml", StringComparison.Ordinal)))
        {
            var jobs = Regex.Split(file.Content, "\n +- (?:job|deployment): ").Skip(1)
                .Where(job => !job.Contains("pool: server", StringComparison.Ordinal));
            Assert.All(jobs, job => Assert.All(lines, line => Assert.Contains($" {line}\n", job, StringComparison.Ordinal)));
            Assert.Equal(jobs.Count(), Regex.Count(file.Content, "- checkout: self"));
        }
    }

    [Fact]
    public void Calls_of_the_build_and_own_steps_are_not_repeated()
    {
        var own = Step.Task("DownloadPipelineArtifact@2", ("artifactName", "release-$(ReleaseAttempt)"));
        var yaml = PipelineGenerator.Generate(OwnDeclarations.Settings.WithStage("PromoteDev", own)).EnsureValid()[0].Content;
        var steps = Regex.Split(yaml, "\n +- (?=task|bash|checkout|publish|download)");
        Assert.All(steps, step => Assert.Equal(
            Regex.IsMatch(step, "^task: (UseDotNet|NuGetAuthenticate|DownloadPipelineArtifact)")
                && step.Contains("displayName", StringComparison.Ordinal),
            step.Contains("retryCountOnTaskFailure: 2", StringComparison.Ordinal)));
    }

    /// <summary>The declaration and the message.</summary>
    public static TheoryData<string, PipelineDeclaration, string> OutOfRange => new()
    {
        {
            "retries", SampleDeclarations.Contoso with { Tools = new() { RetryCount = 11 } },
            "the retry count of the step 'Install the .NET SDK of global.json' is 11"
        },
        {
            "a cancel timeout", SampleDeclarations.Contoso with { CancelTimeoutInMinutes = 0 },
            "the cancel timeout of the job 'Build' is 0"
        },
        {
            "a timeout", SampleDeclarations.Contoso with { BuildTimeoutInMinutes = -1 },
            "the timeout of the job 'Build' is -1"
        },
        {
            "a depth", SampleDeclarations.Contoso with { Sources = new() { FetchDepth = -1 } }, "is -1"
        },
        {
            "a timeout of a step", SampleDeclarations.Contoso.WithStage("Build", Step.Script("x") with { TimeoutInMinutes = -5 }),
            "the timeout of a step of the job 'Build' is -5"
        },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Numbers_have_ranges(string name, PipelineDeclaration declaration, string problem)
    {
        Assert.NotEmpty(name);
        Assert.Contains(
            PipelineGenerator.Generate(declaration).Errors,
            error => error.Code == "GAN8090" && error.Problem.Contains(problem, StringComparison.Ordinal));
    }
}
