using System.Xml;
using Nuke.Common;
using Nuke.Common.CI.AzurePipelines;
using Nuke.Common.IO;
using Nuke.Common.ProjectModel;
using Nuke.Common.Tooling;
using Nuke.Common.Tools.DotNet;
using Nuke.Common.Utilities;
using Nuke.Common.Utilities.Collections;

namespace Nuke.Components;

public interface ITest : ICompile, IHazArtifacts
{
    IEnumerable<Project> TestProjects { get; }

    AbsolutePath TestResultDirectory => ArtifactsDirectory / "test-results";

    int TestDegreeOfParallelism => 1;

    Target Test => _ => _
        .DependsOn(Compile)
        .Produces(TestResultDirectory / "*.trx")
        .Produces(TestResultDirectory / "*.xml")
        .Executes(() =>
        {
            try
            {
                DotNetTasks.DotNetTest(_ => _
                        .Apply(TestSettingsBase)
                        .Apply(TestSettings)
                        .CombineWith(TestProjects, (_, v) => _
                            .Apply(TestProjectSettingsBase, v)
                            .Apply(TestProjectSettings, v)),
                    completeOnFailure: true,
                    degreeOfParallelism: TestDegreeOfParallelism);
            }
            finally
            {
                ReportTestResults();
                ReportTestCount();
            }
        });

    void ReportTestResults()
    {
        foreach (var file in TestResultDirectory.GlobFiles("*.trx"))
        {
            AzurePipelines.Instance?.PublishTestResults(
                type: AzurePipelinesTestResultsType.VSTest,
                title: $"{file.NameWithoutExtension} ({AzurePipelines.Instance.StageDisplayName})",
                files: [file]);
        }
    }

    void ReportTestCount()
    {
        var outcomes = TestResultDirectory.GlobFiles("*.trx").SelectMany(TestOutcomes.Read).ToList();
        ReportSummary(_ => _
            .When(outcomes.Contains("Failed"), _ => _
                .AddPair("Failed", outcomes.Count(x => x == "Failed").ToString()))
            .AddPair("Passed", outcomes.Count(x => x == "Passed").ToString())
            .When(outcomes.Contains("NotExecuted"), _ => _
                .AddPair("Skipped", outcomes.Count(x => x == "NotExecuted").ToString())));
    }

    // On a server the tests measure coverage, through coverlet.msbuild.
    sealed Configure<DotNetTestSettings> TestSettingsBase => _ => _
        .SetConfiguration(Configuration)
        .SetNoBuild(SucceededTargets.Contains(Compile))
        .ResetVerbosity()
        .SetResultsDirectory(TestResultDirectory)
        .When(IsServerBuild, _ => _
            .SetProperty("CollectCoverage", true)
            .SetProperty("CoverletOutputFormat", "cobertura")
            .SetProperty("ExcludeByFile", "*.Generated.cs")
            .SetProperty("UseSourceLink", true));

    sealed Configure<DotNetTestSettings, Project> TestProjectSettingsBase => (_, v) => _
        .SetProjectFile(v)
        .AddLoggers($"trx;LogFileName={v.Name}.trx")
        .When(IsServerBuild, _ => _
            .SetProperty("CoverletOutput", TestResultDirectory / $"{v.Name}.xml"));

    Configure<DotNetTestSettings> TestSettings => _ => _;
    Configure<DotNetTestSettings, Project> TestProjectSettings => (_, v) => _;
}

internal static class TestOutcomes
{
    /// <summary>How each test in a results file of <c>dotnet test</c> ended.</summary>
    public static IEnumerable<string> Read(AbsolutePath file)
    {
        using var reader = XmlReader.Create(file);
        while (reader.ReadToFollowing("UnitTestResult", "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"))
        {
            if (reader.GetAttribute("outcome") is { } outcome)
                yield return outcome;
        }
    }
}
