using Gantry.AzurePipelines.Generation;
using Gantry.Environments;
using Gantry.PipelineAgent;

namespace Gantry.AzurePipelines.Tests.Agent;

/// <summary>Generated pipelines whose images several jobs place before they are promoted, run like by agents.</summary>
public class SlicedPipelineTests
{
    private static readonly PromotionEnvironment Dev = new("dev");
    private static readonly PromotionEnvironment Test = new("test")
    {
        After = Dev,
        Slices = 3,
        Gates = [Gate.Approval("qa@contoso.com")],
    };

    private static readonly PipelineDeclaration Declared = new()
    {
        Images = [new("app"), new("worker"), new("tool")],
        Environments = [new(Dev), new(Test) { ServiceConnection = "contoso-test" }],
        Tools = new() { InstallSdk = false, NuGetCacheKeys = [] },
    };

    [Theory]
    [InlineData(ImageTransport.BaseRegistry, false)]
    [InlineData(ImageTransport.BaseRegistry, true)]
    [InlineData(ImageTransport.Both, false)]
    public async Task Every_slice_is_placed_behind_the_checks_of_the_environment_and_before_the_promotion(
        ImageTransport transport, bool inTemplates)
    {
        var host = new ScriptedDecisions();
        using var fixture = await PipelineFixture.CreateAsync(Declared with { Transport = transport, UseTemplates = inTemplates });
        fixture.Decisions = host;

        var run = await fixture.RunAsync(new RunRequest());

        Assert.Equal("Build=Succeeded Publish=Succeeded PromoteDev=Succeeded PromoteTest=Succeeded", run.ToString());
        Assert.Equal(["Place", "Promote"], run.Stages["PromoteTest"].Jobs.Keys);
        Assert.Equal([1, 2, 3], run.Stages["PromoteTest"].Jobs["Place"].Parts.Keys);
        Assert.Equal(["1/3", "2/3", "3/3"], Placed(fixture));
        Assert.Equal(["check dev for PromoteDev", "check test for PromoteTest"], host.Questions);

        // Each job has the identity and the token that the promotion has.
        Assert.All(
            fixture.BuildCalls.Where(call => call.Contains("PromoteTest", StringComparison.Ordinal)),
            call => Assert.EndsWith("az=contoso-test token=yes key=", call, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Decision.Rejected, Outcome.Failed)]
    [InlineData(Decision.TimedOut, Outcome.Skipped)]
    public async Task Without_approval_no_slice_is_placed(Decision answer, Outcome outcome)
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared);
        fixture.Decisions = new ScriptedDecisions().Answering("test", answer);

        var run = await fixture.RunAsync(new RunRequest());

        Assert.Equal(outcome, run.Stages["PromoteTest"].Outcome);
        Assert.Empty(Placed(fixture));
    }

    [Fact]
    public async Task A_slice_that_failed_runs_again_alone_and_then_the_promotion()
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared);
        var refusal = Path.Combine(fixture.Registry("Test"), "refuse-2");
        await File.WriteAllTextAsync(refusal, "");
        var agent = fixture.Agent();

        var run = await fixture.RunAsync(new RunRequest(), agent);

        Assert.Equal("Build=Succeeded Publish=Succeeded PromoteDev=Succeeded PromoteTest=Failed", run.ToString());
        Assert.Equal(Outcome.Skipped, run.Stages["PromoteTest"].Jobs["Promote"].Outcome);
        Assert.Equal(["1/3", "3/3"], Placed(fixture));
        Assert.False(File.Exists(Path.Combine(fixture.Registry("Test"), "app")));

        File.Delete(refusal);
        await agent.RerunAsync(run, "PromoteTest", onlyFailedJobs: true, CancellationToken.None);

        Assert.Equal(Outcome.Succeeded, run.Outcome);
        Assert.Equal(["1/3", "3/3", "2/3"], Placed(fixture));
        Assert.True(File.Exists(Path.Combine(fixture.Registry("Test"), "app")));
    }

    [Fact]
    public async Task No_region_is_promoted_before_all_slices_are_in_all_regions()
    {
        var slices = Test with { After = null, Regions = ["west", "east"], Slices = 2, Gates = [] };
        using var fixture = await PipelineFixture.CreateAsync(Declared with
        {
            Environments =
            [
                new(slices)
                {
                    JobPerRegion = true,
                    Registries =
                        [new("TestWestRegistry") { ServiceConnection = "west" }, new("TestEastRegistry") { ServiceConnection = "east" }],
                },
            ],
        });
        await File.WriteAllTextAsync(Path.Combine(fixture.Registry("Test"), "refuse"), "");

        var run = await fixture.RunAsync(new RunRequest());

        Assert.Equal(["PlaceWest", "PlaceEast", "PromoteWest", "PromoteEast"], run.Stages["PromoteTest"].Jobs.Keys);
        Assert.Equal(
            ["west", "west", "east", "east", "west", "east"],
            fixture.BuildCalls
                .Where(call => call.Contains("PromoteTest", StringComparison.Ordinal))
                .Select(call => call.Split("region=")[1].Split(' ')[0]));
    }

    [Fact]
    public void Steps_of_a_team_are_in_the_promotion_and_in_slices_where_they_are_named()
    {
        StageAdditions[] additions =
        [
            new("PromoteTest") { StepsAfter = [Model.Step.Script("./smoke-test.sh")] },
            new("PromoteTest") { Job = "Place", StepsBefore = [Model.Step.Script("./connect.sh")] },
        ];

        var yaml = PipelineGenerator.Generate(Declared with { Additions = additions }).EnsureValid()
            .Single(file => file.Path == "azure-pipelines.yml").Content;

        var place = yaml[yaml.IndexOf("- job: Place", StringComparison.Ordinal)..];
        var promote = place.IndexOf("- deployment: Promote", StringComparison.Ordinal);
        Assert.InRange(place.IndexOf("./connect.sh", StringComparison.Ordinal), 0, promote);
        Assert.InRange(place.IndexOf("./smoke-test.sh", StringComparison.Ordinal), promote, place.Length);
    }

    [Theory]
    [InlineData(0, "with 0 slices")]
    [InlineData(-1, "with -1 slices")]
    [InlineData(100, "with 100 slices")]
    [InlineData(4, "with 4 slices, and a release has 3 images")]
    public void Slices_without_sense_are_refused(int slices, string problem)
    {
        var result = PipelineGenerator.Generate(Declared.WithEnvironment(
            Test, test => test with { Environment = test.Environment with { Slices = slices } }));

        Assert.Empty(result.Files);
        Assert.Contains(result.Diagnostics, diagnostic => diagnostic.Code == "GAN4099"
            && diagnostic.Message.Contains(problem, StringComparison.Ordinal));
    }

    private static string[] Placed(PipelineFixture fixture)
    {
        var file = Path.Combine(fixture.Registry("Test"), "placed");
        return File.Exists(file) ? File.ReadAllLines(file) : [];
    }
}
