using Gantry.AzurePipelines;
using Gantry.Environments;
using Gantry.GitHubActions;
using Gantry.Nuke.Generation;

namespace Gantry.Nuke;

/// <summary>Creates the declaration of workflows from a build class and its attribute.</summary>
internal static class WorkflowDeclarations
{
    /// <summary>
    /// Creates the declaration, with the changes of the build class: those of its pipelines, and those of its workflows. Throws as
    /// <see cref="PipelineDeclarations"/> does, <c>GAN8217</c> for an approver without an equals sign, and <c>GAN8230</c> for
    /// one that is there twice.
    /// </summary>
    public static WorkflowDeclaration Of(INukeBuild build, PromotionWorkflowAttribute attribute)
    {
        var triggers = new PromotionPipelineAttribute
        {
            TriggerBranches = attribute.OnPushBranches,
            TriggerTags = attribute.OnPushTags,
            TriggerPathsInclude = attribute.OnPushIncludePaths,
            TriggerPathsExclude = attribute.OnPushExcludePaths,
            PromotedBranches = attribute.PromotedBranches,
            Registry = attribute.Registry,
            Transport = attribute.Transport,
            PromoteAfterBuild = attribute.PromoteAfterBuild,
            Rollback = attribute.Rollback,
            BuildSecrets = attribute.BuildSecrets,
            PublishSecrets = attribute.PublishSecrets,
            PromotionSecrets = attribute.PromotionSecrets,
        };
        var pipeline = PipelineDeclarations.Of(
            build, triggers, [.. attribute.OnCronSchedules.Select(cron => new PipelineScheduleAttribute(cron))]);
        var declaration = new WorkflowDeclaration(pipeline)
        {
            Name = attribute.Name,
            Files = WorkflowFiles.Of(attribute.Name),
            PullRequestBranches = attribute.OnPullRequestBranches,
            ManualRuns = attribute.OnWorkflowDispatch,
            ReleaseWorkflow = attribute.ReleaseWorkflow,
            RunsOn = attribute.RunsOn,
            PublishEnvironment = attribute.PublishEnvironment,
            Approvers = ApproversOf(attribute),
        };
        return build is IGenerateFiles generating ? generating.WorkflowSettings(declaration) : declaration;
    }

    /// <summary>Returns the declaration of the workflows of a build class; null when it has none.</summary>
    public static WorkflowDeclaration? Find(INukeBuild build) => GenerationRun.GeneratorsOf(build)
        .OfType<PromotionWorkflowAttribute>()
        .Select(attribute => Of(build, attribute))
        .FirstOrDefault();

    /// <summary>
    /// Returns the name that an environment has in GitHub; its own name without a workflow. The rules of that environment are its gates.
    /// </summary>
    public static string GitHubEnvironmentOf(INukeBuild build, PromotionEnvironment environment) =>
        Find(build)?.Environments.FirstOrDefault(settings => settings.Environment == environment)?.GitHubEnvironment ?? environment.Name;

    /// <summary>Returns the users and teams of GitHub for approvers of the build class; none without a workflow.</summary>
    public static IReadOnlyDictionary<string, string> ApproversOf(INukeBuild build) =>
        Find(build)?.Approvers ?? new Dictionary<string, string>();

    private static Dictionary<string, string> ApproversOf(PromotionWorkflowAttribute attribute)
    {
        var approvers = new Dictionary<string, string>();
        foreach (var (approver, reviewer) in attribute.Approvers.Select(Split))
        {
            if (!approvers.TryAdd(approver, reviewer))
                throw GenerationErrors.ApproverTwice(approver);
        }

        return approvers;
    }

    private static (string Approver, string Reviewer) Split(string pair) =>
        pair.LastIndexOf('=') is var at and > 0
            ? (pair[..at].Trim(), pair[(at + 1)..].Trim())
            : throw GenerationErrors.MalformedApprover(pair);
}
