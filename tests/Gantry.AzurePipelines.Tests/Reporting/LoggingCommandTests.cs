using CsCheck;
using Gantry.AzurePipelines.Reporting;
using Gantry.PipelineAgent;

namespace Gantry.AzurePipelines.Tests.Reporting;

public class LoggingCommandTests
{
    public static TheoryData<LoggingCommand, string> Commands => new()
    {
        { LoggingCommand.SetVariable("a", "b"), "##vso[task.setvariable variable=a]b" },
        { LoggingCommand.SetOutput("version", "1.0"), "##vso[task.setvariable variable=version;isOutput=true]1.0" },
        { LoggingCommand.SetSecret("k", "v"), "##vso[task.setvariable variable=k;issecret=true]v" },
        { LoggingCommand.Error("it broke\nbadly", "GAN4021"), "##vso[task.logissue type=error;code=GAN4021]it broke%0Abadly" },
        { LoggingCommand.Warning("100 % sure; really]"), "##vso[task.logissue type=warning]100 % sure; really]" },
        { LoggingCommand.Warning("literally %0A"), "##vso[task.logissue type=warning]literally %AZP250A" },
        { LoggingCommand.SetVariable("a;b]c", ""), "##vso[task.setvariable variable=a%3Bb%5Dc]" },
        { LoggingCommand.Progress(140, "copying"), "##vso[task.setprogress value=100]copying" },
        { LoggingCommand.UploadSummary("/a b/summary.md"), "##vso[task.uploadsummary]/a b/summary.md" },
        {
            LoggingCommand.UploadArtifact("report-1", "/a b/index.html"),
            "##vso[artifact.upload containerfolder=report-1;artifactname=report-1]/a b/index.html"
        },
        { LoggingCommand.UpdateBuildNumber("1.4.2+5"), "##vso[build.updatebuildnumber]1.4.2+5" },
        { LoggingCommand.AddBuildTag("sha256:ab/c"), "##vso[build.addbuildtag]sha256-ab-c" },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_is_one_line(LoggingCommand command, string line) => Assert.Equal(line, command.ToString());

    [Fact]
    public void The_agent_reads_what_was_written() =>
        Gen.Select(Gen.String["ab%;]\r\n=[ 0AD35BZPazp2"], Gen.String["ab%;]\r\n=[ 0AD35BZPazp2"]).Sample((value, message) =>
        {
            // The agent trims properties and drops empty ones.
            var property = "x" + value + "x";
            var line = new LoggingCommand("task", "logissue") { Properties = [new("code", property)], Message = message }.ToString();
            var read = LoggingCommandReader.Find(line)!;
            return !line.Contains('\n') && !line.Contains('\r') && read.Properties.Single().Value == property && read.Message == message;
        });

    [Theory]
    [InlineData("a tag ##vso[task.setvariable variable=x]y", "a tag # #vso[task.setvariable variable=x]y")]
    [InlineData("##VSO[x.y]", "# #VSO[x.y]")]
    [InlineData("##[error]no", "# #[error]no")]
    public void Text_cannot_contain_a_command(string text, string harmless)
    {
        Assert.Equal(harmless, DisplayText.Neutralize(text));
        Assert.Null(LoggingCommandReader.Find(DisplayText.Neutralize(text)));
    }
}
