using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Validation;

/// <summary>Checks artifacts: published once, and before they are downloaded.</summary>
internal static class ArtifactRules
{
    public static IEnumerable<Diagnostic> Check(PipelineIndex index)
    {
        var published = index.Steps
            .Select(step => (Step: step, Artifact: Published(step.Step)))
            .Where(known => known.Artifact is not null)
            .ToList();
        foreach (var (step, artifact) in published)
        {
            if (ArtifactName.Validate(artifact!) is { } reason)
                yield return LimitErrors.UnusableArtifactName(step.Path, artifact!, reason);
        }

        foreach (var again in published
            .GroupBy(known => known.Artifact!, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1))
            yield return PipelineErrors.DuplicateArtifact(again.Last().Step.Path, again.Key);

        foreach (var (step, artifact) in index.Steps.Select(step => (step, Downloaded(step.Step))))
        {
            if (artifact is null || StepRules.HasVariable(artifact))
                continue;
            var sources = published
                .Where(known => known.Artifact!.Equals(artifact, PipelineIndex.IgnoreCase))
                .Select(known => known.Step)
                .ToList();
            if (sources.Count == 0 && !index.HasTemplates)
                yield return PipelineErrors.UnknownArtifact(step.Path, artifact, "no job publishes it");
            else if (sources.Count > 0 && !sources.Any(source => RunsBefore(index, source, step)))
                yield return PipelineErrors.UnknownArtifact(
                    step.Path,
                    artifact,
                    $"the job '{sources[0].Job.Job.Name}' that publishes it need not have run before the job '{step.Job.Job.Name}'");
        }
    }

    private static bool RunsBefore(PipelineIndex index, IndexedStep first, IndexedStep second) =>
        first.Job == second.Job ? first.Job.Steps.ToList().IndexOf(first) < second.Job.Steps.ToList().IndexOf(second)
        : first.Job.Stage == second.Job.Stage ? PipelineIndex.JobsBefore(second.Job).Contains(first.Job)
        : index.StagesBefore(second.Job.Stage).Contains(first.Job.Stage);

    private static string? Published(Step step) => step switch
    {
        PublishStep publish => publish.Artifact,
        TaskStep task when JobRules.IsTask(task, "PublishPipelineArtifact") => task.Input("artifact") ?? task.Input("artifactName"),
        _ => null,
    };

    // Artifacts of other runs are not known here.
    private static string? Downloaded(Step step) => step switch
    {
        DownloadStep { Source: "current" } download => download.Artifact,
        TaskStep task when JobRules.IsTask(task, "DownloadPipelineArtifact")
            && (task.Input("buildType") ?? task.Input("source") ?? "current") == "current"
            => task.Input("artifactName") ?? task.Input("artifact"),
        _ => null,
    };
}
