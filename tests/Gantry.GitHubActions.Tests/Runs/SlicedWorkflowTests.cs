using Gantry.GitHubActions.Tests.Fixtures;
using Gantry.WorkflowRunner;

namespace Gantry.GitHubActions.Tests.Runs;

/// <summary>Generated workflows whose images several jobs place before they are promoted, executed.</summary>
public sealed class SlicedWorkflowTests
{
    private static string Placing(string west, string promotions) =>
        $"build=success publish=success promote-dev=success place-prod-west-europe={west} place-prod-east-us=success "
            + $"promote-prod-west-europe={promotions} promote-prod-east-us={promotions}";

    [Fact]
    public async Task Every_slice_is_placed_in_every_region_before_the_first_promotion()
    {
        using var fixture = await WorkflowFixture.CreateAsync(SampleWorkflows.Slices);

        var run = await fixture.RunAsync(new());

        Assert.Equal(Placing("success", "success"), run.ToString());
        Assert.Equal(["1", "2"], run.Jobs["place-prod-west-europe"].Parts.Keys);
        Assert.Equal(["1/2 ProdWestEurope", "2/2 ProdWestEurope", "1/2 ProdEastUs", "2/2 ProdEastUs"], fixture.Placed);
        Assert.Equal(
            [
                "dev for promote-dev", "prod for place-prod-west-europe", "prod for place-prod-west-europe", "prod for place-prod-east-us",
                "prod for place-prod-east-us", "prod for promote-prod-west-europe", "prod for promote-prod-east-us",
            ],
            fixture.Questions);
        Assert.Equal("1", fixture.ContentOf("contosoweu.azurecr.io"));
    }

    [Fact]
    public async Task A_slice_that_failed_runs_again_alone_and_then_the_promotions()
    {
        using var fixture = await WorkflowFixture.CreateAsync(SampleWorkflows.Slices);
        fixture.Refuse("contosoweu.azurecr.io", slice: 1);

        var first = await fixture.RunAsync(new());

        Assert.Equal(Placing("failure", "skipped"), first.ToString());
        Assert.Equal(["2/2 ProdWestEurope", "1/2 ProdEastUs", "2/2 ProdEastUs"], fixture.Placed);
        Assert.Null(fixture.ContentOf("contosoweu.azurecr.io"));
        Assert.Null(fixture.ContentOf("contosoeus.azurecr.io"));

        fixture.Refuse("contosoweu.azurecr.io", refuses: false, slice: 1);
        var second = await fixture.RunAsync(new() { Again = first });

        Assert.Equal(Placing("success", "success"), second.ToString());
        Assert.Equal("1/2 ProdWestEurope", fixture.Placed[^1]);
        Assert.Equal(4, fixture.Placed.Count);
        Assert.Equal("1", fixture.ContentOf("contosoeus.azurecr.io"));
    }

    [Fact]
    public async Task Without_approval_no_slice_is_placed()
    {
        using var fixture = await WorkflowFixture.CreateAsync(SampleWorkflows.Slices);
        fixture.Reject("prod");

        var run = await fixture.RunAsync(new());

        Assert.EndsWith("promote-prod-west-europe=skipped promote-prod-east-us=skipped", run.ToString(), StringComparison.Ordinal);
        Assert.Empty(fixture.Placed);
    }

    [Fact]
    public async Task An_existing_release_is_placed_in_slices_too()
    {
        using var fixture = await WorkflowFixture.CreateAsync(SampleWorkflows.Slices);
        await fixture.RunAsync(new());

        var run = await fixture.RunAsync(new()
        {
            File = ".github/workflows/build.release.yml",
            Event = "workflow_dispatch",
            Inputs = new Dictionary<string, string> { ["release"] = "1.0.1", ["environment"] = "prod" },
        });

        Assert.Contains("place-prod-west-europe=success", run.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("promote-prod-east-us=success", run.ToString(), StringComparison.Ordinal);
        Assert.Equal(8, fixture.Placed.Count);
    }
}
