using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Validation;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Composes pipelines whose stages run targets of the build.</summary>
internal static class TargetPipelineFactory
{
    private const string Path = "Stages";
    private const string Job = "Run";

    /// <summary>Checks what must hold before the pipeline can be composed.</summary>
    public static IEnumerable<Diagnostic> Check(TargetPipeline declaration)
    {
        if (RelativePath.Validate(declaration.File) is { } file)
            yield return FileErrors.UnusableFile("File", declaration.File, file);
        if (declaration.Shell is not (ScriptShell.Bash or ScriptShell.Pwsh))
            yield return DeclarationErrors.UnusableShell("Shell", declaration.Shell.ToString());

        foreach (var diagnostic in KeyVaultSteps.Check(declaration.KeyVaults))
            yield return diagnostic;
        foreach (var diagnostic in BranchRules.CheckFilter("Branches", declaration.Branches))
            yield return diagnostic;
        foreach (var stage in declaration.Stages)
        {
            if (stage.Targets.Count == 0)
                yield return PipelineErrors.NothingInside(PathOf(stage), $"the stage '{stage.Name}'", "targets");
            if (stage.Environment.NullIfBlank() is { } environment
                && AzureEnvironmentName.Validate(environment, withResource: true) is { } reason)
                yield return DeclarationErrors.UnusableAzureEnvironment(PathOf(stage) + ".Environment", environment, reason);
            foreach (var (artifact, folder) in stage.Publishes)
            {
                if (RelativePath.Validate(folder) is { } error)
                    yield return FileErrors.UnusableFile(PathOf(stage) + ".Publishes", folder, error);
                else if (artifact.Length == 0)
                    yield return PipelineErrors.InvalidName(PathOf(stage) + ".Publishes", "artifact", artifact, "a name of its own");
            }

            foreach (var artifact in stage.Downloads)
            {
                var publisher = PublisherOf(declaration, artifact);
                if (publisher is null)
                    yield return PipelineErrors.UnknownArtifact(PathOf(stage) + ".Downloads", artifact, "no stage publishes it");
                else if (!declaration.Stages.TakeWhile(before => before != stage).Contains(publisher))
                    yield return PipelineErrors.UnknownArtifact(
                        PathOf(stage) + ".Downloads", artifact, $"the stage '{publisher.Name}' that publishes it does not come before");
            }
        }
    }

    public static Pipeline Create(TargetPipeline declaration) => new()
    {
        Trigger = declaration.Tags.IsEmpty && declaration.Branches.IsEmpty
            ? PushTrigger.None
            : new PushTrigger { Branches = declaration.Branches, Tags = declaration.Tags },
        PullRequests = PullRequestTrigger.None,
        Schedules = PipelineParts.Schedules(declaration.Schedules, "Schedules"),
        Variables =
        [
            .. declaration.VariableGroups.Select(group => new VariableGroup(group) { Origin = "VariableGroups" }),
            .. declaration.Variables.Select(variable => new Variable(variable.Key, variable.Value) { Origin = "Variables" }),
            .. BuildSteps.PackagesFolder(declaration.Tools),
        ],
        Pool = declaration.Pool,
        Stages =
        [
            .. from stage in declaration.Stages
               let complete = JobSettings.Of(declaration).ApplyTo(Create(declaration, stage))
               select KeyVaultSteps.AddTo(complete, declaration.KeyVaults, declaration.Tools.RetryCount, runsInForks: true),
        ],
        Origin = DeclarationPath.Declaration,
    };

    private static Stage Create(TargetPipeline declaration, TargetStage stage)
    {
        var name = stage.DisplayName ?? string.Join(", ", stage.Targets);
        var before = Before(declaration, stage);
        return new(stage.Name)
        {
            DisplayName = name,
            DependsOn = before,
            Condition = stage.Condition ?? (before.Count == 0
                ? null
                : Conditions.AllOf([Conditions.NotCanceled, .. before.Select(Conditions.StageSucceeded)])),
            Jobs =
            [
                new(Job)
                {
                    Variables =
                        [.. PublishersOf(declaration, stage).Select(name => RunArtifacts.ReadAttempt(name + "Attempt", name, Job))],
                    DisplayName = name,
                    Environment = stage.Environment,
                    Pool = stage.Pool,
                    TimeoutInMinutes = stage.TimeoutInMinutes,
                    Steps = [.. Steps(declaration, stage)],
                    Origin = PathOf(stage),
                },
            ],
            Origin = PathOf(stage),
        };
    }

    private static IEnumerable<Step> Steps(TargetPipeline declaration, TargetStage stage)
    {
        var commands = new BuildCommands { Shell = declaration.Shell, Script = declaration.Script };
        var arguments = string.Join(' ', stage.Targets) + (stage.SkipDependencies ? " --skip" : "");
        return
        [
            .. stage.Environment is null ? Array.Empty<Step>() : [BuildSteps.NoArtifacts],
            .. BuildSteps.Prepare(declaration.Tools, fullHistory: true),
            .. from artifact in stage.Downloads
               let publisher = PublisherOf(declaration, artifact)!
               select BuildSteps.Download(
                   $"Download {artifact}",
                   RunArtifacts.OfAttemptIn(publisher.Name + "Attempt", artifact),
                   FolderOf(declaration, artifact)!,
                   build: null),
            .. OwnSteps.At(stage.StepsBefore, PathOf(stage) + ".StepsBefore"),
            Call(commands, arguments, stage) with { DisplayName = string.Join(", ", stage.Targets) },
            .. OwnSteps.At(stage.StepsAfter, PathOf(stage) + ".StepsAfter"),
            .. stage.Publishes.Count == 0 ? Array.Empty<Step>() : [RunArtifacts.ReportAttempt(commands)],
            .. stage.Publishes.Select(artifact =>
                BuildSteps.Publish($"Publish {artifact.Key}", artifact.Value, RunArtifacts.OfThisAttempt(artifact.Key))),
            .. OwnSteps.AfterFailure(stage.OnFailure, PathOf(stage) + ".OnFailure"),
        ];
    }

    private static Step Call(BuildCommands commands, string arguments, TargetStage stage)
    {
        var call = BuildSteps.Call(commands, arguments, stage.ServiceConnection, stage.Secrets);
        return stage.UsesAccessToken ? call with { Environment = BuildSteps.WithToken(call) } : call;
    }

    // The stage before, or those that are named, and those whose artifacts it downloads: their outputs name the attempt.
    private static IReadOnlyList<string> Before(TargetPipeline declaration, TargetStage stage)
    {
        var at = declaration.Stages.ToList().IndexOf(stage);
        IEnumerable<string> named = stage.DependsOn ?? (at > 0 ? [declaration.Stages[at - 1].Name] : []);
        return [.. named.Concat(PublishersOf(declaration, stage)).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private static IEnumerable<string> PublishersOf(TargetPipeline declaration, TargetStage stage) =>
        stage.Downloads.Select(artifact => PublisherOf(declaration, artifact)).OfType<TargetStage>().Select(found => found.Name).Distinct();

    private static TargetStage? PublisherOf(TargetPipeline declaration, string artifact) => declaration.Stages.FirstOrDefault(stage =>
        stage.Publishes.Any(published => published.Key.Equals(artifact, StringComparison.OrdinalIgnoreCase)));

    private static string? FolderOf(TargetPipeline declaration, string artifact) => declaration.Stages
        .SelectMany(stage => stage.Publishes)
        .FirstOrDefault(published => published.Key.Equals(artifact, StringComparison.OrdinalIgnoreCase))
        .Value;

    private static string PathOf(TargetStage stage) => $"{Path}[\"{stage.Name}\"]";
}
