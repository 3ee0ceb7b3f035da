using Nuke.Common.Execution.Theming;
using Nuke.Common.Utilities;
using Nuke.Common.Utilities.Collections;

namespace Nuke.Common.CI.AzurePipelines;

/// <summary>Azure Pipelines: its predefined variables and its logging commands.</summary>
public partial class AzurePipelines : Host, IBuildServer
{
    private readonly Action<string> _write;

    internal AzurePipelines()
        : this(Console.WriteLine)
    {
    }

    internal AzurePipelines(Action<string> write) => _write = write;

    public static new AzurePipelines Instance => Host.Instance as AzurePipelines;

    internal static bool IsRunningAzurePipelines => EnvironmentInfo.HasVariable("TF_BUILD");

    internal override HostTheme Theme { get; } = HostThemes.CreateAzurePipelines();

    internal override bool CollapsesBlocks => true;

    string IBuildServer.Branch => SourceBranch;
    string IBuildServer.Commit => SourceVersion;

    public void Group(string group) => _write($"##[group]{group}");
    public void EndGroup(string group) => _write($"##[endgroup]{group}");

    public void UploadLog(string path) => WriteCommand("build.uploadlog", path);
    public void AddBuildTag(string buildTag) => WriteCommand("build.addbuildtag", buildTag);

    public void UpdateBuildNumber(string buildNumber)
    {
        WriteCommand("build.updatebuildnumber", buildNumber);
        EnvironmentInfo.SetVariable("BUILD_BUILDNUMBER", buildNumber);
    }

    public void UploadArtifacts(string containerDirectory, string artifactName, string packageDirectory)
        => WriteCommand("artifact.upload", packageDirectory, x => x
            .AddPair("containerfolder", containerDirectory)
            .AddPair("artifactname", artifactName));

    public void PublishCodeCoverage(
        AzurePipelinesCodeCoverageToolType coverageTool,
        string summaryFile,
        string reportDirectory,
        params string[] additionalCodeCoverageFiles)
        => WriteCommand("codecoverage.publish", dictionaryConfigurator: x => x
            .AddPair("codeCoverageTool", coverageTool)
            .AddPair("summaryFile", summaryFile)
            .AddPair("reportDirectory", reportDirectory)
            .AddPair("additionalCodeCoverageFiles", additionalCodeCoverageFiles.JoinComma()));

    public void PublishTestResults(
        string title,
        AzurePipelinesTestResultsType type,
        IEnumerable<string> files,
        bool? mergeResults = null,
        string platform = null,
        string configuration = null,
        bool? publishRunAttachments = null)
        => WriteCommand("results.publish", dictionaryConfigurator: x => x
            .AddPair("type", type)
            .AddPair("resultFiles", files.JoinComma())
            .AddPairWhenValueNotNull("mergeResults", mergeResults)
            .AddPairWhenValueNotNull("platform", platform)
            .AddPairWhenValueNotNull("config", configuration)
            .AddPairWhenValueNotNull("runTitle", title.SingleQuote())
            .AddPairWhenValueNotNull("publishRunAttachments", publishRunAttachments));

    public void SetVariable(string name, string value, bool? isSecret = null, bool? isOutput = null, bool? isReadOnly = null)
        => WriteCommand("task.setvariable", value, x => x
            .AddPair("variable", name)
            .AddPairWhenValueNotNull("issecret", isSecret)
            .AddPairWhenValueNotNull("isoutput", isOutput)
            .AddPairWhenValueNotNull("isreadonly", isReadOnly));

    public void LogError(string message, string sourcePath = null, string lineNumber = null, string columnNumber = null, string code = null)
        => LogIssue(AzurePipelinesIssueType.Error, message, sourcePath, lineNumber, columnNumber, code);

    public void LogWarning(
        string message, string sourcePath = null, string lineNumber = null, string columnNumber = null, string code = null)
        => LogIssue(AzurePipelinesIssueType.Warning, message, sourcePath, lineNumber, columnNumber, code);

    public void LogIssue(
        AzurePipelinesIssueType type,
        string message,
        string sourcePath = null,
        string lineNumber = null,
        string columnNumber = null,
        string code = null)
        => WriteCommand("task.logissue", message, x => x
            .AddPair("type", type.ToString().ToLowerInvariant())
            .AddPairWhenValueNotNull("sourcepath", sourcePath)
            .AddPairWhenValueNotNull("linenumber", lineNumber)
            .AddPairWhenValueNotNull("columnnumber", columnNumber)
            .AddPairWhenValueNotNull("code", code));

    public void WriteCommand(
        string command,
        string message = null,
        Func<Dictionary<string, object>, Dictionary<string, object>> dictionaryConfigurator = null)
    {
        var properties = dictionaryConfigurator?.Invoke([]).Select(x => $"{x.Key}={EscapeProperty(x.Value.ToString())}") ?? [];
        _write($"##vso[{command} {properties.JoinSemicolon()}]{EscapeMessage(message)}");
    }

    protected internal override IDisposable WriteBlock(string text)
        => DelegateDisposable.CreateBracket(() => Group(text), () => EndGroup(text));

    protected internal override void ReportWarning(string text, string details = null) => LogWarning(text);
    protected internal override void ReportError(string text, string details = null) => LogError(text);

    // A tool that speaks to the agent itself must reach it with nothing in front.
    protected internal override bool FilterMessage(string message)
    {
        if (!message.ContainsOrdinalIgnoreCase("##vso["))
            return false;

        _write(message);
        return true;
    }

    private static string EscapeMessage(string text) => text?.Replace("\r", "%0D").Replace("\n", "%0A");

    private static string EscapeProperty(string text) => EscapeMessage(text).Replace("]", "%5D").Replace(";", "%3B");
}
