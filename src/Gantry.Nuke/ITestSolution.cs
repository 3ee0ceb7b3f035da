using Gantry.Nuke.Execution;
using Gantry.Nuke.Testing;

namespace Gantry.Nuke;

/// <summary>
/// Runs every test project of the solution, and reports the skipped tests with their reasons, because a skipped test verifies nothing.
/// </summary>
public interface ITestSolution : ITest
{
    /// <summary>The projects whose name ends in <c>.Tests</c>.</summary>
    IEnumerable<Project> ITest.TestProjects => Solution.GetAllProjects("*.Tests");

    /// <summary>
    /// Collects the coverage on a build server, in the Cobertura format: <c>*/coverage.cobertura.xml</c> below the results, for test
    /// projects that reference <c>coverlet.collector</c>. Unlike <c>coverlet.msbuild</c>, the collector finishes before the test process
    /// ends.
    /// </summary>
    Configure<DotNetTestSettings> ITest.TestSettings => _ => ReportProgress(_)
        .When(IsServerBuild, _ => _.SetDataCollector("XPlat Code Coverage"));

    /// <summary>Does nothing: the generated pipeline publishes the results, and each test would be counted twice.</summary>
    void ITest.ReportTestResults()
    {
    }

    /// <summary>Sums up all result files.</summary>
    void ITest.ReportTestCount()
    {
        var results = TestResultDirectory.GlobFiles("*.trx").Select(file => TestResultFile.Read(file)).ToList();
        foreach (var reason in results
            .SelectMany(result => result.Skipped)
            .GroupBy(test => test.Reason)
            .OrderByDescending(group => group.Count()))
            BuildOutput.Warning($"{Format.Count(reason.Count(), "test")} skipped: {reason.Key}");

        ReportSummary(summary =>
        {
            summary["Passed"] = results.Sum(result => result.Passed).ToString();
            summary["Failed"] = results.Sum(result => result.Failed).ToString();
            summary["Skipped"] = results.Sum(result => result.Skipped.Count).ToString();
            return summary;
        });
    }

    // The output of a project is shown only when the project has ended, in NUKE only when all of them have. Until then this is the only
    // output.
    private DotNetTestSettings ReportProgress(DotNetTestSettings settings)
    {
        var names = TestProjects.ToDictionary(project => project.Path.ToString(), project => project.Name);
        var progress = new TestProgress(
            names.Values, TestResultDirectory, TimeProvider.System.GetUtcNow(), line => BuildOutput.Information(line));
        return settings.SetProcessExitHandler((own, process) =>
        {
            progress.Ended(names.GetValueOrDefault(own.ProjectFile) ?? own.ProjectFile);
            process.AssertZeroExitCode();
        });
    }
}
