using Gantry.AzurePipelines;
using Gantry.GitHubActions;
using Gantry.Nuke.Generation;

namespace Gantry.Nuke;

/// <summary>Creates the declaration of workflows from a build class and its attribute.</summary>
internal static class WorkflowDeclarations
{
    /// <summary>
    /// Creates the declaration, with the changes of the build class: those of its pipelines, and those of its workflows. Throws as
    /// <see cref="PipelineDeclarations"/> does, and <c>GAN8217</c> for an approver without an equals sign.
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
            Approvers = attribute.Approvers.Select(Split).ToDictionary(pair => pair.Approver, pair => pair.Reviewer),
        };
        return build is IGenerateFiles generating ? generating.WorkflowSettings(declaration) : declaration;
    }

    private static (string Approver, string Reviewer) Split(string pair) =>
        pair.LastIndexOf('=') is var at and > 0
            ? (pair[..at].Trim(), pair[(at + 1)..].Trim())
            : throw GenerationErrors.MalformedApprover(pair);
}
