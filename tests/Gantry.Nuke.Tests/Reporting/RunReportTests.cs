using Gantry.Environments;
using Gantry.GitHubActions.Reporting;
using Gantry.Nuke.Reporting;
using Gantry.Nuke.Tests.Promoting;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Status;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Reporting;

public sealed class RunReportTests : IDisposable
{
    private static readonly GantryException Moved = new("GAN4021", "the tag ##vso[task.complete]x moved\nagain", "find out who moved it");

    private readonly TempFolder _folder = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };

    public void Dispose()
    {
        _output.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Outside_of_Azure_Pipelines_nothing_is_printed()
    {
        var report = new RunReport(_output, isAzurePipelines: false, _folder.Combine("summaries"));

        report.WriteRelease((await SamplePlans.ForAsync(new("dev"))).Request.Release);
        report.WritePromotion(await SamplePlans.ForAsync(new("dev")), outcome: null);
        report.WriteProgress("1 MiB of 2 MiB", 50);
        report.Fail(Moved);

        Assert.Empty(_output.ToString());
        Assert.False(Directory.Exists(_folder.Combine("summaries")));
    }

    [Fact]
    public void In_Azure_Pipelines_the_page_is_an_artifact_and_its_first_parts_the_summary()
    {
        var report = new RunReport(_output, isAzurePipelines: true, _folder.Combine("summaries"));
        var status = new FleetStatus { AsOf = DateTimeOffset.UnixEpoch, Images = [], Targets = [], Cells = [] };

        report.WritePage(status, "/build/artifacts/report/index.html");

        Assert.Collection(
            Lines(),
            line => Assert.Equal($"##vso[task.uploadsummary]{_folder.Combine("summaries", "Report.md")}", line),
            line => Assert.Matches(
                "^##vso.artifact.upload containerfolder=report[^;]*;artifactname=report.*]/build/artifacts/report/index.html$", line));
        Assert.Contains(
            "No image or no environment", File.ReadAllText(_folder.Combine("summaries", "Report.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_GitHub_Actions_the_files_of_the_runner_get_outputs_and_summaries_and_errors_are_annotations()
    {
        var plan = await SamplePlans.ForAsync(new("dev"));
        var release = plan.Request.Release;
        var (summary, outputs) = (_folder.Combine("summary"), _folder.Combine("outputs"));
        var runner = new RunnerFiles(new Dictionary<string, string> { ["GITHUB_STEP_SUMMARY"] = summary, ["GITHUB_OUTPUT"] = outputs });
        var report = new RunReport(_output, isAzurePipelines: false, _folder.Combine("summaries"), runner);

        report.WriteRelease(release);
        report.WritePromotion(plan, outcome: null);
        report.WriteProgress("1 MiB of 2 MiB", 50);
        report.Fail(Moved);

        Assert.StartsWith("::error title=GAN4021::GAN4021: the tag", Assert.Single(Lines()), StringComparison.Ordinal);
        Assert.Contains("again", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            [
                "version=1.0.0", "tag=1.0.0", "commit=0123456789abcdef", $"digest={release.Images[0].Digest}",
                $"digest_app={release.Images[0].Digest}",
            ],
            File.ReadAllLines(outputs));
        Assert.StartsWith("## Release 1.0.0\n", File.ReadAllText(summary), StringComparison.Ordinal);
        Assert.Contains("## Release 1.0.0 to dev", File.ReadAllText(summary), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_sets_number_tags_outputs_and_summary_of_the_run()
    {
        var release = (await SamplePlans.ForAsync(new("dev"))).Request.Release;
        var digest = release.Images[0].Digest;

        Report().WriteRelease(release);

        Assert.Equal(
            [
                "##vso[build.updatebuildnumber]1.0.0",
                "##vso[build.addbuildtag]1.0.0",
                $"##vso[build.addbuildtag]sha256-{digest.Hex}",
                "##vso[task.setvariable variable=version;isOutput=true]1.0.0",
                "##vso[task.setvariable variable=tag;isOutput=true]1.0.0",
                "##vso[task.setvariable variable=commit;isOutput=true]0123456789abcdef",
                $"##vso[task.setvariable variable=digest;isOutput=true]{digest}",
                $"##vso[task.setvariable variable=digest_app;isOutput=true]{digest}",
                $"##vso[task.uploadsummary]{_folder.Combine("Release.md")}",
            ],
            Lines());
        Assert.StartsWith("## Release 1.0.0\n", File.ReadAllText(_folder.Combine("Release.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_promotion_to_one_region_has_its_own_summary()
    {
        var prod = new PromotionEnvironment("prod") { Regions = ["west-europe", "east-us"] };
        var plan = await SamplePlans.ForAsync(prod);

        Report().WritePromotion(plan, outcome: null);
        Report().WritePromotion(await SamplePlans.ForAsync(prod, "east-us"), outcome: null);

        Assert.Equal(
            [
                $"##vso[task.uploadsummary]{_folder.Combine("PromoteProd.md")}",
                $"##vso[task.uploadsummary]{_folder.Combine("PromoteProd-east-us.md")}",
            ],
            Lines());
        Assert.StartsWith("## Release 1.0.0 to prod\n", File.ReadAllText(_folder.Combine("PromoteProd.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_and_errors_have_their_code_and_contain_no_command()
    {
        Report().Fail(Moved);
        Report().Warn(Moved);
        Report().WriteProgress("1 MiB of 2 MiB", 50);

        Assert.Equal(
            [
                "##vso[task.logissue type=error;code=GAN4021]GAN4021: the tag # #vso[task.complete]x moved\\nagain; find out who moved it.",
                "##vso[task.logissue type=warning;code=GAN4021]GAN4021: the tag # #vso[task.complete]x moved\\nagain; "
                    + "find out who moved it.",
                "##vso[task.setprogress value=50]1 MiB of 2 MiB",
            ],
            Lines());
    }

    private RunReport Report() => new(_output, isAzurePipelines: true, _folder.Path);

    private string[] Lines() => _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
