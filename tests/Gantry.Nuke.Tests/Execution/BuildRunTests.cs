using Gantry.Nuke.Execution;
using Gantry.Nuke.Versioning;
using Gantry.Promotion;

namespace Gantry.Nuke.Tests.Execution;

public sealed class BuildRunTests
{
    [Fact]
    public void A_run_of_Azure_Pipelines_has_an_id_a_page_and_a_branch()
    {
        var run = BuildRun.From(new Dictionary<string, string>
        {
            ["BUILD_BUILDID"] = "4711",
            ["SYSTEM_COLLECTIONURI"] = "https://dev.azure.com/contoso/",
            ["SYSTEM_TEAMPROJECT"] = "Web Shop",
            ["BUILD_SOURCEBRANCH"] = "refs/heads/release/1.4",
            ["BUILD_REQUESTEDFOR"] = "Anna Álvarez",
            ["ENVIRONMENT_NAME"] = "",
        });

        Assert.Equal(
            new BuildRun("4711", "https://dev.azure.com/contoso/Web%20Shop/_build/results?buildId=4711", "release/1.4")
            {
                RequestedFor = "Anna Álvarez",
            },
            run);
        Assert.Equal(new PromotionActor { Name = "Anna Álvarez", RunId = "4711", RunUrl = run.Url }, run.Actor);
    }

    [Fact]
    public void A_developers_machine_has_no_run()
    {
        var run = BuildRun.From(new Dictionary<string, string>());

        Assert.Equal(new BuildRun(null, null, null), run);
        Assert.Equal(PromotionActor.LocalUser, run.Actor);
    }

    [Theory]
    [InlineData("1700000000", 1_700_000_000)]
    [InlineData("", 1_600_000_000)]
    public void The_source_date_is_that_of_the_commit_unless_a_variable_sets_it(string said, long expected) =>
        Assert.Equal(
            DateTimeOffset.FromUnixTimeSeconds(expected),
            SourceDate.Of(
                new SourceRevision { CommitTime = DateTimeOffset.FromUnixTimeSeconds(1_600_000_000) },
                new Dictionary<string, string> { ["SOURCE_DATE_EPOCH"] = said }));

    [Theory]
    [InlineData("yesterday")]
    [InlineData("-1")]
    [InlineData("99999999999999999")]
    public void An_invalid_source_date_is_refused(string said) =>
        Assert.Equal("GAN7004", Assert.Throws<GantryException>(() =>
            SourceDate.Of(new SourceRevision(), new Dictionary<string, string> { ["SOURCE_DATE_EPOCH"] = said })).Code);
}
