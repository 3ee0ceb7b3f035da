using System.Text.RegularExpressions;
using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Validation;

namespace Gantry.AzurePipelines.Preview;

/// <summary>
/// Converts the errors of the service about a pipeline to findings, with a code, a remedy and the path in the declaration.
/// </summary>
internal sealed partial class PreviewErrorParser(PipelineDeclaration declaration, PipelineFile file)
{
    private readonly PipelineIndex _index = new(file.Pipeline);

    /// <summary>Converts one error message to a finding.</summary>
    public Diagnostic Parse(string sentence)
    {
        const string opening = "The pipeline is not valid.";
        if (sentence.StartsWith(opening, StringComparison.Ordinal) && sentence.Length > opening.Length)
            sentence = sentence[opening.Length..].Trim();

        // Names in quotation marks are those of the YAML; sentences end without a full stop.
        if (EnvironmentMissing().Match(sentence) is { Success: true } environment)
            return PreviewErrors.NoEnvironment(
                PathOfEnvironment(environment.Groups["name"].Value), environment.Groups["name"].Value, sentence);
        if (ConnectionMissing().Match(sentence) is { Success: true } connection)
            return PreviewErrors.NoResource(
                PathOfConnection(connection.Groups["name"].Value, sentence),
                $"the service connection '{connection.Groups["name"].Value}'",
                sentence);
        if (GroupMissing().Match(sentence) is { Success: true } group)
            return PreviewErrors.NoResource(
                PathOfGroup(group.Groups["name"].Value),
                group.Groups["name"].Value is { Length: > 0 } name ? $"the variable group '{name}'" : "a variable group",
                sentence);
        if (PoolMissing().Match(sentence) is { Success: true } pool)
            return PreviewErrors.NotPermitted(PathIn(sentence), $"the pool '{pool.Groups["name"].Value}'", sentence);
        if (RepositoryMissing().Match(sentence) is { Success: true } repository)
            return PreviewErrors.NotPermitted(PathIn(sentence), $"the repository '{repository.Groups["name"].Value}'", sentence);
        if (TaskMissing().Match(sentence) is { Success: true } task)
            return PreviewErrors.NoTask(PathOfTask(task.Groups["name"].Value, sentence), task.Groups["name"].Value, sentence);
        if (FileMissing().Match(sentence) is { Success: true } missing)
            return PreviewErrors.NoTemplate(_index.Path, missing.Groups["name"].Value, sentence);
        return Structure().IsMatch(sentence)
            ? PreviewErrors.Malformed(PathIn(sentence), file.Path, sentence)
            : PreviewErrors.Refused(PathIn(sentence), file.Path, sentence);
    }

    private string PathOfEnvironment(string name) =>
        declaration.Environments.FirstOrDefault(environment => Same(environment.AzureEnvironment, name)) is { } found
            ? DeclarationPath.For(found)
            : _index.Path;

    private string PathOfConnection(string name, string sentence)
    {
        if (declaration.BaseRegistry.ServiceConnection is { } connection && Same(connection, name))
            return "BaseRegistry";
        if (declaration.Environments.FirstOrDefault(environment => (environment.ServiceConnection is { } own && Same(own, name))
            || environment.Registries.Any(registry => registry.ServiceConnection is { } its && Same(its, name))) is { } found)
            return DeclarationPath.For(found);
        return PathIn(sentence);
    }

    private string PathOfGroup(string name) =>
        declaration.Environments.FirstOrDefault(environment => environment.VariableGroups.Contains(name, StringComparer.OrdinalIgnoreCase))
            is { } found
            ? DeclarationPath.For(found) + ".VariableGroups"
            : "VariableGroups";

    private string PathOfTask(string name, string sentence) =>
        _index.Steps.FirstOrDefault(step => step.Step is Model.TaskStep task && Same(task.TaskName.Split('@')[0], name.Split('@')[0]))?.Path
        ?? PathIn(sentence);

    // Stage B depends on …; Stage A job B depends on …; Job D: …
    private string PathIn(string sentence)
    {
        var named = Subject().Match(sentence);
        var stage = named.Groups["stage"] is { Success: true, Value: var stageName } ? _index.FindStage(stageName) : null;
        var job = named.Groups["job"] is { Success: true, Value: var jobName }
            ? stage is not null ? stage.FindJob(jobName) : _index.Jobs.FirstOrDefault(candidate => Same(candidate.Job.Name, jobName))
            : null;
        return job?.Path ?? stage?.Path ?? _index.Path;
    }

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(
        @"Environment (?<name>.+?) could not be found\. The environment does not exist|Resource .+? does not exist in environment (?<name>.+)\z",
        Options,
        Limit)]
    private static partial Regex EnvironmentMissing();

    [GeneratedRegex(@"references service connection (?<name>.+?) which could not be found", Options, Limit)]
    private static partial Regex ConnectionMissing();

    [GeneratedRegex(@"Variable group ?(?<name>.*?) was not found or is not authorized", Options, Limit)]
    private static partial Regex GroupMissing();

    [GeneratedRegex(@"Could not find a pool with name (?<name>.+?)\. The pool does not exist", Options, Limit)]
    private static partial Regex PoolMissing();

    [GeneratedRegex(
        @"repository (?<name>\S+?) (?:in project \S+ )?could not be (?:found|retrieved)|references repository (?<name>.+?) which could not be found",
        Options | RegexOptions.IgnoreCase,
        Limit)]
    private static partial Regex RepositoryMissing();

    [GeneratedRegex(@"A task is missing\. The pipeline references a task called '(?<name>[^']+)'", Options, Limit)]
    private static partial Regex TaskMissing();

    [GeneratedRegex(@"File (?<name>\S+) not found in repository", Options, Limit)]
    private static partial Regex FileMissing();

    [GeneratedRegex(
        @"depends on unknown (?:stage|job)|creates a cycle in the dependency graph|at least one (?:stage|job) with no dependencies|appears more than once|Anchors are not currently supported"
        + @"|\(Line: \d+, Col: \d+\)|Manually triggered stages cannot have dependencies|Unrecognized value|Unexpected (?:value|symbol)",
        Options,
        Limit)]
    private static partial Regex Structure();

    [GeneratedRegex(@"\b(?:[Ss]tage (?:name )?(?<stage>\w+),?:?(?: [Jj]ob (?<job>\w+))?|Job (?<job>\w+))", Options, Limit)]
    private static partial Regex Subject();

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const int Limit = 1000;
}
