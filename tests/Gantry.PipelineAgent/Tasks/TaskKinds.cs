using System.Globalization;
using System.Xml.Linq;
using Microsoft.Extensions.FileSystemGlobbing;

namespace Gantry.PipelineAgent.Tasks;

/// <summary>Runs each task.</summary>
internal static class TaskKinds
{
    public static async Task<bool> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        switch (step.Step.Argument)
        {
            case "UseDotNet@2":
                return await UseDotNetAsync(step, cancellationToken);
            case "Cache@2":
                Restore(step);
                return true;
            case "NuGetAuthenticate@1":
                return true;
            case "PublishTestResults@2":
                return PublishTestResults(step);
            case "PublishCodeCoverageResults@2":
                PublishCoverage(step);
                return true;
            case "PublishPipelineArtifact@1":
                Artifacts.Publish(step, step.Required("targetPath", "path"), step.Required("artifact", "artifactName"));
                return true;
            case "DownloadPipelineArtifact@2":
                Artifacts.DownloadTask(step);
                return true;
            case "AzureCLI@2":
                return await AzureCliAsync(step, cancellationToken);
            case "Docker@2":
                DockerLogins.Run(step);
                return true;
            case "ManualValidation@1":
                return await ValidateAsync(step, cancellationToken);
            case "Delay@1":
                await step.Run.Options.Decisions.DelayAsync(
                    TimeSpan.FromMinutes(int.Parse(step.Required("delayForMinutes"), CultureInfo.InvariantCulture)), cancellationToken);
                return true;
            default:
                throw new PipelineException($"A task is missing. The pipeline references a task called '{step.Step.Argument}'.");
        }
    }

    // The SDK is not downloaded: that of this machine must satisfy global.json.
    private static async Task<bool> UseDotNetAsync(StepContext step, CancellationToken cancellationToken)
    {
        if (step.Input("useGlobalJson") == "true" && !File.Exists(Path.Combine(step.Sources, "global.json")))
            throw new PipelineException($"Failed to find global.json in {step.Sources}");
        return await step.RunScriptAsync("bash", "dotnet --version", ".sh", folder: null, [], cancellationToken);
    }

    // A cache always hits when the test provides its folder.
    private static void Restore(StepContext step)
    {
        step.Required("key");
        var path = step.Required("path");
        if (step.Run.Options.CacheFolder is not { } cached || Directory.Exists(path))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Directory.CreateSymbolicLink(path, cached);
    }

    private static bool PublishTestResults(StepContext step)
    {
        var files = Find(Path.Combine(step.Input("searchFolder") ?? step.Sources, step.Input("testResultsFiles") ?? "**/TEST-*.xml"))
            .ToList();
        if (files.Count == 0)
        {
            step.Warn($"No test result files matching {step.Input("testResultsFiles")} were found.");
            return step.Input("failTaskOnMissingResultsFile") != "true";
        }

        var failed = files
            .SelectMany(file => XDocument.Load(file).Descendants().Where(element => element.Name.LocalName == "Counters"))
            .Sum(counters => (int)counters.Attribute("failed")!);
        step.Write($"{files.Count} files of test results, {failed} tests failed");
        return failed == 0 || step.Input("failTaskOnFailedTests") != "true";
    }

    private static void PublishCoverage(StepContext step)
    {
        var files = Find(step.Required("summaryFileLocation")).ToList();
        if (files.Count == 0)
            step.Warn($"No code coverage results were found to publish: {step.Input("summaryFileLocation")}");
        foreach (var coverage in files.Select(file => XDocument.Load(file).Root!))
        {
            if (coverage.Name.LocalName != "coverage" || coverage.Attribute("line-rate") is null)
                throw new PipelineException($"{coverage.Name.LocalName} is no report in the format of Cobertura");
            step.Write($"{(string?)coverage.Attribute("lines-covered")} of {(string?)coverage.Attribute("lines-valid")} lines covered in "
                + $"{string.Join(", ", coverage.Descendants("package").Select(package => (string?)package.Attribute("name")))}");
        }
    }

    // The variables of Azure.Identity are set for the script of this task, and for no other step.
    private static async Task<bool> AzureCliAsync(StepContext step, CancellationToken cancellationToken)
    {
        var connection = step.Required("azureSubscription", "connectedServiceNameARM");
        KeyValuePair<string, string>[] identity =
        [
            new("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", connection),
            new("AZURESUBSCRIPTION_CLIENT_ID", "11111111-1111-1111-1111-111111111111"),
            new("AZURESUBSCRIPTION_TENANT_ID", "22222222-2222-2222-2222-222222222222"),
        ];
        if (step.Required("scriptLocation") != "inlineScript")
            throw new PipelineException("only inline scripts are known here");
        var (program, extension) = step.Required("scriptType") switch
        {
            "bash" => ("bash", ".sh"),
            "pscore" => ("pwsh", ".ps1"),
            var other => throw new PipelineException($"the script type '{other}' is not known here"),
        };
        return await step.RunScriptAsync(
            program, step.Required("inlineScript"), extension, step.Input("workingDirectory", "cwd"), identity, cancellationToken);
    }

    private static async Task<bool> ValidateAsync(StepContext step, CancellationToken cancellationToken)
    {
        var answer = await step.Run.Options.Decisions.ValidateAsync(step.Stage.Name, step.Input("instructions") ?? "", cancellationToken);
        step.Write($"validation: {answer}");
        return answer == Decision.Approved || (answer == Decision.TimedOut && step.Input("onTimeout") == "resume");
    }

    private static IEnumerable<string> Find(string pattern)
    {
        var root = Path.GetPathRoot(pattern)!;
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
            return File.Exists(pattern) ? [pattern] : [];
        var folder = Path.GetDirectoryName(pattern[..star]) ?? root;
        return Directory.Exists(folder) ? new Matcher().AddInclude(Path.GetRelativePath(folder, pattern)).GetResultsInFullPath(folder) : [];
    }
}
